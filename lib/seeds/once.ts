import { eq, sql } from "drizzle-orm";
import type { Db } from "../db/client";
import { installation } from "../db/schema";
import { withTx } from "../db/tx";

/** Runs `plant` once in the life of a database, all or nothing; of two starts at one moment, one does it. */
export function plantOnce(db: Db, seed: string, plant: (tx: Db) => Promise<void>): Promise<boolean> {
  return withTx(db, async (tx) => {
    await tx.insert(installation).values({}).onConflictDoNothing();
    const [row] = await tx.select({ seeds: installation.seeds }).from(installation).for("update");
    if (row?.seeds.includes(seed)) return false;
    await plant(tx);
    await tx
      .update(installation)
      .set({ seeds: [...(row?.seeds ?? []), seed] })
      .where(eq(installation.isOnlyRow, sql`true`));
    return true;
  });
}

export async function isPlanted(db: Db, seed: string): Promise<boolean> {
  const [row] = await db.select({ seeds: installation.seeds }).from(installation);
  return row?.seeds.includes(seed) ?? false;
}
