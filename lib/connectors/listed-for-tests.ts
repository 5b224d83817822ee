import type { Parsed, Reading } from "./contract";

export type Listed = Omit<Parsed, "readings"> & { readings: Reading[] };

/** What a parser gives with each reading as an object of its own, for tests that look at them. */
export async function listed(parsed: Promise<Parsed>): Promise<Listed> {
  const { readings, rejects, rowsRead } = await parsed;
  return { readings: [...readings], rejects, rowsRead };
}
