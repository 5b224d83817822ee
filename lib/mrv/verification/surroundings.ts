import { sql } from "drizzle-orm";
import type { Db } from "../../db/client";
import { checks as readingChecks } from "../../findings/checks/registry";
import { metricOf } from "../../metrics/registry";
import { arrayLiteral } from "../../pipeline/etl/array-literal";
import type { CollectionTrouble, CrossCheck, OpenFinding } from "../../pipeline/mrv/checks/check";
import { periodsSql } from "../extraction/periods-sql";
import { isModelledType } from "./is-modelled-type";
import type { RecordToCheck } from "./record-to-check";

/** What the checks look at beside a record's own readings, each asked once for all records of a part. By record. */

const labels = new Map(readingChecks.map(({ name, label }) => [name, label]));

export async function findingsOf(db: Db, records: readonly RecordToCheck[]): Promise<Map<string, OpenFinding[]>> {
  const rows = await db.execute<{
    id: string;
    check: string;
    from_at: number;
    to_at: number;
    sentence: string;
    is_acknowledged: boolean;
  }>(sql`
    select p.id, f."check", extract(epoch from f.from_at)::float8 as from_at, extract(epoch from f.to_at)::float8 as to_at, f.sentence,
      f.acknowledged_at is not null as is_acknowledged
    from (${periodsSql(records)}) p join findings f on f.meter_id = p.meter_id and f.cleared_at is null
      and f.from_at < p.to_at and f.to_at > p.from_at
    order by f.from_at, f."check"`);
  return grouped(rows, (row) => ({
    check: row.check,
    label: labels.get(row.check) ?? row.check,
    from: row.from_at,
    to: row.to_at,
    sentence: row.sentence,
    isAcknowledged: row.is_acknowledged,
  }));
}

/** Intervals over the period that failed, were cancelled, or are worked on again. */
export async function collectionTroubles(
  db: Db,
  records: readonly RecordToCheck[],
): Promise<Map<string, CollectionTrouble[]>> {
  const rows = await db.execute<{
    id: string;
    job: string;
    state: CollectionTrouble["state"];
    tasks: number;
    from_at: number;
    to_at: number;
  }>(sql`
    select p.id, j.name as job, s.state, count(*)::int as tasks, extract(epoch from min(e.interval_start))::float8 as from_at,
      extract(epoch from max(e.interval_end))::float8 as to_at
    from (${periodsSql(records)}) p
    join meter_jobs j on j.meter_id = p.meter_id and j.type = 'etl'
    join meter_tasks e on e.job_id = j.id and e.interval_start < p.to_at and e.interval_end > p.from_at
      and e.interval_start > p.from_at - j.interval::interval - interval '3 hours' and e.state <> 'succeeded'
    cross join lateral (select case when e.state in ('failed', 'cancelled') then e.state else 'unfinished' end as state) s
    group by p.id, j.id, j.name, s.state order by j.name, s.state`);
  return grouped(rows, ({ job, state, tasks, from_at, to_at }) => ({ job, state, tasks, from: from_at, to: to_at }));
}

/** The energy that the other meter has for the period: of the same metric, or what a modelled meter estimates. */
export async function crossChecksOf(db: Db, records: readonly RecordToCheck[]): Promise<Map<string, CrossCheck>> {
  const asked = records.flatMap((record) => {
    const other = record.settings.MRV_CROSS_CHECK_METER;
    return other === undefined ? [] : [{ ...record, meterId: other }];
  });
  if (asked.length === 0) return new Map();
  const meters = await db.execute<{ id: string; name: string; type: string }>(
    sql`select id, name, type from meters where id = any(${arrayLiteral([...new Set(asked.map(({ meterId }) => meterId))])}::uuid[])`,
  );
  const found = new Map<string, CrossCheck>();
  for (const { id: meterId, name, type } of meters) {
    const own = asked.filter((record) => record.meterId === meterId);
    for (const metric of new Set(own.map(({ evidence }) => evidence.figures.metric))) {
      const isModelled = isModelledType(type);
      const column = sql.identifier(metricOf(isModelled ? "pvEstimateKwh" : metric).column);
      const ofMetric = own.filter(({ evidence }) => evidence.figures.metric === metric);
      const rows = await db.execute<{ id: string; value: number | null; coverage: number | null }>(sql`
        select p.id, s.value, s.coverage from (${periodsSql(ofMetric)}) p cross join lateral (
          select sum(d.${column})::float8 as value,
            (sum(d.duration_seconds) / extract(epoch from p.to_at - p.from_at))::float8 as coverage
          from meter_data d where d.meter_id = p.meter_id and d.timestamp >= p.from_at and d.timestamp < p.to_at
            and d.quality <> 'forecast' and d.${column} is not null
        ) s`);
      for (const { id, value, coverage } of rows) {
        found.set(id, { meterName: name, isModelled, value, coverage: Math.min(1, coverage ?? 0) });
      }
    }
  }
  return found;
}

/** SHA-256 of archive objects by id; those that have no row are missing. */
export async function hashesOf(db: Db, ids: ReadonlySet<string>): Promise<Map<string, string>> {
  if (ids.size === 0) return new Map();
  const rows = await db.execute<{ id: string; sha256: string }>(
    sql`select id, sha256 from archive_objects where id = any(${arrayLiteral([...ids])}::uuid[])`,
  );
  return new Map(rows.map(({ id, sha256 }) => [id, sha256]));
}

/** When factors were superseded, by id. */
export async function supersessions(db: Db, ids: ReadonlySet<string>): Promise<Map<string, Date | null>> {
  if (ids.size === 0) return new Map();
  const rows = await db.execute<{ id: string; superseded_at: string | null }>(
    sql`select id, superseded_at from emission_factors where id = any(${arrayLiteral([...ids])}::uuid[])`,
  );
  return new Map(rows.map(({ id, superseded_at: at }) => [id, at === null ? null : new Date(at)]));
}

function grouped<Row extends { id: string }, T>(rows: readonly Row[], toValue: (row: Row) => T): Map<string, T[]> {
  const found = new Map<string, T[]>();
  for (const row of rows) {
    const all = found.get(row.id);
    if (all) all.push(toValue(row));
    else found.set(row.id, [toValue(row)]);
  }
  return found;
}
