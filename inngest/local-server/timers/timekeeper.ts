import type { Engine } from "../engine";
import { routeHeldEvents } from "../events/route-event";
import { startDueCrons } from "./due-crons";
import { endDueWaits } from "./due-waits";
import { prune } from "./prune";

/** The tables are looked at this often even if nothing is known to become due. */
const idleMs = 1_000;
const pruneEveryMs = 60_000;
const reloadEveryMs = 5_000;

/** Lets time pass for waits, schedules and old rows. */
export class Timekeeper {
  readonly #engine: Engine;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #isWoken = false;
  #isClosed = false;
  #prunedAt = 0;
  #reloadedAt = Date.now();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** Looks for what is due now. */
  wake(): void {
    this.#isWoken = true;
    if (this.#running || this.#isClosed) return;
    this.#running = this.#pass().finally(() => {
      this.#running = undefined;
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  async #pass(): Promise<void> {
    clearTimeout(this.#timer);
    let delayMs = idleMs;
    try {
      while (this.#isWoken && !this.#isClosed) {
        this.#isWoken = false;
        const ended = await endDueWaits(this.#engine);
        const started = await startDueCrons(this.#engine);
        if (ended + started > 0) this.#isWoken = true;
      }
      if (!this.#isClosed) await this.#keepHouse();
      delayMs = await this.#msToNext();
    } catch (error) {
      this.#engine.settings.log("error", "timers failed", { error: String(error) });
    }
    if (!this.#isClosed) this.#timer = setTimeout(() => this.wake(), delayMs);
  }

  async #keepHouse(): Promise<void> {
    if (Date.now() - this.#reloadedAt >= reloadEveryMs) {
      this.#reloadedAt = Date.now();
      await this.#engine.functions.reload(this.#engine.sql);
      // An event may have been put on hold in the very moment the first registration let the others go.
      if (this.#engine.functions.hasApps) await routeHeldEvents(this.#engine);
    }
    if (Date.now() - this.#prunedAt >= pruneEveryMs) {
      const hasMore = await prune(this.#engine);
      this.#prunedAt = hasMore ? 0 : Date.now();
    }
  }

  async #msToNext(): Promise<number> {
    const [row] = await this.#engine.sql<{ ms: number | null }[]>`
      select (extract(epoch from least(
        (select min(expires_at) from wait), (select min(next_at) from cron)
      ) - now()) * 1000)::float8 as ms`;
    // A wake-up that came meanwhile must not be slept through.
    return this.#isWoken ? 0 : Math.max(5, Math.min(row?.ms ?? idleMs, idleMs));
  }
}
