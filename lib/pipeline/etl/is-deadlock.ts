const DEADLOCK_DETECTED = "40P01";

/** PostgreSQL undid this transaction, because it and another waited for each other: doing it again helps. */
export function isDeadlock(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ("code" in cause && cause.code === DEADLOCK_DETECTED) return true;
  }
  return false;
}
