import { sql } from "drizzle-orm";
import { audit } from "../../audit/audit";
import type { Actor } from "../../auth/actor";
import type { Db } from "../../db/client";
import { carbonRecomputes } from "../../db/schema";
import { Conflict, NotPossibleNow } from "../../errors";
import { arrayLiteral } from "../../pipeline/etl/array-literal";
import type { ReadPlan } from "./read-plan";
import type { StaleGroup } from "./stale-rows";

export type RecomputeRow = typeof carbonRecomputes.$inferSelect;

/** Stores the order with a part for each meter's month; the runs find it there. Throws Conflict where the plan has changed. */
export async function storeRecompute(
  tx: Db,
  { scope, groups, plan }: ReadPlan,
  order: { planToken: string; factorId: string | null; by: string },
): Promise<RecomputeRow> {
  if (plan.planToken !== order.planToken) {
    throw new Conflict(
      "Stored readings or factors changed since the plan was made. Look at the new plan and order it again.",
    );
  }
  if (groups.length === 0)
    throw new NotPossibleNow("There is nothing to recompute: stored carbon is as the factors say.");
  const [row] = await tx
    .insert(carbonRecomputes)
    .values({
      region: scope.region,
      fromAt: scope.from ?? null,
      toAt: scope.to ?? null,
      factorId: order.factorId,
      rowsPlanned: plan.rows,
      createdBy: order.by,
    })
    .returning();
  if (!row) throw new Error("The recompute was not stored.");
  await openParts(tx, row.id, groups);
  return row;
}

/** Parts that are there already are opened again. */
export async function openParts(tx: Db, recomputeId: string, groups: readonly StaleGroup[]): Promise<void> {
  const months = groups.map((group) => group.month);
  await tx.execute(sql`
    insert into carbon_recompute_parts as p (recompute_id, meter_id, month_at, rows_planned)
    select ${recomputeId}::uuid, meter_id, month_at, sum(rows)
    from unnest(${arrayLiteral(groups.map((group) => group.meter_id))}::uuid[], ${arrayLiteral(months)}::timestamptz[],
      ${arrayLiteral(groups.map((group) => group.rows))}::int[]) as g(meter_id, month_at, rows)
    group by meter_id, month_at
    on conflict (recompute_id, meter_id, month_at) do update
      set rows_planned = p.rows_planned + excluded.rows_planned, done_at = null`);
}

/** Last in its transaction, as every word in the audit log. */
export async function auditRecompute(tx: Db, actor: Actor, row: RecomputeRow): Promise<void> {
  const { id, region, fromAt, toAt, factorId, rowsPlanned } = row;
  await audit(tx, actor, "recompute.started", {
    objectType: "recompute",
    objectId: id,
    details: { region, from: fromAt, to: toAt, factorId, rows: rowsPlanned },
  });
}
