import { z } from "zod";
import { roles } from "../auth/roles";
import type { users } from "../db/schema";
import { instantOut } from "../http/fields";

const email = z.string().trim().toLowerCase().max(254).pipe(z.email()).meta({ title: "E-mail" });
const name = z.string().trim().min(1).max(100).meta({ title: "Name" });
/** Its rules are checked with the person's name and address at hand: `assertGoodPassword`. */
const password = z.string().min(1).max(1_000).meta({ title: "Password", description: "At least 12 characters." });
const roleList = z.array(z.enum(roles)).min(1, "Choose at least one role.").meta({ title: "Roles" });

export const createUserInput = z.strictObject({ name, email, password, roles: roleList });

export const updateUserInput = z.strictObject({
  userId: z.uuid(),
  name: name.optional(),
  roles: roleList.optional(),
  isDisabled: z.boolean().optional(),
  /** A new password, told to the person by other means. Ends every session of theirs. */
  password: password.optional(),
});

export const changePasswordInput = z.strictObject({
  currentPassword: password.meta({ title: "Current password", description: "" }),
  newPassword: password.meta({ title: "New password" }),
});

export const firstAdminInput = z.strictObject({
  setupToken: z.string().trim().min(1).max(200).meta({
    title: "Set-up token",
    description: "It was printed in the terminal where Meterproof was started.",
  }),
  name,
  email,
  password,
});

export const userDto = z.object({
  id: z.uuid(),
  name: z.string(),
  email: z.string(),
  roles: z.array(z.enum(roles)),
  isDisabled: z.boolean(),
  lockedUntil: instantOut.nullable(),
  lastSignInAt: instantOut.nullable(),
  createdAt: instantOut,
});
export type UserDto = z.input<typeof userDto>;

export function toDto(row: typeof users.$inferSelect): UserDto {
  return {
    id: row.id,
    name: row.name,
    email: row.email,
    roles: row.roles,
    isDisabled: row.disabledAt !== null,
    lockedUntil: row.lockedUntil,
    lastSignInAt: row.lastSignInAt,
    createdAt: row.createdAt,
  };
}
