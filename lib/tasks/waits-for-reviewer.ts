import { type SQL, sql } from "drizzle-orm";

/**
 * A task that waits for a decision about its record, and for nothing else: what its attempts were told last is over. Where nobody knows whether the
 * record arrived, the last attempt is what a person decides about.
 */
export function waitsForReviewer(task: SQL): SQL {
  return sql`(${task}.state = 'waiting' and ${task}.wait_reason = 'review'
    and ${task}.execution_errs->-1->>'code' is distinct from 'SUBMISSION_UNKNOWN')`;
}
