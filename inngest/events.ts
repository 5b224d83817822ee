import { eventType } from "inngest";
import { z } from "zod";

/** A batch of tasks is committed and wants a run. The event's id is the batch's, so it starts one run however often it is sent. */
export const tasksQueued = eventType("meter/tasks.queued", {
  schema: z.object({ batchId: z.uuid(), account: z.string() }),
});

/** The same of a batch of tasks that make MRV records. */
export const mrvTasksQueued = eventType("mrv/tasks.queued", {
  schema: z.object({ batchId: z.uuid(), account: z.string() }),
});

/** Somebody gave work to do (a job, a retry, a backfill): it is not to wait for the minute. What it is, Postgres knows. */
export const dispatchRequested = eventType("meter/dispatch.requested", { schema: z.object({}) });

/** Records for a Guardian are approved, or due once more. Without an id, as a dispatch: one more finds nothing to do. Which ones, Postgres knows. */
export const recordsDue = eventType("mrv/records.due", { schema: z.object({ guardian: z.string() }) });

/** The time of waiting tasks has come (`ts` lies in the future when it is sent). Which ones, Postgres knows. */
export const tasksDue = eventType("meter/tasks.due", { schema: z.object({ dueAt: z.iso.datetime() }) });

/** Messages are recorded and want to be sent; the minute's delivery is the safety net. Which ones, Postgres knows. */
export const notificationsRecorded = eventType("notification/messages.recorded", { schema: z.object({}) });
