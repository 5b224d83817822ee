import { and, arrayContains, eq, isNull, ne, sql } from "drizzle-orm";
import type { z } from "zod";
import { audit } from "../audit/audit";
import { authorise } from "../auth/actor";
import { assertGoodPassword, hashPassword } from "../auth/password";
import type { Role } from "../auth/roles";
import type { Ctx } from "../ctx";
import type { Db } from "../db/client";
import { users } from "../db/schema";
import { lockInTx, withTx } from "../db/tx";
import { NotFound, NotPossibleNow } from "../errors";
import { toDto, type UserDto, updateUserInput } from "./schemas";

/**
 * Changes name, roles, password or whether the account is disabled. Disabling and a new password end the person's sessions
 * at once; a new password also ends a lock. Throws NotPossibleNow rather than leave nobody who can administer.
 */
export async function updateUser(ctx: Ctx, input: z.input<typeof updateUserInput>): Promise<UserDto> {
  authorise(ctx.actor, "users:edit");
  const { userId, name, roles, isDisabled, password } = updateUserInput.parse(input);
  const passwordHash = password === undefined ? undefined : await preparePassword(ctx.db, userId, password);
  return withTx(ctx.db, async (tx) => {
    await lockInTx(tx, "users.admins");
    const before = await getUserForUpdate(tx, userId);
    if (isUnchanged(before, { name, roles, isDisabled, passwordHash })) return toDto(before);
    const staysAdmin = (roles ?? before.roles).includes("admin") && !(isDisabled ?? before.disabledAt !== null);
    if (!staysAdmin && before.roles.includes("admin") && !before.disabledAt) await assertAnotherAdmin(tx, userId);
    const endsSessions = passwordHash !== undefined || (isDisabled === true && !before.disabledAt);
    const [after] = await tx
      .update(users)
      .set({
        name,
        roles,
        passwordHash,
        disabledAt: isDisabled === undefined ? undefined : isDisabled ? (before.disabledAt ?? sql`now()`) : null,
        ...(passwordHash === undefined ? {} : { failedSignIns: 0, knownDeviceFailures: 0, lockedUntil: null }),
        ...(endsSessions ? { sessionEpoch: sql`${users.sessionEpoch} + 1` } : {}),
        updatedAt: sql`now()`,
      })
      .where(eq(users.id, userId))
      .returning();
    if (!after) throw new NotFound("There is no such user.");
    await audit(tx, ctx.actor, "user.updated", {
      objectType: "user",
      objectId: userId,
      details: {
        email: after.email,
        ...(after.name === before.name ? {} : { name: { from: before.name, to: after.name } }),
        ...(roles ? { roles: { from: before.roles, to: after.roles } } : {}),
        ...(isDisabled === undefined ? {} : { isDisabled }),
        ...(passwordHash === undefined ? {} : { password: "reset" }),
      },
    });
    return toDto(after);
  });
}

function isUnchanged(
  before: typeof users.$inferSelect,
  wanted: { name?: string; roles?: readonly Role[]; isDisabled?: boolean; passwordHash?: string },
): boolean {
  const { name = before.name, roles = before.roles, isDisabled = before.disabledAt !== null, passwordHash } = wanted;
  const hasSameRoles = roles.length === before.roles.length && roles.every((role) => before.roles.includes(role));
  return name === before.name && hasSameRoles && isDisabled === (before.disabledAt !== null) && !passwordHash;
}

async function preparePassword(db: Db, userId: string, password: string): Promise<string> {
  const [user] = await db.select({ email: users.email, name: users.name }).from(users).where(eq(users.id, userId));
  if (!user) throw new NotFound("There is no such user.");
  assertGoodPassword(password, user);
  return hashPassword(password);
}

export async function getUserForUpdate(tx: Db, userId: string): Promise<typeof users.$inferSelect> {
  const [user] = await tx.select().from(users).where(eq(users.id, userId)).for("update");
  if (!user) throw new NotFound("There is no such user.");
  return user;
}

async function assertAnotherAdmin(tx: Db, userId: string): Promise<void> {
  const [other] = await tx
    .select({ id: users.id })
    .from(users)
    .where(and(ne(users.id, userId), isNull(users.disabledAt), arrayContains(users.roles, ["admin"])))
    .limit(1);
  if (!other) throw new NotPossibleNow("This is the only administrator: make somebody else one first.");
}
