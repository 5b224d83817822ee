import { z } from "zod";
import type { Engine } from "../engine";
import { storeInternalEvent } from "../events/route-event";
import { ExpressionError, parseExpression } from "../expressions/parse";
import { parseInstant } from "../protocol/duration";
import type { ClaimedJob } from "../queue/claim-jobs";
import type { Tx } from "../store/transactions";
import type { ReportedStep } from "./call-function";
import { createRun } from "./create-run";
import { memoizeStep } from "./memoize-step";

/** Said of a step that cannot be carried out; its run fails with the message. */
export class StepRefused extends Error {
  override name = "StepNotSupported";
}

const defaultWaitTimeout = "365d";

/** Takes up a step that does not end with the call: a planned one, a sleep, a wait, an invocation. */
export async function applyStep(engine: Engine, tx: Tx, job: ClaimedJob, step: ReportedStep): Promise<void> {
  // A call that started before a sibling was taken up reports that sibling once more.
  const [known] = await tx`
    select 1 where exists (select 1 from step where run_id = ${job.runId} and id = ${step.id})
      or exists (select 1 from job where run_id = ${job.runId} and step_id = ${step.id})
      or exists (select 1 from wait where run_id = ${job.runId} and step_id = ${step.id})`;
  if (known) return;
  switch (step.op) {
    case "StepPlanned":
      return planStep(tx, job, step);
    case "Sleep":
      return sleep(tx, job, step);
    case "WaitForEvent":
      return waitForEvent(tx, job, step);
    case "InvokeFunction":
      return invoke(engine, tx, job, step);
    default:
      throw new StepRefused(
        `The step "${step.displayName ?? step.id}" is a ${step.op}, which this server does not support`,
      );
  }
}

async function planStep(tx: Tx, job: ClaimedJob, step: ReportedStep): Promise<void> {
  await tx`
    insert into job (run_id, function_id, step_id, sort_at, concurrency_keys)
    select id, function_id, ${step.id}, sort_at, concurrency_keys from run where id = ${job.runId}`;
}

async function sleep(tx: Tx, job: ClaimedJob, step: ReportedStep): Promise<void> {
  const until = instantOf(
    step,
    z
      .string()
      .catch("")
      .parse(step.opts?.duration ?? step.name),
  );
  await tx`
    insert into wait (run_id, kind, step_id, step_name, expires_at)
    values (${job.runId}, 'sleep', ${step.id}, ${step.displayName ?? null}, ${until})`;
}

const waitOptions = z.looseObject({
  event: z.string().nullish(),
  timeout: z.string().nullish(),
  if: z.string().nullish(),
});

async function waitForEvent(tx: Tx, job: ClaimedJob, step: ReportedStep): Promise<void> {
  const options = waitOptions.safeParse(step.opts ?? {});
  const eventName = options.data?.event ?? step.name;
  if (!options.success || !eventName) throw new StepRefused(`waitForEvent "${step.displayName}" is not understood`);
  const expression = options.data.if ?? null;
  if (expression) checkExpression(step, expression);
  const until = instantOf(step, options.data.timeout ?? defaultWaitTimeout);
  await tx`
    insert into wait (run_id, kind, step_id, step_name, event_name, expression, expires_at)
    values (${job.runId}, 'event', ${step.id}, ${step.displayName ?? null}, ${eventName}, ${expression}, ${until})`;
}

function checkExpression(step: ReportedStep, expression: string): void {
  try {
    parseExpression(expression, ["event", "async"]);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    throw new StepRefused(
      `waitForEvent "${step.displayName}" has an "if" this server does not evaluate: ${expression} (${error.message})`,
    );
  }
}

const invokeOptions = z.looseObject({
  function_id: z.string().min(1),
  payload: z.looseObject({ data: z.record(z.string(), z.unknown()).nullish() }).nullish(),
  timeout: z.string().nullish(),
});

async function invoke(engine: Engine, tx: Tx, job: ClaimedJob, step: ReportedStep): Promise<void> {
  const options = invokeOptions.safeParse(step.opts ?? {});
  if (!options.success) throw new StepRefused(`invoke "${step.displayName}" is not understood`);
  const { function_id: functionId, payload, timeout } = options.data;
  const until = instantOf(step, timeout ?? defaultWaitTimeout);
  const refuse = (message: string): Promise<void> =>
    memoizeStep(tx, job.runId, step.id, step.displayName ?? null, { error: { name: "InngestInvokeError", message } });

  const fn = engine.functions.get(functionId);
  if (!fn) return refuse(`The function "${functionId}" is not registered`);
  await tx`
    insert into wait (run_id, kind, step_id, step_name, expires_at)
    values (${job.runId}, 'invoke', ${step.id}, ${step.displayName ?? null}, ${until})`;
  const data = {
    ...payload?.data,
    _inngest: {
      fn_id: functionId,
      source_fn_id: job.functionId,
      correlation_id: `${job.runId}.${step.id}`,
      name: step.displayName ?? "",
      expire: until.getTime(),
    },
  };
  const { data: _, ...more } = payload ?? {};
  const event = await storeInternalEvent(tx, "inngest/function.invoked", data, more);
  const childId = await createRun(engine, tx, fn, event, { runId: job.runId, stepId: step.id });
  if (childId === null) {
    await tx`delete from wait where run_id = ${job.runId} and step_id = ${step.id}`;
    return refuse(`The function "${functionId}" skipped the call`);
  }
}

function instantOf(step: ReportedStep, text: string): Date {
  const at = parseInstant(text, new Date());
  if (!at)
    throw new StepRefused(`The step "${step.displayName ?? step.id}" has a time that is not understood: ${text}`);
  return at;
}
