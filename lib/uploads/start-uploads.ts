import { eq, inArray, sql } from "drizzle-orm";
import type { z } from "zod";
import { audit } from "../audit/audit";
import { authorise } from "../auth/actor";
import type { WorkerCtx } from "../ctx";
import type { Db } from "../db/client";
import { meterJobs, uploads } from "../db/schema";
import { withTx } from "../db/tx";
import { Conflict, NotPossibleNow } from "../errors";
import { parseInput } from "../field-errors";
import { getMeterRow } from "../meters/internal";
import { arrayLiteral } from "../pipeline/etl/array-literal";
import { askedPriority, backfillPriority, URGENT_RETRY_TASKS } from "../tasks/limits";
import type { UploadDay } from "./days";
import { openUploads } from "./internal";
import { makePlan } from "./make-plan";
import { uploadOf } from "./queries";
import { startUploadsInput, type UploadDto } from "./schemas";
import { uploadJob } from "./upload-job";

/**
 * Ingests received files as `planUploads` showed it, and nothing else: throws Conflict where that has changed since. Each covered day
 * becomes a task of the meter's upload job, or its task is done again with these files, through the stages of every other task.
 */
export async function startUploads(ctx: WorkerCtx, input: z.input<typeof startUploadsInput>): Promise<UploadDto[]> {
  const { meterId, uploadIds, planToken } = parseInput(startUploadsInput, input);
  authorise(ctx.actor, "tasks:operate", meterId);
  const meter = await getMeterRow(ctx.db, meterId);
  const { plan, days } = await makePlan(ctx, meter, await openUploads(ctx.db, { meterId, uploadIds }));
  if (plan.planToken !== planToken) {
    throw new Conflict(
      "The meter or its readings changed since this was shown. Look at the new preview and start it again.",
    );
  }
  if (plan.refusal) throw new NotPossibleNow(plan.refusal.message);
  await withTx(ctx.db, async (tx) => {
    const locked = await getMeterRow(tx, meterId, true);
    if (locked.archivedAt) throw new NotPossibleNow("This meter is archived: it takes no files any more.");
    if (locked.version !== meter.version)
      throw new Conflict("Somebody changed this meter meanwhile: look at the preview again.");
    const files = await openUploads(tx, { meterId, uploadIds, lock: true });
    const job = await uploadJob(tx, meter, days);
    const latestTaskId = await writeTasks(tx, {
      jobId: job.id,
      meterId,
      days,
      objectIds: files.map(({ objectId }) => objectId),
    });
    await tx.update(meterJobs).set({ latestTaskId }).where(eq(meterJobs.id, job.id));
    await tx
      .update(uploads)
      .set({
        state: "started",
        jobId: job.id,
        fromAt: plan.from as Date | null,
        toAt: plan.to as Date | null,
        taskCount: days.length,
        readings: plan.readings,
        startedBy: ctx.actor.name,
        startedAt: sql`now()`,
      })
      .where(inArray(uploads.id, [...uploadIds]));
    await audit(tx, ctx.actor, "upload.started", {
      objectType: "upload",
      objectId: files[0]?.id ?? "",
      meterId,
      details: {
        files: files.map(({ id, fileName, sha256 }) => ({ id, fileName, sha256 })),
        from: days[0]?.from,
        to: days.at(-1)?.to,
        tasks: days.length,
        ...{ readings: plan.readings, new: plan.new, changed: plan.changed, rejected: plan.rejected },
      },
    });
  });
  ctx.startWork?.();
  return Promise.all(uploadIds.map((id) => uploadOf(ctx.db, id)));
}

/** One task a day; returns the newest. A task that a run is working on now is not taken from it. */
async function writeTasks(
  tx: Db,
  order: { jobId: string; meterId: string; days: readonly UploadDay[]; objectIds: readonly string[] },
): Promise<string> {
  const { jobId, meterId, days, objectIds } = order;
  const starts = sql`${arrayLiteral(days.map(({ from }) => from.toISOString()))}::timestamptz[]`;
  const busy = await tx.execute<{ state: string }>(sql`
    select state from meter_tasks where job_id = ${jobId} and interval_start = any(${starts}) order by id for update`);
  const running = busy.filter(({ state }) => state === "queued" || state === "running").length;
  if (running > 0) {
    throw new NotPossibleNow(
      `${running === 1 ? "A task" : `${running} tasks`} of an earlier upload of these days ${running === 1 ? "is" : "are"} being worked on: start this one when ${running === 1 ? "it is" : "they are"} done.`,
    );
  }
  const priority = days.length > URGENT_RETRY_TASKS ? backfillPriority : askedPriority;
  const rows = await tx.execute<{ id: string }>(sql`
    with written as (
      insert into meter_tasks as t (job_id, meter_id, type, interval_start, interval_end, due_at, stage, priority,
        raw_object_ids, readings_expected)
      select ${jobId}::uuid, ${meterId}::uuid, 'etl', d.from_at, d.to_at, now(), 'collection', ${priority}::int,
        ${arrayLiteral(objectIds)}::uuid[], d.readings
      from unnest(${starts}, ${arrayLiteral(days.map(({ to }) => to.toISOString()))}::timestamptz[],
        ${arrayLiteral(days.map(({ readings }) => readings))}::int[]) as d(from_at, to_at, readings)
      on conflict (job_id, interval_start) do update set
        state = 'pending', stage = 'collection', priority = excluded.priority, retry_count = 0, wait_reason = null,
        wait_until = null, finished_at = null, batch_id = null, is_forced = false, raw_object_ids = excluded.raw_object_ids,
        due_at = excluded.due_at, updated_at = now()
      returning id, interval_start
    )
    select id from written order by interval_start desc limit 1`);
  const [newest] = rows;
  if (!newest) throw new Error("The upload made no task.");
  return newest.id;
}
