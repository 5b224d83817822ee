import type { Role } from "@/lib/auth/roles";
import type { UserDto } from "@/lib/users/schemas";

export type UserRow = UserDto & { isLocked: boolean };

export const roleOptions: readonly { value: Role; label: string; help: string }[] = [
  { value: "viewer", label: "Viewer", help: "reads everything but secrets" },
  { value: "operator", label: "Operator", help: "adds meters and jobs, retries, backfills" },
  { value: "reviewer", label: "Reviewer", help: "approves and rejects records" },
  { value: "admin", label: "Administrator", help: "all of it, and users, tokens and factors" },
];

export function roleWords(roles: readonly Role[]): string {
  return roleOptions
    .filter(({ value }) => roles.includes(value))
    .map(({ label }) => label)
    .join(", ");
}
