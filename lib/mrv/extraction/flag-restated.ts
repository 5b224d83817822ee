import { sql } from "drizzle-orm";
import { audit } from "../../audit/audit";
import type { Db } from "../../db/client";
import type { Restatement } from "../../db/schema/mrv";
import { lockInTx, withTx } from "../../db/tx";
import type { MetricName } from "../../metrics/registry";
import { arrayLiteral } from "../../pipeline/etl/array-literal";
import { groupBy } from "../../pipeline/etl/run-stage";
import type { Worker } from "../../pipeline/worker";
import { reviewStatuses, settledStatuses } from "../statuses";
import { type AskedPeriod, readingsOfPeriods } from "./period-readings";
import { putBack } from "./put-back";
import { type ReadingsNow, summed } from "./readings-now";

/** Notes of changed stretches that one transaction works off; a year of one meter is one stretch, and 366 records. */
const NOTES_A_ROUND = 50;
/** Records whose readings are in memory at once. */
const RECORDS_AT_ONCE = 50;
const ACTOR = { kind: "system", name: "flag-restated" } as const;

/**
 * Compares records with what their readings say now, where readings changed. A record that somebody put a name under is flagged, with its
 * figures and the readings', also where an earlier restatement of it was acknowledged; the flag goes when they say again what they said. A record that waits for a reviewer is made again, so that nobody
 * looks at figures that hold no more. Returns the number of records that were flagged, cleared or put back.
 */
export async function flagRestated(worker: Pick<Worker, "db" | "now">): Promise<number> {
  let total = 0;
  for (;;) {
    const round = await withTx(worker.db, (tx) => flagRound(tx, worker.now()));
    if (round === null) return total;
    total += round;
  }
}

interface ChangedRecord extends AskedPeriod {
  taskId: string;
  isSettled: boolean;
  isFlagged: boolean;
  rowsSha256: string;
  valuesHash: string;
  before: Restatement["before"];
  flaggedNow: Restatement["now"] | null;
}

/** Null where nothing is noted. */
async function flagRound(tx: Db, now: Date): Promise<number | null> {
  await lockInTx(tx, "mrv.flag-restated");
  const notes = await tx.execute<{ meter_id: string; from_at: string; to_at: string }>(sql`
    delete from mrv_reading_changes where id in (select id from mrv_reading_changes order by id limit ${NOTES_A_ROUND})
    returning meter_id, from_at, to_at`);
  if (notes.length === 0) return null;
  const records = await recordsOver(tx, notes);
  const restated: { record: ChangedRecord; now: ReadingsNow }[] = [];
  const healed: ChangedRecord[] = [];
  const outdated: ChangedRecord[] = [];
  for (let start = 0; start < records.length; start += RECORDS_AT_ONCE) {
    const part = records.slice(start, start + RECORDS_AT_ONCE);
    const readings = await readingsOfPeriods(tx, part);
    for (const record of part) {
      const said = summed(record, readings.get(record.id) ?? []);
      if (!record.isSettled) {
        // Its evidence names what it rests on now, to the object: an approval is held against that.
        if (said.sha256 !== record.rowsSha256) outdated.push(record);
      } else if (said.valuesHash === record.valuesHash) {
        if (record.isFlagged) healed.push(record);
      } else if (!isSame(record.flaggedNow, said)) {
        restated.push({ record, now: said });
      }
    }
  }
  await writeRestated(tx, restated, now);
  await clear(tx, healed);
  const again = await makeAgain(tx, outdated);
  await log(
    tx,
    "record.restated",
    restated.filter(({ record }) => !record.isFlagged).map(({ record }) => record),
  );
  await log(tx, "record.restatement-healed", healed);
  await log(tx, "record.made-again", again);
  return restated.length + healed.length + again.length;
}

function isSame(flagged: Restatement["now"] | null, said: ReadingsNow): boolean {
  return (
    flagged !== null &&
    flagged.value === said.value &&
    flagged.carbonTons === said.carbonTons &&
    flagged.readings === said.readings
  );
}

// `offset 0`: one look into the index for each note. Joined, the planner expects a third of all records to fit and reads the whole table: 100 ms
// among 50,000, and 4 ms so.
async function recordsOver(
  tx: Db,
  notes: readonly { meter_id: string; from_at: string; to_at: string }[],
): Promise<ChangedRecord[]> {
  const rows = await tx.execute<Record<string, unknown>>(sql`
    select r.id, r.task_id, r.meter_id, r.metric, r.period_start, r.period_end, r.status = any(${`{${settledStatuses.join(",")}}`}::text[]) as is_settled,
      r.restated_at is not null as is_flagged, r.restatement -> 'now' as flagged_now, r.evidence -> 'readings' ->> 'sha256' as rows_sha256,
      r.values_hash, r.value::text, r.carbon_tons::text, r.readings
    from mrv_records r
    where r.replaced_at is null and r.status = any(${`{${[...settledStatuses, ...reviewStatuses].join(",")}}`}::text[])
      and r.id in (
        select o.id from json_to_recordset(${JSON.stringify(notes)}::text::json) as n(meter_id uuid, from_at timestamptz, to_at timestamptz)
        cross join lateral (
          select c.id from mrv_records c where c.meter_id = n.meter_id and c.period_start < n.to_at and c.period_end > n.from_at
            and c.period_start > n.from_at - interval '32 days' offset 0
        ) o)
    order by r.id`);
  return rows.map((row) => ({
    id: String(row.id),
    taskId: String(row.task_id),
    meterId: String(row.meter_id),
    metric: row.metric as MetricName,
    from: new Date(String(row.period_start)),
    to: new Date(String(row.period_end)),
    isSettled: row.is_settled === true,
    isFlagged: row.is_flagged === true,
    rowsSha256: String(row.rows_sha256),
    valuesHash: String(row.values_hash),
    before: {
      value: row.value as string | null,
      carbonTons: row.carbon_tons as string | null,
      readings: Number(row.readings),
    },
    flaggedNow: row.flagged_now as Restatement["now"] | null,
  }));
}

async function writeRestated(
  tx: Db,
  restated: readonly { record: ChangedRecord; now: ReadingsNow }[],
  seenAt: Date,
): Promise<void> {
  if (restated.length === 0) return;
  const rows = restated.map(({ record, now }) => ({
    id: record.id,
    before: record.before,
    now: { value: now.value, carbonTons: now.carbonTons, readings: now.readings },
  }));
  const at = seenAt.toISOString();
  await tx.execute(sql`
    update mrv_records r set restated_at = coalesce(r.restated_at, ${at}::timestamptz), updated_at = now(),
      restatement_acknowledged_at = null,
      restatement = jsonb_build_object('before', u.before, 'now', u.now, 'seenAt', ${at}::text, 'readings', (
        select count(*) from meter_data d where d.meter_id = r.meter_id and d.timestamp >= r.period_start
          and d.timestamp < r.period_end and d.ingested_at >= r.created_at))
    from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as u(id uuid, before jsonb, now jsonb)
    where r.id = u.id and r.replaced_at is null`);
}

async function clear(tx: Db, healed: readonly ChangedRecord[]): Promise<void> {
  if (healed.length === 0) return;
  await tx.execute(sql`
    update mrv_records set restated_at = null, restatement = null, restatement_acknowledged_at = null, updated_at = now()
    where id = any(${arrayLiteral(healed.map(({ id }) => id))}::uuid[])`);
}

/**
 * Those whose task still waits for the reviewer: a task that is under way, was stopped or failed is somebody's already. An archived meter's would
 * never be made again: its record is shown as outdated, and can be rejected.
 */
async function makeAgain(tx: Db, outdated: readonly ChangedRecord[]): Promise<ChangedRecord[]> {
  if (outdated.length === 0) return [];
  const waiting = await tx.execute<{ id: string }>(sql`
    select r.id from mrv_records r join meter_tasks t on t.id = r.task_id join meters m on m.id = r.meter_id and m.archived_at is null
    where r.id = any(${arrayLiteral(outdated.map(({ id }) => id))}::uuid[])
      and r.status = any(${`{${reviewStatuses.join(",")}}`}::text[]) and r.replaced_at is null
      and t.state = 'waiting' and t.wait_reason = 'review'
    order by r.id for update of r`);
  const ids = new Set(waiting.map(({ id }) => id));
  const own = outdated.filter(({ id }) => ids.has(id));
  const moved = await putBack(
    tx,
    own.map(({ taskId }) => taskId),
  );
  return own.filter(({ taskId }) => moved.has(taskId));
}

/** One row a meter: the record itself, or several of them by name. */
async function log(tx: Db, action: string, records: readonly ChangedRecord[]): Promise<void> {
  for (const [meterId, own] of groupBy(records, (record) => record.meterId)) {
    const [only, ...others] = own;
    const isSingle = only !== undefined && others.length === 0;
    const first = Math.min(...own.map(({ from }) => from.getTime()));
    const last = Math.max(...own.map(({ to }) => to.getTime()));
    await audit(tx, ACTOR, action, {
      objectType: isSingle ? "record" : "meter",
      objectId: isSingle ? only.id : meterId,
      meterId,
      details: {
        because: "Readings of the period changed.",
        from: new Date(first).toISOString(),
        to: new Date(last).toISOString(),
        records: own.length,
        ...(!isSingle && { recordIds: own.slice(0, 100).map(({ id }) => id) }),
      },
    });
  }
}
