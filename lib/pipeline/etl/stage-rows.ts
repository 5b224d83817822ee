import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { sql } from "drizzle-orm";
import type { Archive } from "../../archive/archive";
import type { Db } from "../../db/client";
import { rawSql } from "../../db/tx";
import { rowColumns, rowHeader } from "./reading-rows";

/** A transformed object to be ingested. */
export interface RowObject {
  key: string;
  sha256: string;
}

const LINE_FEED = 10;

/** Objects that are being read at one time: a live batch has hundreds of small ones, and a bucket takes its time for each. */
const READ_AHEAD = 8;

/**
 * Streams transformed objects into the transaction's empty table `staged_rows` with one COPY and returns the number of rows.
 * Each object's checksum is verified before its first row is sent; the next ones are read while PostgreSQL takes this one.
 */
export async function stageRows(tx: Db, archive: Archive, objects: readonly RowObject[]): Promise<number> {
  let rows = 0;
  const reading: Promise<Uint8Array>[] = [];
  async function* bodies() {
    for (const [index, object] of objects.entries()) {
      for (const next of objects.slice(index + reading.length, index + READ_AHEAD)) {
        const body = archive.get(next.key, next.sha256);
        // Handled when it is awaited; until then a failed read must not count as unhandled.
        body.catch(() => undefined);
        reading.push(body);
      }
      const bytes = await reading.shift();
      if (!bytes) return;
      const body = withoutHeader(object, bytes);
      rows += countLines(body);
      if (body.length > 0) yield body;
    }
  }
  await copyRows(tx, bodies());
  return rows;
}

/** Rows in the form of transformed objects, without their header, into the transaction's table `staged_rows`. */
export async function copyRows(tx: Db, bodies: AsyncIterable<Uint8Array>): Promise<void> {
  // Kept for the connection and emptied at commit: making and dropping a table in every transaction bloats the catalog.
  await tx.execute(sql`
    create temporary table if not exists staged_rows (
      ${sql.raw(rowColumns.map((column) => `${column} ${columnType(column)}`).join(", "))}
    ) on commit delete rows`);
  const copy = await rawSql(tx)`copy staged_rows from stdin with (format csv)`.writable();
  await pipeline(Readable.from(bodies, { objectMode: true, highWaterMark: 1 }), copy);
}

function columnType(column: (typeof rowColumns)[number]): string {
  switch (column) {
    case "meter_id":
    case "carbon_factor_id":
      return "uuid";
    case "timestamp":
      return "timestamptz";
    case "duration_seconds":
      return "integer";
    case "quality":
      return "reading_quality";
    default:
      return "numeric";
  }
}

function withoutHeader(object: RowObject, bytes: Uint8Array): Uint8Array {
  const header = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, rowHeader.length)).toString("utf8");
  if (header !== rowHeader)
    throw new Error(`${object.key} has other columns than this version writes: transform again.`);
  return bytes.subarray(rowHeader.length);
}

function countLines(bytes: Uint8Array): number {
  let lines = 0;
  for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) lines++;
  return lines;
}
