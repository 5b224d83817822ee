import { sql } from "drizzle-orm";

/**
 * Tasks (`meter_tasks` is at hand) whose record waits for a reviewer, was approved, or left: to work on them again or to stop them is a
 * decision about the record, with its own rules and its own row in the log.
 */
export const isDecidedOnRecord = sql`((meter_tasks.state = 'waiting' and meter_tasks.wait_reason = 'review')
  or exists (select from mrv_records r where r.task_id = meter_tasks.id and r.replaced_at is null
    and r.status in ('approved', 'submitting', 'submitted', 'submission_failed', 'submission_unknown')))`;

/** Of tasks that are not finished (`meter_tasks` is at hand), those that may be stopped. */
export const isCancellable = sql`meter_tasks.state in ('pending', 'queued', 'running', 'waiting')
  and not (meter_tasks.type = 'mrv' and ${isDecidedOnRecord})`;

/** Of a meter that is archived (`meter_tasks` is at hand), those that end with it: they have not begun. What is under way finishes. */
export const endsWithMeter = sql`(meter_tasks.state in ('pending', 'waiting') and ${isCancellable})`;
