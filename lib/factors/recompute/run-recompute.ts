import { asc, eq, isNull, sql } from "drizzle-orm";
import { audit } from "../../audit/audit";
import type { Db } from "../../db/client";
import { carbonRecomputeParts, carbonRecomputes } from "../../db/schema";
import { withTx } from "../../db/tx";
import { ingestionsHaveEnded } from "../../pipeline/etl/ingestions-under-way";
import { restatePart } from "./restate-part";
import { staleGroups } from "./stale-rows";
import { openParts, type RecomputeRow } from "./store-recompute";

/** A step of a run is answered well before an engine would take it for lost. */
const STEP_MILLISECONDS = 10_000;

/**
 * Works on open recomputes, oldest first, part by part, until none is left or the time of a step is over. Each part is one
 * transaction that also marks it as done, so whatever is killed is done again from its last part, and a part that was done is
 * found done. Returns whether something is left.
 */
export async function runRecomputes(
  db: Db,
  now: () => Date,
): Promise<{ parts: number; rows: number; isLeft: boolean }> {
  const until = now().getTime() + STEP_MILLISECONDS;
  let parts = 0;
  let rows = 0;
  while (now().getTime() < until) {
    const recompute = await oldestOpen(db);
    if (!recompute) return { parts, rows, isLeft: false };
    const changed = await nextPart(db, recompute);
    if (changed === null) {
      // An ingestion that read the factors before they changed can commit when everything is done, and the last look must see it.
      if (await ingestionsHaveEnded(db)) await finishOrReopen(db, recompute);
    } else {
      parts += 1;
      rows += changed;
    }
  }
  return { parts, rows, isLeft: true };
}

async function oldestOpen(db: Db): Promise<RecomputeRow | undefined> {
  const [row] = await db
    .select()
    .from(carbonRecomputes)
    .where(isNull(carbonRecomputes.finishedAt))
    .orderBy(asc(carbonRecomputes.createdAt), asc(carbonRecomputes.id))
    .limit(1);
  return row;
}

/** Rows changed by the next open part; null where no part is open. */
async function nextPart(db: Db, recompute: RecomputeRow): Promise<number | null> {
  return withTx(db, async (tx) => {
    const [part] = await tx.execute<{ meter_id: string; month_at: string }>(sql`
      select meter_id, month_at from carbon_recompute_parts
      where recompute_id = ${recompute.id} and done_at is null order by meter_id, month_at limit 1 for update`);
    if (!part) return null;
    const changed = await restatePart(tx, recompute, { meterId: part.meter_id, monthAt: new Date(part.month_at) });
    await tx.execute(sql`
      update carbon_recompute_parts set done_at = now(), rows_changed = rows_changed + ${changed}
      where recompute_id = ${recompute.id} and meter_id = ${part.meter_id} and month_at = ${part.month_at}::timestamptz`);
    return changed;
  });
}

/** Rows that were transformed before the change and ingested after it are found by another look: their parts are opened again. */
async function finishOrReopen(db: Db, recompute: RecomputeRow): Promise<void> {
  await withTx(db, async (tx) => {
    const { id, region, fromAt, toAt } = recompute;
    const [open] = await tx
      .select({ id: carbonRecomputes.id })
      .from(carbonRecomputes)
      .where(sql`${carbonRecomputes.id} = ${id} and ${carbonRecomputes.finishedAt} is null`)
      .for("update");
    if (!open) return;
    const groups = await staleGroups(tx, { region, from: fromAt, to: toAt });
    if (groups.length > 0) return openParts(tx, id, groups);
    await tx.update(carbonRecomputes).set({ finishedAt: sql`now()` }).where(eq(carbonRecomputes.id, id));
    const [sum] = await tx
      .select({ rows: sql<number>`sum(${carbonRecomputeParts.rowsChanged})::int` })
      .from(carbonRecomputeParts)
      .where(eq(carbonRecomputeParts.recomputeId, id));
    await audit(tx, { kind: "system", name: "recompute-carbon" }, "recompute.finished", {
      objectType: "recompute",
      objectId: id,
      details: { region, rows: sum?.rows ?? 0 },
    });
  });
}
