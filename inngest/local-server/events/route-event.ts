import type { Engine } from "../engine";
import { evaluateText } from "../expressions/evaluate";
import { ulid } from "../protocol/ulid";
import { listensTo } from "../registration/registry";
import { createRun } from "../runs/create-run";
import { finishRun } from "../runs/finish-run";
import { memoizeStep } from "../runs/memoize-step";
import type { Tx } from "../store/transactions";
import { type Event, type StoredEvent, storedEvent } from "./event";

/**
 * Gives an event to everything that listens: first the runs that wait for it or are cancelled by it, then the
 * functions it starts. In this order, an event never cancels the very run it starts.
 */
export async function routeEvent(engine: Engine, tx: Tx, stored: StoredEvent): Promise<void> {
  await resolveWaits(engine, tx, stored);
  for (const fn of engine.functions.triggeredBy(stored.event.name)) {
    const isTriggered = fn.triggers.some(
      (trigger) =>
        "event" in trigger &&
        listensTo(trigger.event, stored.event.name) &&
        (!trigger.if || evaluateText(trigger.if, { event: stored.event }) === true),
    );
    if (isTriggered) await createRun(engine, tx, fn, stored);
  }
}

async function resolveWaits(engine: Engine, tx: Tx, stored: StoredEvent): Promise<void> {
  const waits = await tx<
    {
      id: string;
      run_id: string;
      kind: string;
      step_id: string | null;
      step_name: string | null;
      expression: string | null;
      body: string;
    }[]
  >`
    select wait.id, run_id, kind, step_id, step_name, expression, event.body
    from wait join run on run.id = wait.run_id join event on event.id = run.event_id
    where event_name = ${stored.event.name} and kind in ('event', 'cancel') and (expires_at is null or expires_at > now())
    order by run_id, wait.id`;
  for (const wait of waits) {
    const scope = { event: JSON.parse(wait.body) as unknown, async: stored.event };
    if (wait.expression && evaluateText(wait.expression, scope) !== true) continue;
    await tx`select 1 from run where id = ${wait.run_id} for update`;
    // Whoever removes the wait owns its end; a timeout at the same moment finds nothing left to do.
    const taken = await tx`delete from wait where id = ${wait.id}`;
    if (taken.count === 0) continue;
    if (wait.kind === "cancel") await finishRun(engine, tx, wait.run_id, { status: "cancelled" });
    else if (wait.step_id) {
      await memoizeStep(tx, wait.run_id, wait.step_id, wait.step_name, { data: stored.event });
    }
  }
}

/**
 * Stores and routes an event of the server itself, when anything listens to it. Nobody could tell whether the others
 * exist, and an event per finished run would be most of the table.
 */
export async function emitInternalEvent(engine: Engine, tx: Tx, name: string, data: Event["data"]): Promise<void> {
  const isHeard = engine.functions.triggeredBy(name).length > 0;
  if (!isHeard && (await tx`select 1 from wait where event_name = ${name} limit 1`).length === 0) return;
  await routeEvent(engine, tx, await storeInternalEvent(tx, name, data));
}

/** Stores an event of the server itself without routing it: it is meant for one function. */
export async function storeInternalEvent(
  tx: Tx,
  name: string,
  data: Event["data"],
  more: { ts?: number; [field: string]: unknown } = {},
): Promise<StoredEvent> {
  const id = ulid();
  const stored = storedEvent(id, { ...more, id, name, data, ts: more.ts ?? Date.now() });
  await tx`insert into event (id, name, body, routed_at) values (${id}, ${name}, ${stored.body}, now())`;
  return stored;
}

/** Routes the events that came before any app had registered, oldest first. */
export async function routeHeldEvents(engine: Engine): Promise<void> {
  await engine.transactions.run(async (tx) => {
    const held = await tx<{ id: string; body: string }[]>`
      update event set routed_at = now() where routed_at is null returning id, body`;
    held.sort((a, b) => (a.id < b.id ? -1 : 1));
    for (const row of held) await routeEvent(engine, tx, storedEvent(row.id, JSON.parse(row.body) as Event));
  });
  engine.jobsChanged();
}
