import type { MetricName, Quality } from "../../metrics/registry";
import { sha256Hex } from "../../secrets";

/** A reading as a record uses it. Figures are decimal text without trailing zeros, as `meter_data` and transformed objects hold them. */
export interface EvidenceReading {
  /** START, ISO 8601 UTC to the second: `2026-04-05T00:05:00Z`. */
  start: string;
  durationSeconds: number;
  /** Of the record's metric; null where the reading has none. */
  value: string | null;
  carbonTons: string | null;
  factorId: string | null;
  quality: Quality;
  /** The transformed object it was read from. */
  objectId: string;
}

/**
 * The readings behind a record in one form, for hashing and for the evidence bundle: a line of JSON each, by start, LF at every end. The first line names
 * the metric, so that the same figures of another metric are another hash.
 */
export function canonicalRows(metric: MetricName, readings: readonly EvidenceReading[]): string {
  const lines = [JSON.stringify({ metric })];
  for (const { start, durationSeconds, value, carbonTons, factorId, quality, objectId } of readings) {
    lines.push(
      `[${json(start)},${durationSeconds},${json(value)},${json(carbonTons)},${json(factorId)},${json(quality)},${json(objectId)}]`,
    );
  }
  return `${lines.join("\n")}\n`;
}

/** As JSON has it. What needs no escape is most of it, and asking JSON.stringify for each row took a fifth of a record's time. */
function json(text: string | null): string {
  if (text === null) return "null";
  return /^[\w.:+-]*$/.test(text) ? `"${text}"` : JSON.stringify(text);
}

export function rowsHash(metric: MetricName, readings: readonly EvidenceReading[]): string {
  return sha256Hex(canonicalRows(metric, readings));
}
