import { sql } from "drizzle-orm";
import type { Db } from "../db/client";
import { arrayLiteral } from "../pipeline/etl/array-literal";
import { addDuration, startOfDay } from "../time";
import type { Found } from "./check";
import { checks } from "./checks/registry";
import { iso, loadInput, type Stretch } from "./load-input";
import { mergeFindings, type Stored } from "./merge-findings";

/** How far a stretch is widened so that findings that reach into it are looked at whole. */
const WIDENED_DAYS = 7;

/** Runs every check over a stretch of one meter and stores what follows. In the caller's transaction, which has the meter's lock. */
export async function checkStretch(
  tx: Db,
  meterId: string,
  asked: Stretch,
  timezone: string,
  now: Date,
): Promise<void> {
  const stretch = await widened(tx, meterId, asked, timezone);
  const input = await loadInput(tx, meterId, stretch, now);
  if (!input) return;
  const window = { from: stretch.from.getTime() / 1000, to: stretch.to.getTime() / 1000 };
  const found = new Map(checks.map((check) => [check.name, check.run(input)]));
  const starts = [...[...found.values()].flat().map(({ from }) => from), window.to];
  const stored = await loadStored(tx, meterId, stretch, starts);
  for (const { name, over } of checks) {
    const change = mergeFindings(window, found.get(name) ?? [], stored.get(name) ?? [], over);
    await clear(tx, change.clear, now);
    await seeAgain(tx, change.same, now);
    // Rows that are there move first: a new one may begin where an old one did.
    const fresh: Found[] = [];
    for (const { id, wasCleared, ...finding } of change.write) {
      if (id === undefined) fresh.push(finding);
      else await rewrite(tx, id, finding, wasCleared, now);
    }
    await insert(tx, meterId, name, fresh, now);
  }
}

/** By whole days, so that nights and days stay whole. Beyond that what is stored of a finding is joined with what is found. */
async function widened(tx: Db, meterId: string, { from, to }: Stretch, timezone: string): Promise<Stretch> {
  const [row] = await tx.execute<{ first: string | null; last: string | null }>(sql`
    select min(from_at) as first, max(to_at) as last from findings
    where meter_id = ${meterId}::uuid and cleared_at is null and from_at < ${iso(to)} and to_at > ${iso(from)}`);
  const [first, last] = [row?.first ? new Date(row.first) : from, row?.last ? new Date(row.last) : to];
  const earliest = addDuration(from, `-P${WIDENED_DAYS}D`, timezone);
  const latest = addDuration(to, `P${WIDENED_DAYS}D`, timezone);
  const dayAfter = addDuration(startOfDay(new Date(last.getTime() - 1), timezone), "P1D", timezone);
  return {
    from: first < from ? laterOf(startOfDay(first, timezone), earliest) : from,
    to: last > to ? earlierOf(dayAfter, latest) : to,
  };
}

const laterOf = (a: Date, b: Date) => (a > b ? a : b);
const earlierOf = (a: Date, b: Date) => (a < b ? a : b);

/** Open rows that touch the stretch, and cleared ones that begin where something was found. */
async function loadStored(tx: Db, meterId: string, { from, to }: Stretch, starts: readonly number[]) {
  const wanted = arrayLiteral(starts.map((start) => new Date(start * 1000).toISOString()));
  const rows = await tx.execute<Omit<Stored, "isCleared"> & { check: string; is_cleared: boolean }>(sql`
    select id, "check", extract(epoch from from_at)::float8 as from, extract(epoch from to_at)::float8 as to, figure,
      threshold, unit, sentence, cleared_at is not null as is_cleared
    from findings where meter_id = ${meterId}::uuid
      and ((cleared_at is null and from_at <= ${iso(to)} and to_at >= ${iso(from)}) or from_at = any(${wanted}::timestamptz[]))
    order by from_at`);
  const byCheck = new Map<string, Stored[]>();
  for (const { check, is_cleared, ...row } of rows) {
    const ofCheck = byCheck.get(check);
    const finding = { ...row, isCleared: is_cleared };
    if (ofCheck) ofCheck.push(finding);
    else byCheck.set(check, [finding]);
  }
  return byCheck;
}

async function clear(tx: Db, ids: readonly string[], now: Date): Promise<void> {
  if (ids.length === 0) return;
  await tx.execute(sql`update findings set cleared_at = ${iso(now)} where id = any(${arrayLiteral(ids)}::uuid[])`);
}

async function seeAgain(tx: Db, ids: readonly string[], now: Date): Promise<void> {
  if (ids.length === 0) return;
  await tx.execute(sql`update findings set last_seen_at = ${iso(now)} where id = any(${arrayLiteral(ids)}::uuid[])`);
}

async function insert(tx: Db, meterId: string, check: string, found: readonly Found[], now: Date): Promise<void> {
  if (found.length === 0) return;
  await tx.execute(sql`
    insert into findings (meter_id, "check", from_at, to_at, figure, threshold, unit, sentence, first_seen_at, last_seen_at)
    select ${meterId}::uuid, ${check}, to_timestamp("from"), to_timestamp("to"), figure, threshold, unit, sentence,
      ${iso(now)}, ${iso(now)}
    from jsonb_to_recordset(${JSON.stringify(found)}::text::jsonb)
      as f("from" float8, "to" float8, figure float8, threshold float8, unit text, sentence text)`);
}

async function rewrite(tx: Db, id: string, found: Found, wasCleared: boolean, now: Date): Promise<void> {
  const { from, to, figure, threshold, unit, sentence } = found;
  // What was acknowledged was the trouble of then: one that comes back is looked at again.
  const reopened = wasCleared
    ? sql`, cleared_at = null, acknowledged_at = null, acknowledged_by = null, acknowledged_reason = null`
    : sql``;
  await tx.execute(sql`
    update findings set from_at = ${iso(new Date(from * 1000))}, to_at = ${iso(new Date(to * 1000))}, figure = ${figure},
      threshold = ${threshold}, unit = ${unit}, sentence = ${sentence}, last_seen_at = ${iso(now)} ${reopened}
    where id = ${id}::uuid`);
}
