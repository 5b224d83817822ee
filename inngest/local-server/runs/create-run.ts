import { createHash } from "node:crypto";
import type { Engine } from "../engine";
import type { StoredEvent } from "../events/event";
import { evaluateText } from "../expressions/evaluate";
import { parseInstant } from "../protocol/duration";
import { ulid } from "../protocol/ulid";
import type { ConcurrencyLimit, FunctionConfig } from "../registration/function-config";
import type { Tx } from "../store/transactions";
import { finishRun } from "./finish-run";

/** The step of another run that waits for the result of this one. */
export interface Parent {
  runId: string;
  stepId: string;
}

/**
 * Makes a run of a function for an event and queues its first call, for the event's `ts` if that is in the future.
 * Returns its id, or null when `idempotency` or `singleton` say that there is to be none.
 */
export async function createRun(
  engine: Engine,
  tx: Tx,
  fn: FunctionConfig,
  stored: StoredEvent,
  parent?: Parent,
): Promise<string | null> {
  const { event } = stored;
  const textOf = (expression: string): string => JSON.stringify(evaluateText(expression, { event }) ?? null);

  if (fn.idempotency && !(await claimIdempotencyKey(tx, `${fn.id}|${shortValue(textOf(fn.idempotency))}`))) return null;

  let singletonKey: string | null = null;
  if (fn.singleton) {
    singletonKey = `${fn.id}|${shortValue(fn.singleton.key ? textOf(fn.singleton.key) : "")}`;
    if (!(await makeRoomForSingleton(engine, tx, singletonKey, fn.singleton.mode))) return null;
  }

  const now = new Date();
  const startAt = event.ts > now.getTime() ? new Date(event.ts) : now;
  const concurrencyKeys = fn.concurrency.map(
    (limit, index) => concurrencyKeyPrefix(fn.id, limit, index) + shortValue(limit.key ? textOf(limit.key) : ""),
  );
  const throttleKey = fn.throttle ? `${fn.id}|${shortValue(fn.throttle.key ? textOf(fn.throttle.key) : "")}` : null;
  const sortAt = new Date(startAt.getTime() - prioritySeconds(fn, event) * 1_000);
  const runId = ulid();

  await tx`
    with created as (
      insert into run (
        id, function_id, event_id, sort_at, concurrency_keys, throttle_key, singleton_key, parent_run_id, parent_step_id
      ) values (
        ${runId}, ${fn.id}, ${stored.internalId}, ${sortAt}, ${concurrencyKeys}::text[], ${throttleKey}, ${singletonKey},
        ${parent?.runId ?? null}, ${parent?.stepId ?? null}
      )
      returning *
    )
    insert into job (run_id, function_id, step_id, run_at, sort_at, concurrency_keys, throttle_key)
    select id, function_id, 'step', ${startAt}, sort_at, concurrency_keys, throttle_key from created`;
  for (const rule of fn.cancel) {
    await tx`
      insert into wait (run_id, kind, event_name, expression, expires_at)
      values (
        ${runId}, 'cancel', ${rule.event}, ${rule.if ?? null},
        ${rule.timeout === undefined ? null : parseInstant(rule.timeout, now)}
      )`;
  }
  return runId;
}

async function claimIdempotencyKey(tx: Tx, key: string): Promise<boolean> {
  const claimed = await tx`
    insert into idempotency_key as known (key, expires_at) values (${key}, now() + interval '24 hours')
    on conflict (key) do update set expires_at = excluded.expires_at where known.expires_at < now()
    returning key`;
  return claimed.length > 0;
}

async function makeRoomForSingleton(engine: Engine, tx: Tx, key: string, mode: "skip" | "cancel"): Promise<boolean> {
  // Two events at once would both see no run; the lock makes the second one wait for the first.
  await tx`select pg_advisory_xact_lock(hashtextextended(${`inngest_local.singleton|${key}`}, 0))`;
  const [active] = await tx<{ id: string }[]>`
    select id from run where singleton_key = ${key} and ended_at is null for update`;
  if (!active) return true;
  if (mode === "skip") return false;
  await finishRun(engine, tx, active.id, { status: "cancelled" });
  return true;
}

/** How many seconds earlier than it came a run is to be treated as having come. */
function prioritySeconds(fn: FunctionConfig, event: StoredEvent["event"]): number {
  const value = fn.priority ? evaluateText(fn.priority, { event }) : 0;
  return typeof value === "number" && Number.isFinite(value) ? Math.min(Math.max(value, -600), 600) : 0;
}

/** What the keys of one limit start with. A limit of the function itself counts only its own runs. */
export function concurrencyKeyPrefix(functionId: string, limit: ConcurrencyLimit, index: number): string {
  return limit.scope === "fn" ? `fn|${functionId}|${index}|` : `${limit.scope}|${limit.key}|`;
}

/** Keys hold values from events, which can be of any length; an index entry cannot. */
function shortValue(value: string): string {
  return value.length <= 200 ? value : createHash("sha256").update(value).digest("hex");
}
