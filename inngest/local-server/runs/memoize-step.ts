import { canonicalJson } from "../protocol/canonical-json";
import type { Tx } from "../store/transactions";

/** The end of a step, as it is handed to the function from then on. */
export type StepResult = { data: unknown } | { error: unknown };

/** The step id of a call that lets the function look for its next steps. */
export const discovery = "step";

/**
 * Keeps the result of a step and queues a call that goes on from there. The caller holds the run's row lock. A run
 * that has ended and a step that has a result already are left alone.
 */
export async function memoizeStep(
  tx: Tx,
  runId: string,
  stepId: string,
  name: string | null,
  result: StepResult,
): Promise<void> {
  const [kept, waiting] = await Promise.all([
    tx`
      insert into step (run_id, id, name, result)
      select id, ${stepId}, ${name}, ${canonicalJson(result)} from run where id = ${runId} and ended_at is null
      on conflict do nothing`,
    lockWaitingDiscovery(tx, runId),
  ]);
  if (kept.count === 0 || waiting.length > 0) return;
  await tx`
    insert into job (run_id, function_id, step_id, sort_at, concurrency_keys)
    select id, function_id, ${discovery}, sort_at, concurrency_keys from run where id = ${runId}`;
}

/**
 * The call for the next steps that is waiting already, if there is one. One that is under way does not count: it was
 * given the steps as they were before. The waiting one is locked until this transaction ends, or it could be claimed
 * and given the old steps right after it was counted on.
 */
async function lockWaitingDiscovery(tx: Tx, runId: string): Promise<readonly unknown[]> {
  return tx`
    select 1 from job where run_id = ${runId} and step_id = ${discovery} and lease_owner is null for update`;
}
