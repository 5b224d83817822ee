import { randomUUID } from "node:crypto";
import postgres from "postgres";
import type { Engine } from "../engine";
import { applyOutcome } from "../runs/apply-outcome";
import { callFunction, type Outcome } from "../runs/call-function";
import { type ClaimedJob, claimJobs, releaseJobs } from "./claim-jobs";

/** The queue is looked at this often even if nothing seems to have happened. */
const idleMs = 1_000;
/** An app that cannot be reached is left in peace this long. */
const unreachablePauseMs = 500;

/**
 * Makes the calls that are due. A claimed call is held by a lease that is renewed as long as this process lives, so a
 * long step is not run twice; when the process dies, the lease ends and the call is claimed again.
 */
export class Dispatcher {
  readonly #engine: Engine;
  readonly #process = randomUUID();
  readonly #inFlight = new Map<string, { owner: string; abort: AbortController; done: Promise<void> }>();
  readonly #unreachable = new Map<string, number>();
  #claims = 0;
  #claiming: Promise<void> | undefined;
  #isWoken = false;
  #isClosed = false;
  #timer: NodeJS.Timeout | undefined;
  #heartbeat: NodeJS.Timeout | undefined;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  start(): void {
    this.#heartbeat = setInterval(() => void this.#renewLeases(), this.#engine.settings.leaseMs / 4);
    this.wake();
  }

  /** Looks for due calls now. */
  wake(): void {
    this.#isWoken = true;
    if (!this.#claiming && !this.#isClosed) this.#claiming = this.#claimAll();
  }

  /** Stops claiming, gives running calls a moment to end, and leaves the rest to the next server. */
  async close(graceMs: number): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#claiming;
    const all = Promise.allSettled([...this.#inFlight.values()].map((call) => call.done));
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([all, new Promise((resolve) => (timer = setTimeout(resolve, graceMs)))]);
    clearTimeout(timer);
    for (const call of this.#inFlight.values()) call.abort.abort();
    await Promise.allSettled([...this.#inFlight.values()].map((call) => call.done));
    clearInterval(this.#heartbeat);
  }

  async #claimAll(): Promise<void> {
    clearTimeout(this.#timer);
    let delayMs = idleMs;
    try {
      while (this.#isWoken && !this.#isClosed) {
        this.#isWoken = false;
        this.#claims += 1;
        const owner = `${this.#process}/${this.#claims}`;
        const room = this.#engine.settings.maxInFlight - this.#inFlight.size;
        const claim = await claimJobs(this.#engine, owner, room, this.#functionsToAvoid());
        if (this.#isClosed) return await releaseJobs(this.#engine, claim.jobs);
        for (const job of claim.jobs) this.#begin(job, owner);
        if (!this.#isWoken) delayMs = await this.#msToNextJob(claim.lookedAt);
      }
    } catch (error) {
      this.#engine.settings.log("error", "claiming calls failed", { error: String(error) });
    } finally {
      this.#claiming = undefined;
      if (!this.#isClosed) {
        if (this.#isWoken) setImmediate(() => this.wake());
        else this.#timer = setTimeout(() => this.wake(), delayMs);
      }
    }
  }

  #begin(job: ClaimedJob, owner: string): void {
    const abort = new AbortController();
    const done = this.#carryOut(job, owner, abort.signal).finally(() => {
      this.#inFlight.delete(job.id);
      if (!this.#isClosed) this.wake();
    });
    this.#inFlight.set(job.id, { owner, abort, done });
  }

  async #carryOut(job: ClaimedJob, owner: string, signal: AbortSignal): Promise<void> {
    try {
      const outcome = await callFunction(this.#engine, job, signal);
      if (signal.aborted) return;
      if (outcome.kind === "unreachable") this.#avoid(job.functionId);
      await this.#persist(job, owner, outcome, signal);
    } catch (error) {
      if (signal.aborted) return;
      this.#engine.settings.log("error", "a call could not be carried out", { run: job.runId, error: String(error) });
    }
  }

  // A result must outlive a database that is away for a moment: the step would otherwise be run again.
  async #persist(job: ClaimedJob, owner: string, outcome: Outcome, signal: AbortSignal): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await applyOutcome(this.#engine, job, owner, outcome);
      } catch (error) {
        if (signal.aborted) throw error;
        // What the database will refuse again and again must end the run, or its step would be run for ever.
        if (isRefusedForGood(error) && outcome.kind !== "failed")
          return this.#persist(job, owner, refused(error), signal);
        if (attempt >= 30) throw error;
        this.#engine.settings.log("warn", "storing a result failed, trying again", { error: String(error) });
        await new Promise((resolve) => setTimeout(resolve, Math.min(attempt * 200, 2_000)));
      }
    }
  }

  #avoid(functionId: string): void {
    const origin = originOf(this.#engine.functions.get(functionId)?.url);
    this.#unreachable.set(origin, Date.now() + unreachablePauseMs);
  }

  #functionsToAvoid(): string[] {
    for (const [origin, until] of this.#unreachable) if (until <= Date.now()) this.#unreachable.delete(origin);
    if (this.#unreachable.size === 0) return [];
    return [...this.#engine.functions.all()].filter((fn) => this.#unreachable.has(originOf(fn.url))).map((fn) => fn.id);
  }

  async #renewLeases(): Promise<void> {
    const { sql, settings } = this.#engine;
    const mine = [...this.#inFlight];
    try {
      const kept = await sql<{ id: string }[]>`
        update job set lease_until = now() + ${settings.leaseMs}::float8 * interval '1 millisecond'
        from unnest(${mine.map(([id]) => id)}::bigint[], ${mine.map(([, call]) => call.owner)}::text[]) as held (id, owner)
        where job.id = held.id and lease_owner = held.owner returning job.id`;
      const keptIds = new Set(kept.map((row) => row.id));
      // Somebody else owns the call now, which this process slept through: its answer no longer counts.
      for (const [id, call] of mine) if (!keptIds.has(id) && this.#inFlight.get(id) === call) call.abort.abort();
      const freed = await sql`
        update job set lease_owner = null, lease_until = null
        where lease_until < now() and id <> all(${[...this.#inFlight.keys()]}::bigint[])`;
      if (freed.count > 0) this.wake();
    } catch (error) {
      settings.log("warn", "renewing leases failed", { error: String(error) });
    }
  }

  // Counted from the last look, not from now: what became due in between would be slept through.
  async #msToNextJob(lookedAt: Date): Promise<number> {
    const [row] = await this.#engine.sql<{ ms: number | null }[]>`
      select (extract(epoch from least(
        (select min(run_at) from job where lease_owner is null and run_at > ${lookedAt}),
        (select min(next_at) from throttle where next_at > ${lookedAt})
      ) - now()) * 1000)::float8 as ms`;
    return Math.max(5, Math.min(row?.ms ?? idleMs, idleMs));
  }
}

function refused(error: unknown): Outcome {
  const message = `The result could not be stored: ${String(error)}`;
  return { kind: "failed", error: { name: "ResultNotStored", message }, canRetry: false, retryAt: null };
}

/** Whether an error is about the values (class 22), and not about the state of the database. */
function isRefusedForGood(error: unknown): boolean {
  return error instanceof postgres.PostgresError && error.code.startsWith("22");
}

function originOf(url: string | undefined): string {
  return url ? new URL(url).origin : "";
}
