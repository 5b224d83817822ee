/** Whether PostgreSQL gave this error, or one of its causes, the code (SQLSTATE). */
export function hasPostgresCode(error: unknown, code: string): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ("code" in cause && cause.code === code) return true;
  }
  return false;
}
