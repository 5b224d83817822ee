import { sql } from "drizzle-orm";
import type { Db } from "../db/client";
import { newId } from "../ids";
import { batchSize } from "./limits";

export interface FormedBatch {
  batchId: string;
  type: "etl" | "mrv";
  account: string;
  isBackfill: boolean;
  taskCount: number;
}

export interface PickedTask extends Record<string, unknown> {
  id: string;
  meter_type: string;
  readings_expected: number;
}

/** The first tasks that stay below the bound; a single one may be larger than it. */
export function withinReadings(rows: readonly PickedTask[], bound: number = batchSize.expectedReadings): PickedTask[] {
  let readings = 0;
  const cut = rows.findIndex((row, index) => {
    readings += row.readings_expected;
    return index > 0 && readings > bound;
  });
  return cut === -1 ? [...rows] : rows.slice(0, cut);
}

export async function saveBatch(
  tx: Db,
  { type, account, isBackfill }: Pick<FormedBatch, "type" | "account" | "isBackfill">,
  tasks: readonly PickedTask[],
  now: Date,
): Promise<FormedBatch> {
  const batchId = newId();
  const at = sql`${now.toISOString()}::timestamptz`;
  await tx.execute(sql`
    insert into task_batches (id, type, account_key, meter_type, task_count, is_backfill, heartbeat_at, created_at)
    values (${batchId}, ${type}, ${account}, ${tasks[0]?.meter_type ?? ""}, ${tasks.length}, ${isBackfill}, ${at}, ${at})`);
  await tx.execute(sql`
    update meter_tasks set state = 'queued', batch_id = ${batchId}, queued_at = ${at}, updated_at = ${at}
    where id = any(${`{${tasks.map((task) => task.id).join(",")}}`}::uuid[])`);
  return { batchId, type, account, isBackfill, taskCount: tasks.length };
}
