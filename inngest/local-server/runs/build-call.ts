import type { Engine } from "../engine";
import { canonicalJson } from "../protocol/canonical-json";
import type { ClaimedJob } from "../queue/claim-jobs";

/** Larger bodies leave out events and steps; the SDK then asks for them. The same 4 MB as Inngest. */
const maxBodyBytes = 4 * 1_048_576;
/** What all steps of a run may return together. */
const maxStateBytes = 32 * 1_048_576;

interface Call {
  url: string;
  body: string;
}

/**
 * The request of a call: the event, the results of steps in the order they came, and where the run stands. Null when
 * the run has ended or its function is unknown. The stored texts are canonical already and are only joined, in sorted
 * order of keys, so that a large state is neither parsed nor sorted for every call.
 */
export async function buildCall(engine: Engine, job: ClaimedJob): Promise<Call | { problem: string } | null> {
  const fn = engine.functions.get(job.functionId) ?? (await archivedFunction(engine, job.functionId));
  const [[run], steps] = await Promise.all([
    engine.sql<{ body: string; plan_only: boolean }[]>`
      select event.body, plan_only from run join event on event.id = run.event_id
      where run.id = ${job.runId} and ended_at is null`,
    engine.sql<{ id: string; result: string }[]>`select id, result from step where run_id = ${job.runId} order by seq`,
  ]);
  if (!fn || !run) return null;
  const stateBytes = steps.reduce((sum, step) => sum + step.result.length, 0);
  if (stateBytes > maxStateBytes) return { problem: "The results of the run's steps are larger than 32 MB together" };

  const write = (isWhole: boolean): string => {
    const stack = isWhole ? steps.map((step) => step.id) : [];
    const ctx = canonicalJson({
      attempt: job.attempt,
      disable_immediate_execution: run.plan_only,
      env: "local",
      max_attempts: fn.maxAttempts,
      qi_id: job.id,
      run_id: job.runId,
      stack: { stack, current: stack.length },
      step_id: job.stepId,
      use_api: !isWhole,
    });
    const events = isWhole ? `[${run.body}]` : "[]";
    return `{"ctx":${ctx},"event":${run.body},"events":${events},"steps":${isWhole ? joinSteps(steps) : "{}"},"version":-1}`;
  };
  const whole = write(true);
  return { url: fn.url, body: Buffer.byteLength(whole) <= maxBodyBytes ? whole : write(false) };
}

/** Step results as one canonical JSON object. */
export function joinSteps(steps: { id: string; result: string }[]): string {
  const sorted = [...steps].sort((a, b) => (a.id < b.id ? -1 : 1));
  return `{${sorted.map((step) => `${JSON.stringify(step.id)}:${step.result}`).join(",")}}`;
}

// Runs of a function that was removed are still called: the app says best that it no longer knows the function.
async function archivedFunction(engine: Engine, id: string): Promise<{ url: string; maxAttempts: number } | undefined> {
  const [row] = await engine.sql<{ config: string }[]>`select config from function where id = ${id}`;
  return row ? (JSON.parse(row.config) as { url: string; maxAttempts: number }) : undefined;
}
