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
 * A person's own password. Ends all their sessions; the answer is what the one at hand goes on with. Wrong guesses count
 * towards the account's lock, so that a session left open does not give the password away.
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
    .set({ failedSignIns: sql`${users.failedSignIns} + 1` })
    .where(eq(users.id, userId))
    .returning();
  if (!user) throw new NotFound("There is no such user.");
  if (user.failedSignIns > FREE_FAILURES) {
    await ctx.db
      .update(users)
      .set({ lockedUntil: new Date(Date.now() + MINUTE_MS), sessionEpoch: sql`${users.sessionEpoch} + 1` })
      .where(eq(users.id, userId));
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
      .set({ passwordHash, failedSignIns: 0, sessionEpoch: sql`${users.sessionEpoch} + 1`, updatedAt: sql`now()` })
      .where(eq(users.id, userId))
      .returning();
    if (!after) throw new NotFound("There is no such user.");
    await audit(tx, ctx.actor, "user.password-changed", { objectType: "user", objectId: userId });
    return { userId, epoch: after.sessionEpoch };
  });
}
