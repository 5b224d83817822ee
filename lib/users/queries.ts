import { asc } from "drizzle-orm";
import { authorise } from "../auth/actor";
import type { Ctx } from "../ctx";
import { users } from "../db/schema";
import { toDto, type UserDto } from "./schemas";

/** All of them, by name; an installation has dozens, not thousands. */
export async function listUsers(ctx: Ctx): Promise<UserDto[]> {
  authorise(ctx.actor, "users:edit");
  const rows = await ctx.db.select().from(users).orderBy(asc(users.name), asc(users.id));
  return rows.map(toDto);
}
