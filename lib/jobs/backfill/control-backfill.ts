import { eq, sql } from "drizzle-orm";
import type { z } from "zod";
import { audit } from "../../audit/audit";
import { authorise } from "../../auth/actor";
import type { Ctx } from "../../ctx";
import type { Db } from "../../db/client";
import { backfills } from "../../db/schema/jobs";
import { withTx } from "../../db/tx";
import { NotPossibleNow } from "../../errors";
import { parseInput } from "../../field-errors";
import { backfillOf, meterOfBackfill } from "./progress";
import { type BackfillDto, backfillIdInput } from "./schemas";

type BackfillRow = typeof backfills.$inferSelect;
type Input = z.input<typeof backfillIdInput>;

/** Tasks of the backfill that are not in a batch yet wait; those under way finish. Pausing a paused one changes nothing. */
export function pauseBackfill(ctx: Ctx, input: Input): Promise<BackfillDto> {
  return control(ctx, input, "backfill.paused", async (tx, backfill) => {
    if (backfill.status === "paused") return undefined;
    assertOpen(backfill, "paused");
    await tx.update(backfills).set({ status: "paused" }).where(eq(backfills.id, backfill.id));
    return {};
  });
}

/** Goes on where it was paused. Resuming a running one changes nothing. */
export async function resumeBackfill(ctx: Ctx, input: Input): Promise<BackfillDto> {
  const dto = await control(ctx, input, "backfill.resumed", async (tx, backfill) => {
    if (backfill.status === "running") return undefined;
    assertOpen(backfill, "resumed");
    await tx.update(backfills).set({ status: "running" }).where(eq(backfills.id, backfill.id));
    return {};
  });
  ctx.startWork?.();
  return dto;
}

/**
 * Ends a backfill. Tasks not in a batch yet are cancelled; those whose interval was ingested before the backfill count as succeeded
 * again, because their readings are there. Tasks under way finish.
 */
export function stopBackfill(ctx: Ctx, input: Input): Promise<BackfillDto> {
  return control(ctx, input, "backfill.stopped", async (tx, backfill) => {
    if (backfill.status === "stopped") return undefined;
    assertOpen(backfill, "stopped");
    const dropped = await tx.execute(sql`
      with dropped as (
        select id, timings @> '[{"stage":"ingestion","outcome":"succeeded"}]' as was_ingested from meter_tasks
        where backfill_id = ${backfill.id} and state in ('pending', 'waiting') order by id for update
      )
      update meter_tasks t set
        state = case when d.was_ingested then 'succeeded' else 'cancelled' end,
        stage = case when d.was_ingested then 'ingestion' else t.stage end,
        is_forced = false, wait_reason = null, wait_until = null, finished_at = now(), updated_at = now()
      from dropped d where d.id = t.id`);
    await tx.update(backfills).set({ status: "stopped", finishedAt: sql`now()` }).where(eq(backfills.id, backfill.id));
    return { droppedTasks: dropped.count };
  });
}

/** `change` gives the details for the audit log, or undefined where nothing changed. */
async function control(
  ctx: Ctx,
  input: Input,
  action: string,
  change: (tx: Db, backfill: BackfillRow) => Promise<Record<string, unknown> | undefined>,
): Promise<BackfillDto> {
  const { backfillId, jobId } = parseInput(backfillIdInput, input);
  return withTx(ctx.db, async (tx) => {
    const meterId = await meterOfBackfill(tx, backfillId, jobId);
    authorise(ctx.actor, "jobs:operate", meterId);
    const [backfill] = await tx.select().from(backfills).where(eq(backfills.id, backfillId)).for("update");
    const changed = backfill && (await change(tx, backfill));
    const dto = await backfillOf(tx, backfillId);
    if (backfill && changed) {
      const { fromAt, toAt } = backfill;
      const details = { jobId: backfill.jobId, from: fromAt.toISOString(), to: toAt.toISOString(), ...changed };
      await audit(tx, ctx.actor, action, { objectType: "backfill", objectId: backfillId, meterId, details });
    }
    return dto;
  });
}

function assertOpen(backfill: BackfillRow, verb: string): void {
  if (backfill.status === "running" || backfill.status === "paused") return;
  throw new NotPossibleNow(`This backfill is ${backfill.status}: it cannot be ${verb}.`);
}
