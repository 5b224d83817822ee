import type { AttemptResult } from "./attempt-result";

/** Minutes after each attempt; after the last every hour. */
const PAUSES = [1, 2, 4, 8, 15, 30, 60] as const;

/** When the next try is; null: none, because it cannot help, or would be after the message's time. */
export function nextAttempt(
  message: { number: number; giveUpAt: Date },
  result: Pick<AttemptResult, "isFinal" | "retryAt">,
  now: Date,
): Date | null {
  if (result.isFinal) return null;
  const minutes = PAUSES[Math.min(message.number, PAUSES.length) - 1] ?? 60;
  const at = Math.max(now.getTime() + minutes * 60_000, result.retryAt?.getTime() ?? 0);
  return at <= message.giveUpAt.getTime() ? new Date(at) : null;
}
