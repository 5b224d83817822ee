import { and, eq, inArray, sql } from "drizzle-orm";
import type { z } from "zod";
import { audit } from "../audit/audit";
import { authorise } from "../auth/actor";
import type { Ctx } from "../ctx";
import type { Db } from "../db/client";
import { meterJobs, meters } from "../db/schema";
import { withTx } from "../db/tx";
import { NotFound } from "../errors";
import { restateCalls } from "../quotas/stated-calls";
import { endsWithMeter } from "../tasks/decided-on-record";
import { getMeterRow, toDto } from "./internal";
import { type archivedMeterDto, meterIdInput } from "./schemas";

/**
 * Takes a meter out of the fleet: its jobs end and tasks that have not begun are cancelled; those under way finish. Its
 * readings, records and archived bytes stay, and a record that waits for a person still does. Archiving an archived meter changes nothing.
 */
export async function archiveMeter(
  ctx: Ctx,
  input: z.input<typeof meterIdInput>,
): Promise<z.input<typeof archivedMeterDto>> {
  const { meterId } = meterIdInput.parse(input);
  authorise(ctx.actor, "meters:edit", meterId);
  return withTx(ctx.db, async (tx) => {
    // Jobs before the meter: their own verbs lock in that order.
    const jobs = await endJobs(tx, meterId);
    const before = await getMeterRow(tx, meterId, true);
    if (before.archivedAt) {
      return { meter: toDto(before, null), endedJobs: 0, cancelledTasks: 0, message: "It was archived already." };
    }
    const cancelledTasks = await cancelTasks(tx, meterId);
    const [after] = await tx
      .update(meters)
      .set({ archivedAt: sql`now()`, version: sql`${meters.version} + 1`, updatedAt: sql`now()` })
      .where(eq(meters.id, meterId))
      .returning();
    if (!after) throw new NotFound("There is no such meter.");
    await restateCalls(tx, after.type, after.accountKey);
    await audit(tx, ctx.actor, "meter.archived", {
      objectType: "meter",
      objectId: meterId,
      meterId,
      details: { name: after.name, endedJobs: jobs, cancelledTasks },
    });
    const message = `${after.name} is archived. ${jobs.length} ${jobs.length === 1 ? "job" : "jobs"} ended, ${cancelledTasks} waiting ${cancelledTasks === 1 ? "task was" : "tasks were"} cancelled; its readings stay.`;
    return { meter: toDto(after, null), endedJobs: jobs.length, cancelledTasks, message };
  });
}

async function endJobs(tx: Db, meterId: string): Promise<string[]> {
  const ended = await tx
    .update(meterJobs)
    .set({ status: "ended", pauseReason: null, updatedAt: sql`now()` })
    .where(and(eq(meterJobs.meterId, meterId), inArray(meterJobs.status, ["active", "paused"])))
    .returning({ id: meterJobs.id });
  return ended.map(({ id }) => id);
}

async function cancelTasks(tx: Db, meterId: string): Promise<number> {
  const cancelled = await tx.execute(sql`
    update meter_tasks set state = 'cancelled', wait_reason = null, wait_until = null, finished_at = now(), updated_at = now()
    where meter_id = ${meterId} and ${endsWithMeter}`);
  return cancelled.count;
}
