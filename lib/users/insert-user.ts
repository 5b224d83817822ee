import type { z } from "zod";
import { assertGoodPassword, hashPassword } from "../auth/password";
import type { Db } from "../db/client";
import { users } from "../db/schema";
import { Conflict } from "../errors";
import { newId } from "../ids";
import type { createUserInput } from "./schemas";

type NewUser = z.output<typeof createUserInput>;

/** A row that may be inserted: the slow part, to be done before a transaction is opened. */
export async function prepareUser(input: NewUser): Promise<typeof users.$inferInsert> {
  assertGoodPassword(input.password, input);
  const { password, ...rest } = input;
  return { ...rest, id: newId(), passwordHash: await hashPassword(password) };
}

/** Throws Conflict where the e-mail address has an account. */
export async function insertUser(tx: Db, row: typeof users.$inferInsert): Promise<typeof users.$inferSelect> {
  const [user] = await tx.insert(users).values(row).onConflictDoNothing().returning();
  if (!user) throw new Conflict(`There is an account for ${row.email} already.`);
  return user;
}
