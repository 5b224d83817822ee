import type { Engine } from "../engine";
import type { ClaimedJob } from "../queue/claim-jobs";
import type { Tx } from "../store/transactions";
import { applyStep, StepRefused } from "./apply-step";
import { asRunError, type Outcome, type ReportedStep } from "./call-function";
import { finishRun, type RunError } from "./finish-run";
import { memoizeStep } from "./memoize-step";
import { retryDelayMs } from "./retry-delay";

/** How soon an app that could not be reached is called again; this costs the run no attempt. */
const unreachableDelayMs = 1_000;

/**
 * Turns the outcome of a call into the next state of its run, in one transaction: it is either as if the call had
 * never been made, or it is remembered for good. Does nothing when the lease was lost meanwhile.
 */
export async function applyOutcome(engine: Engine, job: ClaimedJob, owner: string, outcome: Outcome): Promise<void> {
  await engine.transactions.run(async (tx) => {
    const [run] = await tx<{ ended_at: Date | null; is_owner: boolean }[]>`
      select ended_at, exists (select 1 from job where id = ${job.id} and lease_owner = ${owner}) as is_owner
      from run where id = ${job.runId} for update`;
    if (!run?.is_owner) return;
    if (run.ended_at || outcome.kind === "obsolete") {
      await tx`delete from job where id = ${job.id}`;
      return;
    }
    switch (outcome.kind) {
      case "unreachable":
        await release(tx, job, unreachableDelayMs, job.attempt);
        return;
      case "completed":
        await tx`delete from job where id = ${job.id}`;
        await complete(engine, tx, job, outcome.output);
        return;
      case "failed":
        if (outcome.canRetry && (await retry(engine, tx, job, outcome.retryAt))) return;
        await tx`delete from job where id = ${job.id}`;
        await finishRun(engine, tx, job.runId, { status: "failed", error: outcome.error });
        return;
      case "steps":
        await applySteps(engine, tx, job, outcome);
    }
  });
  // Only now can the new sleeps and waits be seen.
  if (outcome.kind === "steps") engine.timersChanged();
}

async function complete(engine: Engine, tx: Tx, job: ClaimedJob, output: unknown): Promise<void> {
  const tooLarge = outputProblem(output);
  await finishRun(
    engine,
    tx,
    job.runId,
    tooLarge ? { status: "failed", error: tooLarge } : { status: "completed", output },
  );
}

/** What is reported with its result: either it leads to a further call or it had led to one before. */
const endedSteps = ["Step", "StepRun", "StepError", "StepFailed", "RunComplete"];

async function applySteps(
  engine: Engine,
  tx: Tx,
  job: ClaimedJob,
  outcome: Extract<Outcome, { kind: "steps" }>,
): Promise<void> {
  const failed = outcome.steps.find((step) => step.op === "StepError");
  if (failed && outcome.steps.length === 1 && outcome.canRetry && (await retry(engine, tx, job, outcome.retryAt)))
    return;
  await tx`delete from job where id = ${job.id}`;
  // From here on the function has branches: a call may no longer run a step it merely comes across.
  if (outcome.steps.length > 1) await tx`update run set plan_only = true where id = ${job.runId}`;
  try {
    for (const step of outcome.steps) await carryOut(engine, tx, job, step);
    if (outcome.steps.some((step) => endedSteps.includes(step.op))) return;
  } catch (error) {
    if (!(error instanceof StepRefused)) throw error;
    await finishRun(engine, tx, job.runId, { status: "failed", error: { name: error.name, message: error.message } });
    return;
  }
  const [left] = await tx`
    select 1 from run where id = ${job.runId} and (
      ended_at is not null or exists (select 1 from job where run_id = run.id)
      or exists (select 1 from wait where run_id = run.id and step_id is not null)
    )`;
  if (left) return;
  const error = { name: "NothingToDo", message: "The function reported no step that could go on, and no result" };
  await finishRun(engine, tx, job.runId, { status: "failed", error });
}

async function carryOut(engine: Engine, tx: Tx, job: ClaimedJob, step: ReportedStep): Promise<void> {
  const name = step.displayName ?? step.name ?? null;
  switch (step.op) {
    case "Step":
    case "StepRun": {
      const tooLarge = outputProblem(step.data);
      if (tooLarge) return finishRun(engine, tx, job.runId, { status: "failed", error: tooLarge });
      return memoizeStep(tx, job.runId, step.id, name, { data: step.data ?? null });
    }
    case "StepError":
    case "StepFailed":
      return memoizeStep(tx, job.runId, step.id, name, { error: asRunError(step.error, "The step failed") });
    case "RunComplete":
      return complete(engine, tx, job, step.data ?? null);
    default:
      return applyStep(engine, tx, job, step);
  }
}

/** Queues another attempt if there is one left. */
async function retry(engine: Engine, tx: Tx, job: ClaimedJob, retryAt: Date | null): Promise<boolean> {
  const attempt = job.attempt + 1;
  if (attempt >= (engine.functions.get(job.functionId)?.maxAttempts ?? 1)) return false;
  const delayMs = retryAt ? retryAt.getTime() - Date.now() : retryDelayMs(engine.settings.backoffMs, attempt);
  await release(tx, job, Math.max(0, delayMs), attempt);
  return true;
}

async function release(tx: Tx, job: ClaimedJob, delayMs: number, attempt: number): Promise<void> {
  await tx`
    update job set lease_owner = null, lease_until = null, attempt = ${attempt},
      run_at = now() + ${delayMs}::float8 * interval '1 millisecond'
    where id = ${job.id}`;
}

const maxOutputBytes = 4 * 1_048_576;

function outputProblem(output: unknown): RunError | null {
  const bytes = Buffer.byteLength(JSON.stringify(output ?? null));
  if (bytes <= maxOutputBytes) return null;
  return { name: "OutputTooLarge", message: `An output of ${bytes} bytes is larger than the 4 MB that are kept` };
}
