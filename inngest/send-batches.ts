import type { SendBatches } from "@/lib/tasks/send-batches";
import { inngest } from "./client";
import { mrvTasksQueued, tasksQueued } from "./events";

export const sendQueuedBatches: SendBatches = async (batches) => {
  await inngest.send(
    batches.map(({ type, ...batch }) =>
      (type === "mrv" ? mrvTasksQueued : tasksQueued).create(batch, { id: batch.batchId }),
    ),
  );
};
