import { type SQL, sql } from "drizzle-orm";
import type { Db } from "../../db/client";
import type { backfillModes } from "../../db/schema/jobs";
import { InvalidInput, NotPossibleNow } from "../../errors";
import { isDecidedOnRecord } from "../../tasks/decided-on-record";
import type { JobRow } from "../internal";
import { intervalStartSql } from "../interval-sql";
import { intervalHolding, intervalSeconds } from "../intervals";

/** More is two backfills: the plan is made, and its tasks are written, in one transaction. */
const MOST_INTERVALS = 300_000;

export interface BackfillOrder {
  from: Date;
  to: Date;
  mode: (typeof backfillModes)[number];
  force: boolean;
  /** Only intervals that touch one of these: a box of the grid is the same hours of several days. */
  ranges?: readonly { from: Date; to: Date }[];
}

/** Which intervals a mode names, of those not in flight. In `failed` an interval without a task is null, so not named. */
const etlWanted: Record<BackfillOrder["mode"], SQL> = {
  missing: sql`(t.id is null or t.state = 'cancelled' or t.state = 'succeeded' and t.readings_present < t.readings_expected)`,
  failed: sql`coalesce(t.state = 'failed', false)`,
  incomplete: sql`(t.id is null or t.state in ('failed', 'cancelled') or t.state = 'succeeded' and t.readings_present < t.readings_expected)`,
  all: sql`true`,
};

/**
 * Of an MRV job what succeeded is a record that left, and is never made again by a backfill: a correction is. A cancelled task is that of a
 * rejected record, or one that somebody stopped.
 */
const isOpenToRecord = sql`not exists (select from meter_tasks where meter_tasks.id = t.id and ${isDecidedOnRecord})`;
const mrvWanted: typeof etlWanted = {
  missing: sql`(t.id is null or t.state = 'cancelled' and ${isOpenToRecord})`,
  failed: sql`(coalesce(t.state = 'failed', false) and ${isOpenToRecord})`,
  incomplete: sql`(t.id is null or t.state in ('failed', 'cancelled') and ${isOpenToRecord})`,
  all: sql`(coalesce(t.state <> 'succeeded', true) and ${isOpenToRecord})`,
};

/**
 * Writes what a backfill would do, interval by interval, into `backfill_plan`, a temporary table that ends with the
 * transaction. Only intervals of the job's own range that are due are looked at; in an active job those after its cursor are
 * left to the dispatcher. `action` is `create`, `redo`, `busy` (in flight) or `leave`; `in_<mode>` says what other modes name.
 */
export async function planRows(tx: Db, job: JobRow, order: BackfillOrder, now: Date): Promise<void> {
  if (job.trigger === "upload") {
    throw new NotPossibleNow(
      "This job takes what people upload: there is no source to ask. Upload a file on its meter's page.",
    );
  }
  if (job.type === "mrv" && order.force) {
    throw new InvalidInput("Records are made of stored readings: there is no source to ask again.", {
      force: "MRV jobs ask no source: leave it out, and backfill the meter's ETL job instead.",
    });
  }
  if (order.to <= order.from) throw new InvalidInput("The range must end after it starts.", { to: "After `from`." });
  const from = new Date(Math.max(order.from.getTime(), job.anchorAt.getTime()));
  const first = intervalHolding(job.anchorAt, from, job.interval, job.timezone);
  const ends = [order.to, now, job.endAt, job.status === "active" ? job.nextIntervalAt : null];
  const before = ends.reduce<Date>((least, end) => (end && end < least ? end : least), order.to);
  // Two more than fit: a day of 23 hours is shorter than its nominal length.
  const steps = Math.max(
    0,
    Math.ceil(((before.getTime() - first.getTime()) / 1000 / intervalSeconds(job.interval)) * 1.11) + 2,
  );
  if (steps > MOST_INTERVALS * 1.11) {
    throw new InvalidInput(`This range holds more than ${MOST_INTERVALS} intervals: order it in parts.`, {
      to: "Choose a shorter range.",
    });
  }
  const start = (n: SQL) =>
    intervalStartSql(
      sql`${first.toISOString()}::timestamptz`,
      n,
      sql`${job.interval}::text`,
      sql`${job.timezone}::text`,
    );
  const isWanted = job.type === "mrv" ? mrvWanted : etlWanted;
  const isFree = sql`(t.id is null or t.state in ('succeeded', 'failed', 'cancelled'))`;
  await tx.execute(sql`drop table if exists pg_temp.backfill_plan`);
  await tx.execute(sql`
    create temporary table backfill_plan on commit drop as
    select c.interval_start, c.interval_end, t.id as task_id, t.state, t.stage, t.retry_count, t.finished_at,
      coalesce(t.raw_object_ids <> '{}', false) as has_bytes,
      ${isFree} and ${isWanted.missing} as in_missing, ${isFree} and ${isWanted.failed} as in_failed,
      ${isFree} and ${isWanted.incomplete} as in_incomplete, ${isFree} and ${isWanted.all} as in_all,
      case when not ${isFree} then 'busy' when not ${isWanted[order.mode]} then 'leave'
        when t.id is null then 'create' else 'redo' end as action
    from (select ${start(sql`(n - 1)`)} as interval_start, ${start(sql`n`)} as interval_end
      from generate_series(1, ${steps}::int) n) c
    left join meter_tasks t on t.job_id = ${job.id} and t.interval_start = c.interval_start
    where c.interval_start < ${before.toISOString()}::timestamptz
      and c.interval_end + make_interval(secs => ${job.delaySeconds}) <= ${now.toISOString()}::timestamptz
      and ${touches(order.ranges)}`);
}

function touches(ranges: BackfillOrder["ranges"]): SQL {
  if (!ranges) return sql`true`;
  const instants = (pick: "from" | "to") => `{${ranges.map((range) => range[pick].toISOString()).join(",")}}`;
  return sql`exists (
    select from unnest(${instants("from")}::timestamptz[], ${instants("to")}::timestamptz[]) r ("from", "to")
    where c.interval_start < r."to" and c.interval_end > r."from")`;
}

/** Names the plan exactly: the order, and every task it would touch as it stands now. */
export async function planToken(tx: Db, job: JobRow, order: BackfillOrder): Promise<string> {
  const ranges = (order.ranges ?? []).flatMap(({ from, to }) => [from.toISOString(), to.toISOString()]);
  const what = [job.id, order.from.toISOString(), order.to.toISOString(), order.mode, order.force, ...ranges].join(" ");
  const [row] = await tx.execute<{ token: string }>(sql`
    select encode(sha256(convert_to(${what}::text || coalesce(string_agg(
      concat_ws(' ', '', extract(epoch from interval_start), action, task_id, state, stage, retry_count, extract(epoch from finished_at)),
      ',' order by interval_start), ''), 'UTF8')), 'hex') as token
    from backfill_plan where action in ('create', 'redo')`);
  if (!row) throw new Error("The plan gave no token.");
  return row.token;
}
