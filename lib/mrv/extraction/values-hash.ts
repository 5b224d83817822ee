import type { MetricName } from "../../metrics/registry";
import { sha256Hex } from "../../secrets";
import type { EvidenceReading } from "../evidence/canonical-rows";

/**
 * Of what readings say to a record: SHA-256, lower-case hex. Which objects and factors stand behind them is in the canonical rows, and
 * may be others once a value was changed and changed back.
 */
export function valuesHash(metric: MetricName, readings: readonly EvidenceReading[]): string {
  const rows = readings.map(({ start, durationSeconds, value, carbonTons, quality }) =>
    [start, durationSeconds, value ?? "", carbonTons ?? "", quality].join(" "),
  );
  return sha256Hex([metric, ...rows].join("\n"));
}
