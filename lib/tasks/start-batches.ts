import type { Db } from "../db/client";
import { formBatches } from "./form-batches";
import { type SendBatches, sendBatches } from "./send-batches";
import { wakeWaitingTasks } from "./wake-waiting-tasks";

export interface Started {
  woken: number;
  formed: number;
  sent: number;
}

/**
 * Wakes what has waited long enough, fills the free places with batches and starts their runs. Called every minute, at the end of
 * every run (so that a backfill does not wait for the minute) and when waiting tasks come due.
 */
export async function startBatches(db: Db, send: SendBatches, now: Date): Promise<Started> {
  const woken = await wakeWaitingTasks(db, now);
  const formed = await formBatches(db, now);
  const sent = await sendBatches(db, send, now);
  return { woken, formed: formed.length, sent };
}
