/**
 * Where a meter stands, worst first: `failed` (the newest finished task of a job failed), `waiting` (a task waits for quota),
 * `late`, `backfilling`, `fresh`, `paused` (no active job), `new` (nothing was due yet, or no job), `upload` (people bring its files: nothing is ever due).
 */
export const meterStates = ["failed", "waiting", "late", "backfilling", "fresh", "paused", "new", "upload"] as const;
export type MeterState = (typeof meterStates)[number];
