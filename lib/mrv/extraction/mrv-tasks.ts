import { inArray, sql } from "drizzle-orm";
import type { Db } from "../../db/client";
import { devices, meterJobs, meters } from "../../db/schema";
import type { Batch } from "../../pipeline/worker";
import { newestSeconds } from "../../readings/interval-length";
import type { Period } from "./periods-sql";

/** A task that makes a record; `from` and `to` are its period. */
export interface MrvTask extends Period {
  jobId: string;
  readingsExpected: number;
}

/** The tasks of the batch that stand at the stage, now `running`, in the order in which they are worked on: by period, then meter. */
export async function takeMrvTasks(db: Db, batch: Batch, stage: "extraction" | "verification"): Promise<MrvTask[]> {
  const rows = await db.execute<Record<string, unknown>>(sql`
    with standing as materialized (
      select id, state from meter_tasks
      where batch_id = ${batch.batchId} and type = 'mrv' and stage = ${stage} and state in ('queued', 'running')
      order by id for update
    ), started as (
      update meter_tasks t set state = 'running', started_at = coalesce(t.started_at, now()), updated_at = now()
      from standing s where t.id = s.id and s.state = 'queued'
    )
    select t.id, t.job_id, t.meter_id, t.readings_expected, (extract(epoch from t.interval_start) * 1000)::float8 as from_at,
      (extract(epoch from t.interval_end) * 1000)::float8 as to_at
    from standing s join meter_tasks t on t.id = s.id
    order by t.interval_start, t.meter_id, t.id`);
  return rows.map((row) => ({
    id: String(row.id),
    jobId: String(row.job_id),
    meterId: String(row.meter_id),
    readingsExpected: Number(row.readings_expected),
    from: new Date(Number(row.from_at)),
    to: new Date(Number(row.to_at)),
  }));
}

/** Of these tasks, those that are still this batch's at this stage. They are locked until the transaction ends. */
export async function lockTasks(
  tx: Db,
  batch: Batch,
  stage: "extraction" | "verification",
  tasks: readonly MrvTask[],
): Promise<MrvTask[]> {
  const rows = await tx.execute<{ id: string }>(sql`
    select id from meter_tasks
    where id = any(${`{${tasks.map(({ id }) => id).join(",")}}`}::uuid[]) and batch_id = ${batch.batchId} and stage = ${stage}
      and state in ('queued', 'running')
    order by id for update`);
  const ours = new Set(rows.map(({ id }) => id));
  return tasks.filter(({ id }) => ours.has(id));
}

const PART_TASKS = 50;
const PART_READINGS = 15_000;

/** Tasks that one transaction works on: so many that statements are few, and so few that memory and locks are. */
export function partsOf(tasks: readonly MrvTask[]): MrvTask[][] {
  const parts: MrvTask[][] = [];
  let readings = 0;
  for (const task of tasks) {
    const part = parts.at(-1);
    if (part && part.length < PART_TASKS && readings + task.readingsExpected <= PART_READINGS) {
      part.push(task);
      readings += task.readingsExpected;
    } else {
      parts.push([task]);
      readings = task.readingsExpected;
    }
  }
  return parts;
}

export type MrvMeter = typeof meters.$inferSelect & {
  /** Of its newest reading; null without one. */
  newestSeconds: number | null;
};
export type MrvJob = typeof meterJobs.$inferSelect;
export type MrvDevice = typeof devices.$inferSelect;

/** What tasks belong to. */
export interface Belongings {
  meters: Map<string, MrvMeter>;
  jobs: Map<string, MrvJob>;
  devices: Map<string, MrvDevice>;
}

export async function belongingsOf(
  db: Db,
  tasks: readonly { meterId: string; jobId: string; deviceId?: string }[],
): Promise<Belongings> {
  const meterIds = [...new Set(tasks.map(({ meterId }) => meterId))];
  const jobIds = [...new Set(tasks.map(({ jobId }) => jobId))];
  if (tasks.length === 0) return { meters: new Map(), jobs: new Map(), devices: new Map() };
  const meterRows = await db.select().from(meters).where(inArray(meters.id, meterIds));
  const lengths = await db.execute<{ id: string; seconds: number | null }>(sql`
    select m.id, ${newestSeconds} as seconds from meters m where m.id = any(${`{${meterIds.join(",")}}`}::uuid[])`);
  const secondsOf = new Map(lengths.map(({ id, seconds }) => [id, seconds]));
  const jobRows = await db.select().from(meterJobs).where(inArray(meterJobs.id, jobIds));
  const deviceIds = [...new Set([...meterRows, ...tasks].flatMap(({ deviceId }) => deviceId ?? []))];
  const deviceRows =
    deviceIds.length === 0 ? [] : await db.select().from(devices).where(inArray(devices.id, deviceIds));
  return {
    meters: new Map(meterRows.map((row) => [row.id, { ...row, newestSeconds: secondsOf.get(row.id) ?? null }])),
    jobs: new Map(jobRows.map((row) => [row.id, row])),
    devices: new Map(deviceRows.map((row) => [row.id, row])),
  };
}
