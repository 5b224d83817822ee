import { sql } from "drizzle-orm";
import { SourceError } from "../../connectors/source-error";
import type { Db } from "../../db/client";
import { intervalStartSql } from "../../jobs/interval-sql";
import { dueAfterSql } from "../../jobs/off-the-quarter";
import { collectingSql } from "../../tasks/collecting-sql";
import { type Collecting, describeWait } from "./describe-wait";
import type { MrvTask } from "./mrv-tasks";
import { periodsSql } from "./periods-sql";

/** How soon a record looks again; the end of a collection wakes it besides. */
const LOOK_AGAIN_SECONDS = 5 * 60;
/** At the latest, for what is due later: somebody may end or change the job meanwhile. */
const LONGEST_LOOK_SECONDS = 3600;

/**
 * What the tasks wait for, as errors that put them to `waiting` for data: intervals of their meter's ETL jobs that overlap the period and are
 * not finished, or that have no task yet although a job covers them. A task that is missing in the answer waits for nothing.
 */
export async function waitsForCollection(
  db: Db,
  tasks: readonly MrvTask[],
  now: Date,
): Promise<Map<string, SourceError>> {
  const waits = new Map<string, Collecting[]>();
  const add = (taskId: string, collecting: Collecting) => {
    const all = waits.get(taskId);
    if (all) all.push(collecting);
    else waits.set(taskId, [collecting]);
  };
  for (const row of await unfinished(db, tasks)) {
    add(row.id, {
      kind: "unfinished",
      job: row.job,
      isPaused: row.is_paused,
      state: row.state,
      waitReason: row.wait_reason,
      tasks: row.tasks,
      until: row.until === null ? null : new Date(row.until),
    });
  }
  for (const row of await notCreated(db, tasks)) {
    add(row.id, {
      kind: "not-created",
      job: row.job,
      isPaused: row.is_paused,
      collectedTo: new Date(row.collected_to),
      dueAt: new Date(row.due_at),
    });
  }
  return new Map([...waits].map(([taskId, collecting]) => [taskId, asError(collecting, now)]));
}

function asError(collecting: readonly Collecting[], now: Date): SourceError {
  const soon = now.getTime() + LOOK_AGAIN_SECONDS * 1000;
  const due = collecting.map((each) => (each.kind === "not-created" && !each.isPaused ? each.dueAt.getTime() : 0));
  const retryAt = Math.min(Math.max(soon, ...due), now.getTime() + LONGEST_LOOK_SECONDS * 1000);
  return new SourceError("WAITS_FOR_COLLECTION", describeWait(collecting, now), {
    isRetryable: true,
    waitReason: "data",
    retryAt: new Date(retryAt),
  });
}

interface UnfinishedRow extends Record<string, unknown> {
  id: string;
  job: string;
  is_paused: boolean;
  state: "pending" | "queued" | "running" | "waiting";
  wait_reason: "retry" | "quota" | "data" | "review" | null;
  tasks: number;
  until: string | null;
}

function unfinished(db: Db, tasks: readonly MrvTask[]): Promise<UnfinishedRow[]> {
  const period = { meterId: sql`p.meter_id`, from: sql`p.from_at`, to: sql`p.to_at` };
  return db.execute<UnfinishedRow>(sql`
    select p.id, c.* from (${periodsSql(tasks)}) p cross join lateral (
      select j.name as job, j.status = 'paused' as is_paused, e.state, e.wait_reason, count(*)::int as tasks, min(e.wait_until) as until
      ${collectingSql(period)} group by j.id, j.name, 2, e.state, e.wait_reason
    ) c order by c.job, c.state, c.wait_reason`);
}

interface NotCreatedRow extends Record<string, unknown> {
  id: string;
  job: string;
  is_paused: boolean;
  collected_to: string;
  due_at: string;
}

/** The job's cursor stands inside the period: what lies after it is created when it is due. */
function notCreated(db: Db, tasks: readonly MrvTask[]): Promise<NotCreatedRow[]> {
  const end = intervalStartSql(sql`j.next_interval_at`, sql`1`, sql`j.interval`, sql`j.timezone`);
  const dueAt = dueAfterSql(end, { delaySeconds: sql`j.delay_seconds`, meterId: sql`m.id`, meterType: sql`m.type` });
  return db.execute<NotCreatedRow>(sql`
    select p.id, j.name as job, j.status = 'paused' as is_paused, j.next_interval_at as collected_to, ${dueAt} as due_at
    from (${periodsSql(tasks)}) p join meter_jobs j on j.meter_id = p.meter_id join meters m on m.id = j.meter_id
    where j.type = 'etl' and j.trigger = 'schedule' and j.status in ('active', 'paused')
      and j.next_interval_at < p.to_at and (j.end_at is null or (j.next_interval_at < j.end_at and j.end_at > p.from_at))
    order by j.name`);
}
