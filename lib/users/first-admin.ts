import { randomBytes, timingSafeEqual } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import type { z } from "zod";
import { audit } from "../audit/audit";
import { assertGoodPassword, hashPassword } from "../auth/password";
import type { Db } from "../db/client";
import { installation, users } from "../db/schema";
import { withTx } from "../db/tx";
import { Forbidden, NotPossibleNow } from "../errors";
import { newId } from "../ids";
import { sha256Hex } from "../secrets";
import { insertUser } from "./insert-user";
import { firstAdminInput } from "./schemas";

const DONE = "Meterproof is set up already: sign in, or ask an administrator for an account.";

/** Whether the set-up page has something to do. */
export async function needsFirstAdmin(db: Db): Promise<boolean> {
  const [user] = await db.select({ id: users.id }).from(users).limit(1);
  return !user;
}

/**
 * A new one-time token for the set-up page, to be printed where only the person who started Meterproof sees it; the one
 * before stops working. Null once a user exists.
 */
export function issueSetupToken(db: Db): Promise<string | null> {
  const token = randomBytes(24).toString("base64url");
  return withTx(db, async (tx) => {
    if (!(await needsFirstAdmin(tx))) return null;
    const setupTokenHash = sha256Hex(token);
    await tx
      .insert(installation)
      .values({ setupTokenHash })
      .onConflictDoUpdate({ target: installation.isOnlyRow, set: { setupTokenHash } });
    return token;
  });
}

/**
 * Makes the first administrator, once: only with the token, and only while no user exists. Of two who try at the same
 * moment one wins. Throws Forbidden for a wrong token, NotPossibleNow when it is too late.
 */
export async function createFirstAdmin(
  db: Db,
  input: z.input<typeof firstAdminInput>,
): Promise<{ userId: string; epoch: number }> {
  const { setupToken, password, ...person } = firstAdminInput.parse(input);
  // Before the slow hash, so that strangers cannot make this process work; checked again below.
  assertRightToken(await readTokenHash(db), setupToken);
  assertGoodPassword(password, person);
  const row = { ...person, id: newId(), roles: ["admin" as const], passwordHash: await hashPassword(password) };
  return withTx(db, async (tx) => {
    const [kept] = await tx.select().from(installation).for("update");
    if (!(await needsFirstAdmin(tx))) throw new NotPossibleNow(DONE);
    assertRightToken(kept?.setupTokenHash ?? null, setupToken);
    const user = await insertUser(tx, row);
    await tx.update(installation).set({ setupTokenHash: null }).where(eq(installation.isOnlyRow, sql`true`));
    const actor = { kind: "user", id: user.id, name: user.name, roles: user.roles } as const;
    await audit(tx, actor, "user.created", {
      objectType: "user",
      objectId: user.id,
      details: { email: user.email, name: user.name, roles: user.roles, first: true },
    });
    return { userId: user.id, epoch: user.sessionEpoch };
  });
}

async function readTokenHash(db: Db): Promise<string | null> {
  if (!(await needsFirstAdmin(db))) throw new NotPossibleNow(DONE);
  const [kept] = await db.select({ hash: installation.setupTokenHash }).from(installation);
  return kept?.hash ?? null;
}

function assertRightToken(hash: string | null, token: string): void {
  const given = Buffer.from(sha256Hex(token));
  if (hash === null || !timingSafeEqual(Buffer.from(hash), given)) {
    throw new Forbidden("The set-up token is not right: copy it from the terminal; a restart prints a new one.");
  }
}
