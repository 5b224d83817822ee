import { parseJson } from "../json-body";
import { SourceError } from "../source-error";

/** One row as sent, before anything in it is believed. */
export type VendorRow = Record<string, unknown> & { timestamp: number };

/**
 * The rows of a long-energy body: an array, or the single object that `/latest` and `/first` may answer.
 * Throws SourceError when the body as a whole is something else: an error object, a list of ids, a page, half a body.
 */
export function readRows(bytes: Uint8Array, name: string, isRetryable: boolean): unknown[] {
  const body = parseJson(bytes, name, isRetryable);
  const rows: unknown[] = Array.isArray(body) ? body : [body];
  if (rows.length > 0 && !rows.some(isRow)) {
    throw new SourceError(
      "NOT_ENERGY_DATA",
      `${name} is JSON, but no long-energy data: ${Array.isArray(body) ? "none of its entries has" : "it has no"} a timestamp.`,
      { isRetryable },
    );
  }
  return rows;
}

export function isRow(row: unknown): row is VendorRow {
  return typeof row === "object" && row !== null && "timestamp" in row && Number.isSafeInteger(row.timestamp);
}
