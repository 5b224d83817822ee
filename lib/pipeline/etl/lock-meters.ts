import { sql } from "drizzle-orm";
import type { Db } from "../../db/client";
import { arrayLiteral } from "./array-literal";

/** One writer of a meter's readings at a time, so that its rollups and counts are made from all rows; in one order for all. */
export async function lockMeters(tx: Db, meterIds: readonly string[]): Promise<void> {
  await tx.execute(sql`
    select pg_advisory_xact_lock(hashtextextended('meter-data:' || id, 0))
    from (select unnest(${arrayLiteral(meterIds)}::text[]) as id order by 1) ids`);
}

/** Keeps writers of these meters' readings away while they are read; others may read at the same time. */
export async function holdMeters(tx: Db, meterIds: readonly string[]): Promise<void> {
  await tx.execute(sql`
    select pg_advisory_xact_lock_shared(hashtextextended('meter-data:' || id, 0))
    from (select unnest(${arrayLiteral(meterIds)}::text[]) as id order by 1) ids`);
}
