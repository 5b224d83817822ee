import { sql } from "drizzle-orm";
import type { RejectKind } from "../connectors/contract";
import { connectorOf } from "../connectors/registry";
import type { Db } from "../db/client";
import type { Quality } from "../metrics/registry";
import { durationSeconds } from "../time";
import type { CheckedReading, CheckInput } from "./check";
import { flowOfMeter, type Thresholds, thresholdsOf } from "./thresholds";

/** What the longest threshold looks back and ahead. */
const CONTEXT_DAYS = 3;

export interface Stretch {
  from: Date;
  to: Date;
}

/** What the checks are given for a stretch of a meter; `thresholds` other than the stored ones to try them. */
export async function loadInput(
  db: Db,
  meterId: string,
  { from, to }: Stretch,
  now: Date,
  thresholds?: Thresholds,
): Promise<CheckInput | undefined> {
  const [meter] = await db.execute<{
    type: string;
    settings: unknown;
    timezone: string;
    capacity_kw: number | null;
    thresholds: unknown;
  }>(sql`
    select m.type, m.settings, m.timezone, m.capacity_kw, t.thresholds from meters m
    left join meter_thresholds t on t.meter_id = m.id where m.id = ${meterId}::uuid`);
  if (!meter) return undefined;
  const first = new Date(from.getTime() - CONTEXT_DAYS * 86_400_000);
  const last = new Date(to.getTime() + CONTEXT_DAYS * 86_400_000);
  const used = thresholds ?? thresholdsOf(meter.thresholds);
  const capacityKw = meter.capacity_kw;
  return {
    readings: await readingsOf(db, meterId, first, last),
    ...(await neighboursOf(db, meterId, first, last)),
    refused: await refusedRows(db, meterId, { from, to }, durationSeconds(connectorOf(meter.type).resolution)),
    timezone: meter.timezone,
    capacityKw,
    flow: used.flow === "auto" ? flowOfMeter({ type: meter.type, settings: meter.settings, capacityKw }) : used.flow,
    thresholds: used,
    now: now.getTime() / 1000,
  };
}

async function readingsOf(db: Db, meterId: string, first: Date, last: Date): Promise<CheckedReading[]> {
  const rows = await db.execute<{
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
  return rows.map((row) => ({
    startAt: row.start_at,
    durationSeconds: row.duration,
    quality: row.quality,
    energyKwh: row.energy,
    positiveKwh: row.positive,
    negativeKwh: row.negative,
  }));
}

/** How far the nearest readings on either side are: a gap can be longer than what is read around the stretch. */
async function neighboursOf(db: Db, meterId: string, first: Date, last: Date) {
  const [row] = await db.execute<{ previous: number | null; next: number | null }>(sql`
    select
      (select extract(epoch from timestamp)::float8 + duration_seconds from meter_data
        where meter_id = ${meterId}::uuid and timestamp < ${iso(first)} and quality <> 'forecast'
        order by timestamp desc limit 1) as previous,
      (select extract(epoch from timestamp)::float8 from meter_data
        where meter_id = ${meterId}::uuid and timestamp >= ${iso(last)} and quality <> 'forecast'
        order by timestamp limit 1) as next`);
  return { previousEndAt: row?.previous ?? null, nextStartAt: row?.next ?? null };
}

/** Rows that a parser refused for what a check looks for, where they say when they are; a task keeps the first hundred. */
// An interval of a job is at most a month, so tasks are found from the meter's index on interval starts.
async function refusedRows(db: Db, meterId: string, { from, to }: Stretch, usualSeconds: number) {
  const rows = await db.execute<{ from: number; to: number; kind: RejectKind; reason: string }>(sql`
    select distinct r.start as from, r.start + coalesce(r.seconds, ${usualSeconds}) as to, r.kind, r.reason
    from meter_tasks t cross join lateral (
      select (each ->> 'startEpochSeconds')::float8 as start, (each ->> 'durationSeconds')::float8 as seconds,
        each ->> 'kind' as kind, each ->> 'reason' as reason
      from jsonb_array_elements(t.rejects) each where each ? 'kind'
    ) r
    where t.meter_id = ${meterId}::uuid and t.type = 'etl' and t.rejects <> '[]' and t.interval_start < ${iso(to)}
      and t.interval_start >= ${iso(from)} - interval '32 days' and t.interval_end > ${iso(from)} and r.start is not null
    order by 1`);
  return [...rows];
}

export function iso(at: Date) {
  return sql`${at.toISOString()}::timestamptz`;
}
