import { and, eq, isNull, lt, lte, or, sql } from "drizzle-orm";
import { z } from "zod";
import { audit } from "../audit/audit";
import type { Db } from "../db/client";
import { users } from "../db/schema";
import { withTx } from "../db/tx";
import { Unauthenticated } from "../errors";
import { matchesPassword, matchNothing } from "./password";
import type { SessionToken } from "./session-token";

export const signInInput = z.object({
  email: z.string().trim().toLowerCase().min(1).max(254).meta({ title: "E-mail" }),
  password: z.string().min(1).max(1_000).meta({ title: "Password" }),
});

/** Failures in a row before the account is locked; each further one doubles the lock. */
export const FREE_FAILURES = 5;
const LONGEST_LOCK_MINUTES = 60;

/** The same for an unknown e-mail, a wrong password, a locked and a disabled account. */
export const REFUSED =
  "E-mail and password do not match, or the account is locked for a while after too many tries. Try again, or ask an administrator.";

/**
 * Checks a password. The try is counted before the password is looked at, so that many at once do not get more tries than
 * one after another; success sets the counts back. From a `device` where the person was signed in before it has tries of its own,
 * locked or not: strangers can lock an account for all others, but not keep the person out. Takes the same time whether the
 * account exists or not.
 * @throws Unauthenticated with one sentence for every reason.
 */
export async function signIn(
  db: Db,
  input: z.input<typeof signInInput>,
  device: SessionToken | null = null,
): Promise<SessionToken> {
  const { email, password } = signInInput.parse(input);
  const [known] = device ? await countKnownTry(db, email, device) : [];
  const [user] = known ? [known] : await countTry(db, email);
  const isRight = user ? await matchesPassword(user.passwordHash, password) : await matchNothing(password);
  if (!user || !isRight) {
    if (user && !known && user.failedSignIns >= FREE_FAILURES) await recordLock(db, user);
    throw new Unauthenticated(REFUSED);
  }
  return withTx(db, async (tx) => {
    await tx
      .update(users)
      .set({ failedSignIns: 0, knownDeviceFailures: 0, lockedUntil: null, lastSignInAt: sql`now()` })
      .where(eq(users.id, user.id));
    const actor = { kind: "user", id: user.id, name: user.name, roles: user.roles } as const;
    await audit(tx, actor, "user.signed-in", { objectType: "user", objectId: user.id, details: { with: "password" } });
    return { userId: user.id, epoch: user.sessionEpoch };
  });
}

function countTry(db: Db, email: string) {
  const failures = sql`${users.failedSignIns} + 1`;
  const lockMinutes = sql`least(${LONGEST_LOCK_MINUTES}::int, power(2, least(${failures} - ${FREE_FAILURES}::int, 10)))`;
  return db
    .update(users)
    .set({
      failedSignIns: failures,
      lockedUntil: sql`case when ${failures} >= ${FREE_FAILURES}::int then now() + ${lockMinutes} * interval '1 minute' end`,
    })
    .where(
      and(
        sql`lower(${users.email}) = ${email}`,
        isNull(users.disabledAt),
        or(isNull(users.lockedUntil), lte(users.lockedUntil, sql`now()`)),
      ),
    )
    .returning();
}

/** No row once the tries of known devices are used up: the others' rules hold then. */
function countKnownTry(db: Db, email: string, device: SessionToken) {
  return db
    .update(users)
    .set({ knownDeviceFailures: sql`${users.knownDeviceFailures} + 1` })
    .where(
      and(
        eq(users.id, device.userId),
        eq(users.sessionEpoch, device.epoch),
        sql`lower(${users.email}) = ${email}`,
        isNull(users.disabledAt),
        lt(users.knownDeviceFailures, FREE_FAILURES),
      ),
    )
    .returning();
}

function recordLock(db: Db, user: typeof users.$inferSelect): Promise<void> {
  return withTx(db, (tx) =>
    audit(tx, { kind: "system", name: "sign-in" }, "user.locked", {
      objectType: "user",
      objectId: user.id,
      details: { failures: user.failedSignIns, until: user.lockedUntil },
    }),
  );
}
