import type { Ctx } from "../ctx";
import { users } from "../db/schema";
import { seedUser } from "../users/seed-user";

export const DEMO_PASSWORD = "meterproof-demo";

/** One for each role, so that four-eyes review can be tried. */
export const demoUsers = [
  { email: "viewer@demo.test", name: "Vera Viewer", roles: ["viewer"] },
  { email: "operator@demo.test", name: "Otto Operator", roles: ["operator"] },
  { email: "reviewer@demo.test", name: "Rita Reviewer", roles: ["reviewer"] },
  { email: "admin@demo.test", name: "Ada Admin", roles: ["admin"] },
] as const;

/** Makes those that are missing; passwords that were changed stay changed. */
export async function seedDemoUsers(ctx: Ctx): Promise<void> {
  const rows = await ctx.db.select({ email: users.email }).from(users);
  const there = new Set(rows.map(({ email }) => email.toLowerCase()));
  // Hashing a password is slow on purpose: a restart does not do it again.
  for (const { roles, ...person } of demoUsers.filter(({ email }) => !there.has(email))) {
    await seedUser(ctx, { ...person, roles: [...roles], password: DEMO_PASSWORD });
  }
}
