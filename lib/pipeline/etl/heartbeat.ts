import { raiseHeartbeat } from "../../tasks/heartbeat";
import type { Batch, Worker } from "../worker";

const EVERY_MILLISECONDS = 10_000;

/**
 * Runs `work` while telling the reconciler that the batch is alive. `isOurs` turns false when the batch was finished or
 * taken back meanwhile: calls that cost quota should stop then.
 */
export async function withHeartbeat<T>(
  worker: Worker,
  batch: Batch,
  work: (isOurs: () => boolean) => Promise<T>,
): Promise<T> {
  let isOurs = true;
  const beat = async () => {
    isOurs = await raiseHeartbeat(worker.db, batch.batchId, worker.now());
  };
  await beat();
  const timer = setInterval(() => {
    // The work itself fails when the database is away; a beat that is missed alone does no harm.
    beat().catch((error: unknown) => worker.log.warn({ err: error, batchId: batch.batchId }, "heartbeat failed"));
  }, EVERY_MILLISECONDS);
  timer.unref();
  try {
    return await work(() => isOurs);
  } finally {
    clearInterval(timer);
  }
}
