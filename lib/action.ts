/**
 * The one wrapper of server actions, for `useActionState`:
 *
 *     "use server";
 *     export const pauseJobAction = action(pauseJobInput, pauseJob, { revalidate: ({ jobId }) => `/jobs/${jobId}` });
 *
 * It finds who acts from the session (the verb authorises), reads the form by the schema (see `form-data.ts`), calls the verb and
 * answers `{ ok: true, data }` or `{ ok: false, message, fields, values }`; `values` are the texts as typed, without secrets. It
 * may be called with a plain object instead of a form. Server actions are same-origin by Next's own check.
 */
import { revalidatePath } from "next/cache";
import { redirect, unstable_rethrow } from "next/navigation";
import type { z } from "zod";
import type { Actor } from "./auth/actor";
import { currentActor } from "./auth/session";
import type { WorkerCtx } from "./ctx";
import { type FieldErrors, InvalidInput, Unauthenticated } from "./errors";
import { parseInput } from "./field-errors";
import { type FormValues, formValues, readForm } from "./form-data";
import { newId } from "./ids";
import { getDb, getWorker, requestDispatch } from "./runtime";
import { asAppError, logUnknown } from "./unknown-error";

export type ActionState<T> =
  /** `isStarted`: of actions that give work to do, whether it begins at once; otherwise it does within a minute. */
  | { ok: true; data: T; isStarted?: boolean }
  /** `fields`: sentence by dotted field name. */
  | { ok: false; message: string; fields: FieldErrors; values: FormValues };

/** What `useActionState` takes; the state before the first submission is null. */
export type Action<T> = (state: ActionState<T> | null, form: FormData | object) => Promise<ActionState<T>>;

interface Options<Input, T> {
  /** Paths whose pages show something else now. */
  revalidate?: (input: Input, data: T) => string | readonly string[];
  /** Where to go after success; a path of this site. */
  redirect?: (input: Input, data: T) => string;
}

export function action<S extends z.ZodType, T>(
  schema: S,
  verb: (ctx: WorkerCtx, input: z.output<S>) => Promise<T>,
  options: Options<z.output<S>, T> = {},
): Action<T> {
  return run(schema, verb, options, async () => {
    const actor = await currentActor();
    if (!actor) throw new Unauthenticated("Your session is over: sign in again in another tab, then try once more.");
    return actor;
  });
}

// Without roles: every verb that authorises refuses.
const anybody: Actor = { kind: "token", id: "", name: "anybody", roles: [], meterIds: [] };

/** For the few actions before sign-in. */
export function openAction<S extends z.ZodType, T>(
  schema: S,
  verb: (ctx: WorkerCtx, input: z.output<S>) => Promise<T>,
  options: Options<z.output<S>, T> = {},
): Action<T> {
  return run(schema, verb, options, async () => anybody);
}

function run<S extends z.ZodType, T>(
  schema: S,
  verb: (ctx: WorkerCtx, input: z.output<S>) => Promise<T>,
  options: Options<z.output<S>, T>,
  findActor: () => Promise<Actor>,
): Action<T> {
  return async (_state, form) => {
    let path: string | undefined;
    let answer: ActionState<T>;
    try {
      const actor = await findActor();
      const input = parseInput(schema, form instanceof FormData ? readForm(schema, form) : form);
      let started: Promise<boolean> | undefined;
      const startWork = () => {
        started = requestDispatch();
      };
      const data = await verb(contextOf(actor, startWork), input);
      const shown = options.revalidate?.(input, data) ?? [];
      for (const changed of typeof shown === "string" ? [shown] : shown) revalidatePath(changed);
      path = options.redirect?.(input, data);
      answer = { ok: true, data, ...(started && { isStarted: await started }) };
    } catch (error) {
      unstable_rethrow(error);
      return { ok: false, ...explain(error), values: form instanceof FormData ? formValues(form) : {} };
    }
    if (path !== undefined) redirect(path);
    return answer;
  };
}

function contextOf(actor: Actor, startWork: () => void): WorkerCtx {
  return {
    db: getDb(),
    actor,
    startWork,
    get worker() {
      return getWorker();
    },
  };
}

function explain(error: unknown): { message: string; fields: FieldErrors } {
  const known = asAppError(error);
  if (known) return { message: known.message, fields: known instanceof InvalidInput ? known.fields : {} };
  const errorId = newId();
  logUnknown(error, { errorId });
  return { message: `Something went wrong here. It was logged as ${errorId}.`, fields: {} };
}
