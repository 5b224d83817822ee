import { decode, encode } from "next-auth/jwt";
import { env } from "../env";

/** What a session cookie holds, encrypted. Roles are not in it: they are read from the database at every request. */
export interface SessionToken {
  userId: string;
  /** `users.session_epoch` at sign-in; a session of an older epoch is over. */
  epoch: number;
}

export const SESSION_SECONDS = 12 * 60 * 60;

/** Browsers keep `Secure` cookies only on https, and plain ones would be sent in the clear: the address decides. */
export function isSecure(): boolean {
  return env().NEXTAUTH_URL?.startsWith("https:") ?? false;
}

export function sessionCookie() {
  const secure = isSecure();
  return {
    name: secure ? "__Host-meterproof.session" : "meterproof.session",
    options: { httpOnly: true, sameSite: "lax", path: "/", secure },
  } as const;
}

export const DEVICE_SECONDS = 180 * 24 * 60 * 60;

/**
 * Stays in the browser after signing out and says only that this person was signed in there before: strangers who try passwords
 * until the account is locked do not lock them out of it.
 */
export function deviceCookie() {
  const { name, options } = sessionCookie();
  return { name: name.replace("session", "device"), options };
}

export function sealDevice({ userId, epoch }: SessionToken): Promise<string> {
  return encode({ token: { sub: userId, deviceEpoch: epoch }, secret: env().NEXTAUTH_SECRET, maxAge: DEVICE_SECONDS });
}

/** Null for anything but a device of ours. A session is no device, and a device no session. */
export async function openDevice(text: string): Promise<SessionToken | null> {
  const token = await decode({ token: text, secret: env().NEXTAUTH_SECRET }).catch(() => null);
  if (typeof token?.sub !== "string" || typeof token.deviceEpoch !== "number") return null;
  return { userId: token.sub, epoch: token.deviceEpoch };
}

export function sealSession(session: SessionToken): Promise<string> {
  return encode({
    token: { sub: session.userId, epoch: session.epoch },
    secret: env().NEXTAUTH_SECRET,
    maxAge: SESSION_SECONDS,
  });
}

/** Null for anything but a session of ours that has not run out. */
export async function openSession(text: string): Promise<SessionToken | null> {
  const token = await decode({ token: text, secret: env().NEXTAUTH_SECRET }).catch(() => null);
  if (typeof token?.sub !== "string" || typeof token.epoch !== "number") return null;
  return { userId: token.sub, epoch: token.epoch };
}
