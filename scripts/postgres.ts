/** Starts the embedded PostgreSQL in `dataDir`, as another user when this process is root. */
export async function startEmbeddedPostgres(_options: {
  dataDir: string;
  isThrowaway?: boolean;
}): Promise<{ url: string; stop(): Promise<void> }> {
  throw new Error("Set TEST_DATABASE_URL.");
}
