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

/** Small pieces stay in memory that was used before; a whole page is fresh memory several times over. */
const ROWS_OF_CHUNK = 200;

async function* chunksOf({ pages, columns }: Rows, format: RowFormat): AsyncGenerator<string, undefined> {
  const write = format === "csv" ? csvWriter(columns) : jsonWriter(columns);
  const between = format === "json" ? "," : "\n";
  if (format === "csv") yield `${columns.join(",")}\n`;
  if (format === "json") yield '{"items":[';
  let isFirst = true;
  for await (const page of pages) {
    for (let at = 0; at < page.length; at += ROWS_OF_CHUNK) {
      const rows = page
        .slice(at, at + ROWS_OF_CHUNK)
        .map(write)
        .join(between);
      if (format === "json") yield isFirst ? rows : between + rows;
      else yield rows + between;
      isFirst = false;
    }
  }
  if (format === "json") yield '],"nextCursor":null}\n';
  return undefined;
}

const isMetric: ReadonlySet<string> = new Set(metricNames);

/** Metrics are JSON numbers with all their decimal digits, as the database has them. */
function jsonWriter(columns: readonly string[]): (row: ReadingRow) => string {
  const fields = columns.map((column, at) => ({
    column: column as MetricName,
    start: `${at === 0 ? "{" : ","}"${column}":`,
    isAsItStands: isMetric.has(column),
  }));
  return (row) => {
    let text = "";
    for (const { column, start, isAsItStands } of fields) {
      const value = row[column] ?? null;
      text += start + (isAsItStands ? value : JSON.stringify(value));
    }
    return `${text}}`;
  };
}

/** No value holds a comma, a quote or a line end: ids, instants, numbers and words of ours. */
function csvWriter(columns: readonly string[]): (row: ReadingRow) => string {
  return (row) => columns.map((column) => row[column as MetricName] ?? "").join(",");
}
