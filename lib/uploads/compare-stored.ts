import { sql } from "drizzle-orm";
import type { Readings } from "../connectors/readings";
import type { Db } from "../db/client";
import { withTx } from "../db/tx";
import { factorsFor } from "../factors/factors-for";
import { arrayLiteral } from "../pipeline/etl/array-literal";
import { inBounds, isRestated, joinedByHash } from "../pipeline/etl/merge-rows";
import { readingRows, rowHeader } from "../pipeline/etl/reading-rows";
import type { Meter } from "../pipeline/etl/run-stage";
import { copyRows } from "../pipeline/etl/stage-rows";
import type { UploadDay } from "./days";

const ROWS_AT_ONCE = 20_000;
const SHOWN = 12;

export interface Counts {
  new: number;
  changed: number;
}

export interface Change {
  at: Date;
  before: number | null;
  after: number | null;
}

/**
 * What the ingestion of readings would do, by the same comparison: how many of each day are new or restate a stored one, and the
 * first that do. Writes nothing that stays.
 */
export async function compareStored(
  db: Db,
  meter: Meter,
  readings: Readings,
  days: readonly UploadDay[],
): Promise<{ counts: Counts[]; changes: Change[] }> {
  const [first, last] = [days[0], days.at(-1)];
  if (!first || !last) return { counts: [], changes: [] };
  const range = { from: first.from, to: last.to };
  const factors = meter.region ? await factorsFor(db, meter.region, range) : [];
  const bounds = { from: range.from.getTime(), to: range.to.getTime(), meterIds: [meter.id] };
  async function* bodies() {
    for (let at = 0; at < readings.length; at += ROWS_AT_ONCE) {
      const bytes = readingRows(meter.id, readings.slice(at, at + ROWS_AT_ONCE), factors);
      yield bytes.subarray(rowHeader.length);
    }
  }
  return withTx(db, async (tx) => {
    await copyRows(tx, bodies());
    const starts = sql`${arrayLiteral(days.map(({ from }) => from.toISOString()))}::timestamptz[]`;
    const rows = await joinedByHash(tx, () =>
      tx.execute<{ day: number; new: number; changed: number }>(sql`
        select width_bucket(s.timestamp, ${starts}) as day, count(*) filter (where d.timestamp is null)::int as new,
          count(*) filter (where d.timestamp is not null and ${isRestated("d", "s")})::int as changed
        from staged_rows s left join meter_data d
          on d.meter_id = s.meter_id and d.timestamp = s.timestamp and ${inBounds("d", bounds)}
        group by 1`),
    );
    const changes = await tx.execute<{ at: number; before: string | null; after: string | null }>(sql`
      select extract(epoch from s.timestamp)::float8 as at, coalesce(d.e_real_kwh, d.pv_estimate_kwh) as before,
        coalesce(s.e_real_kwh, s.pv_estimate_kwh) as after
      from staged_rows s join meter_data d
        on d.meter_id = s.meter_id and d.timestamp = s.timestamp and ${inBounds("d", bounds)}
      where ${isRestated("d", "s")} order by s.timestamp limit ${SHOWN}`);
    const byDay = new Map(rows.map((row) => [row.day, { new: row.new, changed: row.changed }]));
    return {
      counts: days.map((_, index) => byDay.get(index + 1) ?? { new: 0, changed: 0 }),
      changes: changes.map(({ at, before, after }) => ({
        at: new Date(at * 1000),
        before: before === null ? null : Number(before),
        after: after === null ? null : Number(after),
      })),
    };
  });
}
