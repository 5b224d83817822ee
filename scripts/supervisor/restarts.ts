/** Decides how long to wait before a process that died is started again, and when to give up. */
export class Restarts {
  #deaths: number[] = [];

  constructor(
    private readonly now: () => number = Date.now,
    private readonly limits = { deaths: 5, withinMs: 60_000 },
  ) {}

  /** Milliseconds to wait, doubling from half a second; undefined after too many deaths in a short time. */
  afterDeath(): number | undefined {
    const now = this.now();
    this.#deaths = [...this.#deaths.filter((at) => now - at < this.limits.withinMs), now];
    if (this.#deaths.length >= this.limits.deaths) return undefined;
    return 500 * 2 ** (this.#deaths.length - 1);
  }
}
