import { sql } from "drizzle-orm";
import type { Db } from "../../db/client";
import type { Origin } from "../../db/schema";
import type { Worker } from "../worker";
import { type Span, uncovered } from "./fetch-ranges";

/** An archived answer. Instants in epoch milliseconds; `path` tells a vendor's endpoints apart. */
export interface RawObject extends Span {
  id: string;
  path: string;
  confirmedAt: number;
}

/** Archives an answer's bytes exactly as received. The same bytes for the same range again only confirm the object. */
export async function archiveAnswer(
  worker: Worker,
  meterId: string,
  answer: { from: Date; to: Date; bytes: Uint8Array; contentType: string; origin: Origin },
): Promise<RawObject> {
  const range = rangeName(answer.from, answer.to);
  const extension = extensionOf(answer.contentType);
  const keyOf = (sha256: string) => `raw/${meterId}/${range}/${sha256.slice(0, 16)}.${extension}`;
  const stored = await worker.archive.put(keyOf, answer.bytes, answer.contentType);
  const [row] = await worker.db.execute<{ id: string; confirmed_at: number }>(sql`
    insert into archive_objects
      (meter_id, kind, key, covers_from, covers_to, sha256, size_bytes, content_type, origin, fetched_at, confirmed_at)
    values (${meterId}, 'raw', ${stored.key}, ${answer.from.toISOString()}::timestamptz, ${answer.to.toISOString()}::timestamptz,
      ${stored.sha256}, ${stored.sizeBytes}, ${answer.contentType}, ${JSON.stringify(answer.origin)}::text::jsonb,
      ${worker.now().toISOString()}::timestamptz, ${worker.now().toISOString()}::timestamptz)
    on conflict (key) do update set confirmed_at = excluded.confirmed_at
    returning id, (extract(epoch from confirmed_at) * 1000)::float8 as confirmed_at`);
  if (!row) throw new Error(`No row came back for ${stored.key}.`);
  return {
    id: row.id,
    path: pathOf(answer.origin),
    from: answer.from.getTime(),
    to: answer.to.getTime(),
    confirmedAt: row.confirmed_at,
  };
}

/** `20260405T000000Z_20260412T000000Z` */
export function rangeName(from: Date, to: Date): string {
  const name = (instant: Date) => `${instant.toISOString().slice(0, 19).replaceAll(/[-:]/g, "")}Z`;
  return `${name(from)}_${name(to)}`;
}

function extensionOf(contentType: string): string {
  const type = contentType.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  if (type.endsWith("json")) return "json";
  if (type.endsWith("xml")) return "xml";
  if (type === "text/csv") return "csv";
  return "bin";
}

function pathOf(origin: Origin): string {
  return origin.kind === "api" ? (origin.url.split("?", 1)[0] ?? origin.url) : "";
}

/**
 * Archived answers of a meter that overlap the span. `longestMilliseconds` is the longest range one object can have here:
 * it bounds the search, which otherwise reads every object the meter ever had.
 */
export async function overlappingObjects(
  db: Db,
  meterId: string,
  span: Span,
  longestMilliseconds: number,
): Promise<RawObject[]> {
  const at = (milliseconds: number) => sql`${new Date(milliseconds).toISOString()}::timestamptz`;
  const rows = await db.execute<{
    id: string;
    origin: Origin;
    from_at: number;
    to_at: number;
    confirmed_at: number;
  }>(sql`
    select id, origin, (extract(epoch from covers_from) * 1000)::float8 as from_at,
      (extract(epoch from covers_to) * 1000)::float8 as to_at,
      (extract(epoch from confirmed_at) * 1000)::float8 as confirmed_at
    from archive_objects
    where meter_id = ${meterId} and kind = 'raw' and covers_from < ${at(span.to)}
      and covers_from >= ${at(span.from - longestMilliseconds)} and covers_to > ${at(span.from)}`);
  return rows.map((row) => ({
    id: row.id,
    path: pathOf(row.origin),
    from: row.from_at,
    to: row.to_at,
    confirmedAt: row.confirmed_at,
  }));
}

/**
 * The newest objects that together cover the span, for each of the vendor's endpoints, oldest first: where two cover the
 * same interval the later one wins. What no object covers is missing from it.
 */
export function currentObjects(objects: readonly RawObject[], span: Span): string[] {
  const newestFirst = [...objects].sort((a, b) => b.confirmedAt - a.confirmedAt || (a.id < b.id ? 1 : -1));
  const left = new Map<string, Span[]>();
  const chosen: string[] = [];
  for (const object of newestFirst) {
    const open = left.get(object.path) ?? [span];
    const rest = open.flatMap((piece) => uncovered(piece, [object]));
    if (length(rest) < length(open)) chosen.push(object.id);
    left.set(object.path, rest);
  }
  return chosen.reverse();
}

function length(spans: readonly Span[]): number {
  return spans.reduce((sum, span) => sum + span.to - span.from, 0);
}
