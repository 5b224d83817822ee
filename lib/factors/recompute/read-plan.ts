import { createHash } from "node:crypto";
import type { Db } from "../../db/client";
import { countAffectedRecords } from "./affected-records";
import { MOST_PARTS, type PlanPart, type RecomputePlan } from "./schemas";
import { type RecomputeScope, type StaleGroup, staleGroups } from "./stale-rows";

export interface ReadPlan {
  scope: RecomputeScope;
  groups: StaleGroup[];
  plan: RecomputePlan;
}

/**
 * What a recompute would change as the factors are now, in this transaction. The token names it exactly: what was ordered
 * (`order`, JSON) and how many rows of each meter, month and value it changes.
 */
export async function readPlan(tx: Db, scope: RecomputeScope, order: unknown): Promise<ReadPlan> {
  const groups = await staleGroups(tx, scope);
  const parts = groups.map(partOf);
  const sum = (pick: (part: PlanPart) => number) => parts.reduce((total, part) => total + pick(part), 0);
  const mrvRecords = await countAffectedRecords(tx, scope, groups);
  // Not the new factor's id: a plan makes one that is taken back.
  const named = groups.map((group) => [group.meter_id, group.month, group.from_value, group.to_value, group.rows]);
  const planToken = createHash("sha256")
    .update(JSON.stringify([order, named, mrvRecords]))
    .digest("hex");
  return {
    scope,
    groups,
    plan: {
      region: scope.region,
      rows: sum((part) => part.rows),
      meters: new Set(groups.map((group) => group.meter_id)).size,
      mrvRecords,
      tonsBefore: sum((part) => part.tonsBefore),
      tonsAfter: sum((part) => part.tonsAfter),
      parts: parts.slice(0, MOST_PARTS),
      isPartsCut: parts.length > MOST_PARTS,
      planToken,
    },
  };
}

function partOf(group: StaleGroup): PlanPart {
  return {
    meterId: group.meter_id,
    meterName: group.meter_name,
    month: group.month.slice(0, 7),
    fromValue: group.from_value,
    toValue: group.to_value,
    rows: group.rows,
    tonsBefore: Number(group.tons),
    tonsAfter: (Number(group.kwh) * Number(group.to_value ?? 0)) / 1000,
  };
}
