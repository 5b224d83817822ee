import { eq, sql } from "drizzle-orm";
import type { z } from "zod";
import { audit } from "../audit/audit";
import { assertGoodPassword, hashPassword, matchesPassword } from "../auth/password";
import type { Ctx } from "../ctx";
import { users } from "../db/schema";
import { withTx } from "../db/tx";
import { Forbidden, InvalidInput, NotFound, TooManyRequests } from "../errors";
import { changePasswordInput } from "./schemas";
import { getUserForUpdate } from "./update-user";

const MINUTE_MS = 60_000;
const FREE_FAILURES = 5;

/**
 * A person's own password. Ends all their sessions; the answer is what the one at hand goes on with. Wrong guesses are counted
 * (with those of known devices, so that strangers cannot use them up) and end the sessions, so that one left open does not
 * give the password away.
 */
export async function changePassword(
  ctx: Ctx,
  input: z.input<typeof changePasswordInput>,
): Promise<{ userId: string; epoch: number }> {
  if (ctx.actor.kind !== "user") throw new Forbidden("Only a person who is signed in has a password to change.");
  const userId = ctx.actor.id;
  const { currentPassword, newPassword } = changePasswordInput.parse(input);
  const [user] = await ctx.db
    .update(users)
    .set({ knownDeviceFailures: sql`${users.knownDeviceFailures} + 1` })
    .where(eq(users.id, userId))
    .returning();
  if (!user) throw new NotFound("There is no such user.");
  if (user.knownDeviceFailures > FREE_FAILURES) {
    const lockedUntil = new Date(Date.now() + MINUTE_MS);
    await withTx(ctx.db, async (tx) => {
      await tx
        .update(users)
        .set({ lockedUntil, sessionEpoch: sql`${users.sessionEpoch} + 1` })
        .where(eq(users.id, userId));
      const details = { failures: user.knownDeviceFailures, until: lockedUntil, at: "changing the password" };
      await audit(tx, ctx.actor, "user.locked", { objectType: "user", objectId: userId, details });
    });
    throw new TooManyRequests("Too many wrong tries: you are signed out. Sign in again in a minute.", 60);
  }
  if (!(await matchesPassword(user.passwordHash, currentPassword))) {
    throw new InvalidInput("The current password is not right.", { currentPassword: "This is not right." });
  }
  if (newPassword === currentPassword) {
    throw new InvalidInput("The new password is the old one.", { newPassword: "Choose another one." });
  }
  assertGoodPassword(newPassword, user, "newPassword");
  const passwordHash = await hashPassword(newPassword);
  return withTx(ctx.db, async (tx) => {
    await getUserForUpdate(tx, userId);
    const [after] = await tx
      .update(users)
      .set({
        passwordHash,
        knownDeviceFailures: 0,
        sessionEpoch: sql`${users.sessionEpoch} + 1`,
        updatedAt: sql`now()`,
      })
      .where(eq(users.id, userId))
      .returning();
    if (!after) throw new NotFound("There is no such user.");
    await audit(tx, ctx.actor, "user.password-changed", { objectType: "user", objectId: userId });
    return { userId, epoch: after.sessionEpoch };
  });
}
