import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { connection } from "next/server";
import { getDb } from "../runtime";
import type { Actor } from "./actor";
import { actorOfSession } from "./actor-of-session";
import {
  DEVICE_SECONDS,
  deviceCookie,
  openDevice,
  SESSION_SECONDS,
  type SessionToken,
  sealDevice,
  sealSession,
  sessionCookie,
} from "./session-token";

type User = Actor & { kind: "user" };

/** Who is signed in, checked against the database at every call; null for nobody. For pages, layouts and actions. */
export async function currentActor(): Promise<User | null> {
  // Before anything else: a page that asks who is there can never be prepared at build time.
  await connection();
  const cookie = (await cookies()).get(sessionCookie().name)?.value;
  return cookie ? actorOfSession(getDb(), cookie) : null;
}

/** For pages: whoever is not signed in goes to the sign-in page. */
export async function requireActor(): Promise<User> {
  return (await currentActor()) ?? redirect("/sign-in");
}

/** Only in server actions and route handlers. */
export async function startSession(session: SessionToken): Promise<void> {
  const { name, options } = sessionCookie();
  const jar = await cookies();
  jar.set(name, await sealSession(session), { ...options, maxAge: SESSION_SECONDS });
  const device = deviceCookie();
  jar.set(device.name, await sealDevice(session), { ...device.options, maxAge: DEVICE_SECONDS });
}

/** Who was signed in from this browser before, for `signIn`. */
export async function knownDevice(): Promise<SessionToken | null> {
  const text = (await cookies()).get(deviceCookie().name)?.value;
  return text === undefined ? null : openDevice(text);
}

/** Only in server actions and route handlers. */
export async function endSession(): Promise<void> {
  const { name, options } = sessionCookie();
  (await cookies()).set(name, "", { ...options, maxAge: 0 });
}
