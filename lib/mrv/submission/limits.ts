/** For connecting, sending and the whole answer. `sync-events` answers when the policy's chain of blocks is done. */
export const sendTimeoutMs = { external: 30_000, "sync-events": 120_000 };
export type SendTimeouts = typeof sendTimeoutMs;

/** A request that has not begun so long after it was written down is not made: somebody may soon take its process for dead. */
export const BEGIN_WITHIN_MS = 15_000;

/** Added to both before a row that is still `sending` counts as lost: clocks of two machines differ, and writing the outcome takes its time. */
export const DEADLINE_MARGIN_MS = 60_000;

/** How long refusals that may heal are followed by another attempt, whatever the job allows. */
export const LONGEST_TRYING_MS = 86_400_000;

/** Kept of an answer, with its hash. */
export const MOST_ANSWER_BYTES = 1024 * 1024;

/** Records of one Guardian that are on their way at one moment: it works through a policy one by one, and more would only time out. */
export const AT_ONCE = 4;

/** Guardians that are sent to at one moment. */
export const MOST_GUARDIANS = 8;
