import { createHash } from "node:crypto";
import { sql } from "drizzle-orm";
import type { Ctx } from "../ctx";
import { arrayLiteral } from "../pipeline/etl/array-literal";
import type { ReadableMeter } from "./readable-meters";

/** Raised when the same rows are written in another way. */
const FORMAT = 1;

/**
 * Names what a question about `[from, to)` would be answered, without looking at a row: the question, the meters as they are
 * and how often their months were changed. Ask for it before the rows: rows may then be newer than their name, never older.
 */
export async function versionOf(
  ctx: Ctx,
  asked: { meters: readonly ReadableMeter[]; from: Date; to: Date; question: unknown },
  now: Date,
): Promise<string> {
  const { meters, from, to, question } = asked;
  const rows = await ctx.db.execute<{ meter_id: string; month: string; version: string }>(sql`
    select meter_id, extract(epoch from month_at)::text as month, version::text from meter_data_versions
    where meter_id = any(${arrayLiteral(meters.map(({ id }) => id))}::uuid[])
      and month_at > ${from.toISOString()}::timestamptz - interval '31 days' and month_at < ${to.toISOString()}::timestamptz
    order by meter_id, month_at`);
  // What is expected grows with time until the range is over.
  const minute = now < to ? Math.floor(now.getTime() / 60_000) : null;
  const named = [FORMAT, question, meters, minute, rows.map((row) => [row.meter_id, row.month, row.version])];
  return createHash("sha256").update(JSON.stringify(named)).digest("base64url").slice(0, 32);
}
