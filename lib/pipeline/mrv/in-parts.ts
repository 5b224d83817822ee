import type { Db } from "../../db/client";
import { withTx } from "../../db/tx";
import { type MrvTask, partsOf } from "../../mrv/extraction/mrv-tasks";
import { withHeartbeat } from "../etl/heartbeat";
import { isDeadlock } from "../etl/is-deadlock";
import { inParallel } from "../etl/run-stage";
import type { StageCounts } from "../etl/stage-tasks";
import type { Batch, Worker } from "../worker";

const ATTEMPTS = 3;
/** One is summed and hashed here while the database works on the other. */
const PARTS_AT_ONCE = 2;

/**
 * Runs a stage of a batch of records part by part, two at a time and each in a transaction of its own, until the batch is somebody else's. `before` is done
 * ahead of the transaction, and what it gives is handed on.
 */
export async function inParts<T>(
  worker: Worker,
  batch: Batch,
  take: () => Promise<MrvTask[]>,
  work: (tx: Db, worker: Worker, batch: Batch, part: readonly MrvTask[], given: T) => Promise<StageCounts>,
  before: (worker: Worker, part: readonly MrvTask[]) => Promise<T>,
): Promise<StageCounts> {
  return withHeartbeat(worker, batch, async (isOurs) => {
    const total: StageCounts = { tasks: 0, succeeded: 0, failed: 0, rows: 0 };
    await inParallel(partsOf(await take()), PARTS_AT_ONCE, async (part) => {
      if (!isOurs()) return;
      const given = await before(worker, part);
      const counts = await inTx(worker, (tx) => work(tx, worker, batch, part, given));
      total.tasks += counts.tasks;
      total.succeeded += counts.succeeded;
      total.failed += counts.failed;
      total.rows += counts.rows;
    });
    return total;
  });
}

async function inTx(worker: Worker, work: (tx: Db) => Promise<StageCounts>): Promise<StageCounts> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await withTx(worker.db, work);
    } catch (error) {
      // Two batches can want one device's period at one time, or a reviewer a record that is being replaced.
      if (attempt === ATTEMPTS || !isDeadlock(error)) throw error;
    }
  }
}
