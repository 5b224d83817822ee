import { and, eq } from "drizzle-orm";
import type { Ctx } from "../ctx";
import { meters, meterTasks } from "../db/schema";
import { retryTasks } from "../tasks/retry-tasks";
import { plantOnce } from "./once";

export const RESTATEMENT = "demo-restatement";

/**
 * Collects every day of a demo meter anew, as an operator does who is told that the utility has replaced files; once. False: some
 * day is still under way, or it was done before.
 */
export async function restateDemo(ctx: Ctx, meterName: string): Promise<boolean> {
  const tasks = await ctx.db
    .select({ id: meterTasks.id, state: meterTasks.state })
    .from(meterTasks)
    .innerJoin(meters, eq(meters.id, meterTasks.meterId))
    .where(and(eq(meters.name, meterName), eq(meterTasks.type, "etl")));
  const done = tasks.filter(({ state }) => state === "succeeded");
  if (done.length === 0 || done.length < tasks.length) return false;
  return plantOnce(ctx.db, RESTATEMENT, async (tx) => {
    await retryTasks({ ...ctx, db: tx }, { taskIds: done.map(({ id }) => id), force: true });
  });
}
