import { sql } from "drizzle-orm";
import { connectorOf } from "../connectors/registry";
import type { Db } from "../db/client";
import type { Quality } from "../metrics/registry";
import { arrayLiteral } from "../pipeline/etl/array-literal";
import { durationSeconds } from "../time";
import type { CheckedReading, CheckInput, Found } from "./check";
import { checks } from "./checks/registry";
import { mergeFindings, type Stored } from "./merge-findings";
import { thresholdsOf } from "./thresholds";

/** What the longest threshold looks back and ahead. */
const CONTEXT_DAYS = 3;

interface Stretch {
  from: Date;
  to: Date;
}

/** Runs every check over a stretch of one meter and stores what follows. In the caller's transaction, which has the meter's lock. */
export async function checkStretch(tx: Db, meterId: string, stretch: Stretch, now: Date): Promise<void> {
  const input = await loadInput(tx, meterId, stretch, now);
  const window = { from: stretch.from.getTime() / 1000, to: stretch.to.getTime() / 1000 };
  const found = new Map(checks.map((check) => [check.name, input ? check.run(input) : []]));
  const starts = [...[...found.values()].flat().map(({ from }) => from), window.to];
  const stored = await loadStored(tx, meterId, stretch, starts);
  for (const { name } of checks) {
    const change = mergeFindings(window, found.get(name) ?? [], stored.get(name) ?? []);
    await clear(tx, change.clear, now);
    // Rows that are there move first: a new one may begin where an old one did.
    const inOrder = [...change.write].sort((a, b) => Number(b.id !== undefined) - Number(a.id !== undefined));
    for (const finding of inOrder) await write(tx, meterId, name, finding, now);
  }
}

async function loadInput(tx: Db, meterId: string, { from, to }: Stretch, now: Date): Promise<CheckInput | undefined> {
  const [meter] = await tx.execute<{
    type: string;
    timezone: string;
    capacity_kw: number | null;
    thresholds: unknown;
  }>(sql`
    select m.type, m.timezone, m.capacity_kw, t.thresholds from meters m
    left join meter_thresholds t on t.meter_id = m.id where m.id = ${meterId}::uuid`);
  if (!meter) return undefined;
  const first = new Date(from.getTime() - CONTEXT_DAYS * 86_400_000);
  const last = new Date(to.getTime() + CONTEXT_DAYS * 86_400_000);
  const rows = await tx.execute<{
    start_at: number;
    duration: number;
    quality: Quality;
    energy: number | null;
    positive: number | null;
    negative: number | null;
  }>(sql`
    select extract(epoch from timestamp)::float8 as start_at, duration_seconds as duration, quality,
      coalesce(e_real_kwh, pv_estimate_kwh)::float8 as energy, e_real_positive_kwh::float8 as positive,
      e_real_negative_kwh::float8 as negative
    from meter_data where meter_id = ${meterId}::uuid and timestamp >= ${iso(first)} and timestamp < ${iso(last)}
    order by timestamp`);
  const [previous] = await tx.execute<{ end_at: number }>(sql`
    select extract(epoch from timestamp)::float8 + duration_seconds as end_at from meter_data
    where meter_id = ${meterId}::uuid and timestamp < ${iso(first)} order by timestamp desc limit 1`);
  const rejects = await tx.execute<{ from: number; to: number; reason: string }>(sql`
    select extract(epoch from t.interval_start)::float8 as from, extract(epoch from t.interval_end)::float8 as to,
      r ->> 'reason' as reason
    from meter_tasks t cross join lateral jsonb_array_elements(t.rejects) r
    where t.meter_id = ${meterId}::uuid and t.type = 'etl' and t.rejects <> '[]' and t.interval_start < ${iso(to)}
      and t.interval_start >= ${iso(from)} - interval '32 days' and t.interval_end > ${iso(from)}`);
  return {
    readings: rows.map(
      (row): CheckedReading => ({
        startAt: row.start_at,
        durationSeconds: row.duration,
        quality: row.quality,
        energyKwh: row.energy,
        positiveKwh: row.positive,
        negativeKwh: row.negative,
      }),
    ),
    previousEndAt: previous?.end_at ?? null,
    rejects: [...rejects],
    timezone: meter.timezone,
    capacityKw: meter.capacity_kw,
    resolutionSeconds: durationSeconds(connectorOf(meter.type).resolution),
    thresholds: thresholdsOf(meter.thresholds),
    now: now.getTime() / 1000,
  };
}

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
    byCheck.set(check, [...(byCheck.get(check) ?? []), { ...row, isCleared: is_cleared }]);
  }
  return byCheck;
}

async function clear(tx: Db, ids: readonly string[], now: Date): Promise<void> {
  if (ids.length === 0) return;
  await tx.execute(sql`update findings set cleared_at = ${iso(now)} where id = any(${arrayLiteral(ids)}::uuid[])`);
}

async function write(
  tx: Db,
  meterId: string,
  check: string,
  finding: Found & { id?: string; wasCleared: boolean },
  now: Date,
) {
  const { id, from, to, figure, threshold, unit, sentence, wasCleared } = finding;
  const [fromAt, toAt] = [iso(new Date(from * 1000)), iso(new Date(to * 1000))];
  if (id === undefined) {
    await tx.execute(sql`
      insert into findings (meter_id, "check", from_at, to_at, figure, threshold, unit, sentence, first_seen_at, last_seen_at)
      values (${meterId}::uuid, ${check}, ${fromAt}, ${toAt}, ${figure}, ${threshold}, ${unit}, ${sentence}, ${iso(now)}, ${iso(now)})`);
    return;
  }
  // What was acknowledged was the trouble of then: one that comes back is looked at again.
  const reopened = wasCleared
    ? sql`, cleared_at = null, acknowledged_at = null, acknowledged_by = null, acknowledged_reason = null`
    : sql``;
  await tx.execute(sql`
    update findings set from_at = ${fromAt}, to_at = ${toAt}, figure = ${figure}, threshold = ${threshold}, unit = ${unit},
      sentence = ${sentence}, last_seen_at = ${iso(now)} ${reopened}
    where id = ${id}::uuid`);
}

function iso(at: Date) {
  return sql`${at.toISOString()}::timestamptz`;
}
