import { collectReadings, startsInside } from "../collect-readings";
import type { ParseContext, Parsed, RawInput, Reading, Reject } from "../contract";
import { parseJson } from "../json-body";
import { SourceError } from "../source-error";
import type { TemplateSettings } from "./settings";

const DURATION_SECONDS = 1800;

/**
 * Half-hourly rows `{ start, kwh }` to readings. Say here: unit, sign, which end the vendor stamps, what null means,
 * and where that is written. Pure: nothing but the bytes and the context decides.
 */
export async function parseReadings(
  inputs: readonly RawInput[],
  context: ParseContext<TemplateSettings>,
): Promise<Parsed> {
  const readings: Reading[] = [];
  const rejects: Reject[] = [];
  let rowsRead = 0;
  for (const input of inputs) {
    const rows = parseJson(await input.bytes(), input.name, false);
    // A body that is not what it should be is an error as a whole; a single bad row is data.
    if (!Array.isArray(rows) || (rows.length > 0 && !rows.some((row) => Number.isFinite(startOf(row))))) {
      throw new SourceError("NOT_ENERGY_DATA", `${input.name} is no list of readings.`, { isRetryable: false });
    }
    for (const [index, row] of rows.entries()) {
      const start = startOf(row);
      if (Number.isFinite(start) && !startsInside(start, context.range)) continue;
      rowsRead += 1;
      const kwh = row?.kwh;
      if (!Number.isFinite(start) || typeof kwh !== "number") {
        rejects.push({ row: `[${index}]`, reason: "The row has no start or no energy." });
        continue;
      }
      readings.push({
        startEpochSeconds: start,
        durationSeconds: DURATION_SECONDS,
        quality: "actual",
        eRealKwh: context.settings.invert ? -kwh : kwh,
      });
    }
  }
  return { readings: collectReadings(readings, context.range), rejects, rowsRead };
}

/** Unix seconds, NaN where there is none. */
function startOf(row: unknown): number {
  if (typeof row !== "object" || row === null || !("start" in row)) return Number.NaN;
  return Date.parse(String(row.start)) / 1000;
}
