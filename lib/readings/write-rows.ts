import { type MetricName, metricNames } from "../metrics/registry";
import type { ReadingRow, Rows } from "./read-rows";

export type RowFormat = "json" | "csv" | "ndjson";

export const contentTypes: Record<RowFormat, string> = {
  json: "application/json",
  csv: "text/csv; charset=utf-8",
  ndjson: "application/x-ndjson",
};

/**
 * Rows as a body that is written while it is read: a page at a time, none before the client takes it. A failure in the
 * middle breaks the body off, so that half an answer never looks whole.
 */
export function writeRows(rows: Rows, format: RowFormat): ReadableStream<Uint8Array> {
  const chunks = chunksOf(rows, format);
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await chunks.next();
        if (done) controller.close();
        else controller.enqueue(encoder.encode(value));
      },
      async cancel() {
        await chunks.return(undefined);
      },
    },
    { highWaterMark: 0 },
  );
}

async function* chunksOf({ pages, columns }: Rows, format: RowFormat): AsyncGenerator<string, undefined> {
  if (format === "csv") yield `${columns.join(",")}\n`;
  if (format === "json") yield '{"items":[';
  let separator = "";
  for await (const page of pages) {
    if (format === "csv") yield page.map((row) => csvLine(row, columns)).join("");
    else if (format === "ndjson") yield page.map((row) => `${jsonOf(row, columns)}\n`).join("");
    else {
      yield separator + page.map((row) => jsonOf(row, columns)).join(",");
      separator = ",";
    }
  }
  if (format === "json") yield '],"nextCursor":null}\n';
  return undefined;
}

const isMetric: ReadonlySet<string> = new Set(metricNames);

/** Metrics are JSON numbers with all their decimal digits, as the database has them. */
function jsonOf(row: ReadingRow, columns: readonly string[]): string {
  const fields = columns.map((column) => {
    const value = row[column as MetricName] ?? null;
    return `"${column}":${isMetric.has(column) ? value : JSON.stringify(value)}`;
  });
  return `{${fields.join(",")}}`;
}

/** No value holds a comma, a quote or a line end: ids, instants, numbers and words of ours. */
function csvLine(row: ReadingRow, columns: readonly string[]): string {
  return `${columns.map((column) => row[column as MetricName] ?? "").join(",")}\n`;
}
