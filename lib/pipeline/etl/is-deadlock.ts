import { hasPostgresCode } from "../../db/postgres-code";

const DEADLOCK_DETECTED = "40P01";

/** PostgreSQL undid this transaction, because it and another waited for each other: doing it again helps. */
export function isDeadlock(error: unknown): boolean {
  return hasPostgresCode(error, DEADLOCK_DETECTED);
}
