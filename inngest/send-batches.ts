import type { SendBatches } from "@/lib/tasks/send-batches";
import { inngest } from "./client";
import { tasksQueued } from "./events";

export const sendQueuedBatches: SendBatches = async (batches) => {
  await inngest.send(batches.map((batch) => tasksQueued.create(batch, { id: batch.batchId })));
};
