import type { Engine } from "../engine";
import { memoizeStep, type StepResult } from "../runs/memoize-step";

const batchSize = 100;

/** Ends the sleeps that are over and the waits that timed out. Returns how many there were. */
export async function endDueWaits(engine: Engine): Promise<number> {
  const due = await engine.sql<{ id: string; run_id: string }[]>`
    select id, run_id from wait where expires_at <= now() order by expires_at limit ${batchSize}`;
  for (const wait of due) {
    await engine.transactions.run(async (tx) => {
      await tx`select 1 from run where id = ${wait.run_id} for update`;
      const [taken] = await tx<{ kind: string; step_id: string | null; step_name: string | null }[]>`
        delete from wait where id = ${wait.id} returning kind, step_id, step_name`;
      if (taken?.step_id) {
        await memoizeStep(tx, wait.run_id, taken.step_id, taken.step_name, resultOfTimeout(taken.kind));
      }
    });
  }
  if (due.length > 0) engine.jobsChanged();
  return due.length;
}

function resultOfTimeout(kind: string): StepResult {
  if (kind !== "invoke") return { data: null };
  const message = "The invoked function did not finish in time";
  return { error: { name: "InngestInvokeTimeoutError", message } };
}
