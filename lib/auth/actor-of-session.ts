import { eq } from "drizzle-orm";
import type { Db } from "../db/client";
import { users } from "../db/schema";
import type { Actor } from "./actor";
import { openSession } from "./session-token";

/** Who a session cookie stands for now: null when it ran out, was ended, or the account was disabled. */
export async function actorOfSession(db: Db, cookie: string): Promise<(Actor & { kind: "user" }) | null> {
  const session = await openSession(cookie);
  if (!session) return null;
  const [user] = await db
    .select({ name: users.name, roles: users.roles, epoch: users.sessionEpoch, disabledAt: users.disabledAt })
    .from(users)
    .where(eq(users.id, session.userId));
  if (!user || user.disabledAt || user.epoch !== session.epoch) return null;
  return { kind: "user", id: session.userId, name: user.name, roles: user.roles };
}
