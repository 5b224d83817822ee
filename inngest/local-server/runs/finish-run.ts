import type { Engine } from "../engine";
import { canonicalJson } from "../protocol/canonical-json";
import type { Tx } from "../store/transactions";
import { memoizeStep } from "./memoize-step";

/** How a run ended. An error has the shape the SDK serialises errors in. */
export type RunEnd =
  | { status: "completed"; output: unknown }
  | { status: "failed"; error: RunError }
  | { status: "cancelled" };

export interface RunError {
  name: string;
  message: string;
  stack?: string;
  [other: string]: unknown;
}

const lifecycleEvents = ["inngest/function.failed", "inngest/function.finished", "inngest/function.cancelled"];

/**
 * Ends a run: drops its waiting calls and waits, tells the run that invoked it, and emits the events of its end. A run
 * that has ended already is left alone. A call that is under way keeps its row, and with it its place in the
 * concurrency limits, until the app has answered.
 */
export async function finishRun(engine: Engine, tx: Tx, runId: string, end: RunEnd): Promise<void> {
  const output = end.status === "completed" ? end.output : end.status === "failed" ? end.error : cancelledError;
  const [run] = await tx<
    {
      function_id: string;
      parent_run_id: string | null;
      parent_step_id: string | null;
      event_name: string;
      body: string;
    }[]
  >`
    update run set status = ${end.status}, ended_at = now(), output = ${canonicalJson(output)}
    from event where run.id = ${runId} and ended_at is null and event.id = run.event_id
    returning function_id, parent_run_id, parent_step_id, event.name as event_name, event.body`;
  if (!run) return;
  await tx`delete from job where run_id = ${runId} and lease_owner is null`;
  await tx`delete from wait where run_id = ${runId}`;

  if (run.parent_run_id && run.parent_step_id) {
    await tx`select 1 from run where id = ${run.parent_run_id} for update`;
    const waits = await tx<{ step_name: string | null }[]>`
      delete from wait where run_id = ${run.parent_run_id} and step_id = ${run.parent_step_id} and kind = 'invoke'
      returning step_name`;
    if (waits.length > 0) {
      const result = end.status === "completed" ? { data: output } : { error: output };
      await memoizeStep(tx, run.parent_run_id, run.parent_step_id, waits[0]?.step_name ?? null, result);
    }
  }

  // A handler of failures that fails must not be handled by itself, for ever.
  if (lifecycleEvents.includes(run.event_name)) return;
  const event = JSON.parse(run.body) as Record<string, unknown>;
  const data = {
    function_id: run.function_id,
    run_id: runId,
    event,
    events: [event],
    ...(end.status === "completed" ? { result: output } : { error: output }),
    ...(run.parent_run_id ? { correlation_id: `${run.parent_run_id}.${run.parent_step_id}` } : {}),
    _inngest: { status: statusNames[end.status] },
  };
  if (end.status === "failed") await engine.emit(tx, "inngest/function.failed", data);
  if (end.status === "cancelled") await engine.emit(tx, "inngest/function.cancelled", data);
  await engine.emit(tx, "inngest/function.finished", data);
}

const cancelledError: RunError = { name: "Error", message: "The function run was cancelled" };

/** The names of states in the events and answers of Inngest. */
export const statusNames = {
  queued: "Scheduled",
  running: "Running",
  completed: "Completed",
  failed: "Failed",
  cancelled: "Cancelled",
} as const;
