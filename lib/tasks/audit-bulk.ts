import { audit } from "../audit/audit";
import type { Actor } from "../auth/actor";
import type { Db } from "../db/client";
import { touchedMeters } from "./select-tasks";

/**
 * One row per meter, with the range of the tasks: a single task is the object itself, several are named in the details, with the `ranges` they
 * cover where there is something between them (four eyes ask who touched a period).
 */
export async function auditBulk(tx: Db, actor: Actor, action: string, details: Record<string, unknown>): Promise<void> {
  for (const touched of await touchedMeters(tx)) {
    const [only, ...others] = touched.task_ids;
    const isSingle = only !== undefined && others.length === 0;
    await audit(tx, actor, action, {
      objectType: isSingle ? "task" : "meter",
      objectId: isSingle ? only : touched.meter_id,
      meterId: touched.meter_id,
      details: {
        ...details,
        tasks: touched.tasks,
        from: new Date(touched.from).toISOString(),
        to: new Date(touched.to).toISOString(),
        ...(!isSingle && { taskIds: touched.task_ids }),
        ...(touched.ranges && { ranges: touched.ranges.map((pair) => pair.map((at) => new Date(at).toISOString())) }),
      },
    });
  }
}
