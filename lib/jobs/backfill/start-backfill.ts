import { sql } from "drizzle-orm";
import type { z } from "zod";
import { audit } from "../../audit/audit";
import { authorise } from "../../auth/actor";
import { connectorOf } from "../../connectors/registry";
import type { Ctx } from "../../ctx";
import type { Db } from "../../db/client";
import { backfills } from "../../db/schema/jobs";
import { withTx } from "../../db/tx";
import { Conflict, NotPossibleNow } from "../../errors";
import { parseInput } from "../../field-errors";
import { backfillPriority } from "../../tasks/limits";
import { nominalSeconds } from "../../time";
import { getJobForUpdate, type JobAndMeter } from "../internal";
import { type BackfillOrder, planRows, planToken } from "./plan-rows";
import { backfillOf } from "./progress";
import { type BackfillDto, startBackfillInput } from "./schemas";

/**
 * Does what `planBackfill` showed, and nothing else: throws Conflict when any task of the plan changed since. Missing tasks are
 * made, finished ones go back to their first stage; all stand behind live work and belong to the backfill from now on.
 */
export async function startBackfill(
  ctx: Ctx,
  input: z.input<typeof startBackfillInput>,
  now = new Date(),
): Promise<BackfillDto> {
  const { jobId, planToken: given, ...order } = parseInput(startBackfillInput, input);
  const started = await withTx(ctx.db, async (tx) => {
    // Locked: neither the dispatcher nor another backfill makes tasks of this job meanwhile.
    const found = await getJobForUpdate(tx, jobId);
    authorise(ctx.actor, "jobs:operate", found.job.meterId);
    if (found.meter.archivedAt)
      throw new NotPossibleNow(`${found.meter.name} is archived: nothing is collected from it.`);
    await planRows(tx, found.job, order, now);
    const [plan] = await tx.execute<{ tasks: number; redo: number; from: string; to: string }>(sql`
      select count(*)::int as tasks, count(*) filter (where action = 'redo')::int as redo,
        min(interval_start) as "from", max(interval_end) as "to"
      from backfill_plan where action in ('create', 'redo')`);
    if ((await planToken(tx, found.job, order)) !== given) throw planChanged();
    if (!plan || plan.tasks === 0) throw new NotPossibleNow("There is nothing to do in this range.");

    const [backfill] = await tx
      .insert(backfills)
      .values({
        jobId,
        fromAt: new Date(plan.from),
        toAt: new Date(plan.to),
        mode: order.mode,
        isForced: order.force,
        taskCount: plan.tasks,
        createdBy: ctx.actor.name,
      })
      .returning();
    if (!backfill) throw new Error("The backfill was not stored.");
    await writeTasks(tx, found, order, backfill.id, ctx.actor.name, plan);
    await audit(tx, ctx.actor, "backfill.started", {
      objectType: "backfill",
      objectId: backfill.id,
      meterId: found.job.meterId,
      details: { jobId, from: plan.from, to: plan.to, mode: order.mode, force: order.force, tasks: plan.tasks },
    });
    return backfillOf(tx, backfill.id);
  });
  ctx.startWork?.();
  return started;
}

async function writeTasks(
  tx: Db,
  { job, meter }: JobAndMeter,
  order: BackfillOrder,
  backfillId: string,
  by: string,
  plan: { tasks: number; redo: number },
): Promise<void> {
  const forcedBy = order.force ? by : null;
  const firstStage = job.type === "etl" ? "collection" : "extraction";
  const redone = await tx.execute(sql`
    update meter_tasks t set
      state = 'pending', stage = ${firstStage}, priority = ${backfillPriority}, retry_count = 0, wait_reason = null,
      wait_until = null, finished_at = null, batch_id = null, backfill_id = ${backfillId},
      is_forced = ${order.force}, forced_by = coalesce(${forcedBy}::text, t.forced_by), updated_at = now()
    from backfill_plan p
    where p.action = 'redo' and t.id = p.task_id and t.state = p.state`);
  const resolution = nominalSeconds(connectorOf(meter.type).resolution);
  const created = await tx.execute(sql`
    insert into meter_tasks (job_id, meter_id, type, interval_start, interval_end, due_at, stage, priority,
      readings_expected, is_forced, forced_by, backfill_id)
    select ${job.id}, ${job.meterId}, ${job.type}, interval_start, interval_end,
      interval_end + make_interval(secs => ${job.delaySeconds}), ${firstStage}, ${backfillPriority},
      round(extract(epoch from interval_end - interval_start) / ${resolution}::float8)::int,
      ${order.force}, ${forcedBy}::text, ${backfillId}
    from backfill_plan where action = 'create'
    on conflict (job_id, interval_start) do nothing`);
  if (redone.count !== plan.redo || redone.count + created.count !== plan.tasks) throw planChanged();
}

function planChanged(): Conflict {
  return new Conflict(
    "The tasks of this range changed since the plan was made. Look at the new plan and order it again.",
  );
}
