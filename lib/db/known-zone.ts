import { sql } from "drizzle-orm";
import { InvalidInput } from "../errors";
import type { Db } from "./client";
import { withTx } from "./tx";

/**
 * Throws InvalidInput for a zone that only this runtime knows: one statement over it would fail for every row, and with it the
 * dispatch of all jobs or a meter's daily sums.
 */
export async function assertZoneInDatabase(tx: Db, timezone: string): Promise<void> {
  try {
    await withTx(tx, (inner) => inner.execute(sql`select now() at time zone ${timezone}::text`));
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    // invalid_parameter_value: "time zone … not recognized".
    if (!(cause instanceof Error && "code" in cause && cause.code === "22023")) throw error;
    throw new InvalidInput(`The database does not know the time zone ${timezone}: choose another name of it.`, {
      timezone: "The database does not know this zone.",
    });
  }
}
