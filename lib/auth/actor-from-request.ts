import type { Db } from "../db/client";
import { env } from "../env";
import { Forbidden, Unauthenticated } from "../errors";
import { authenticateToken } from "../tokens/authenticate-token";
import type { Actor } from "./actor";
import { actorOfSession } from "./actor-of-session";
import { sessionCookie } from "./session-token";

const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Who sends an API request: the bearer of a token, or the person whose session cookie comes along. A bearer token that is
 * wrong is never made good by a cookie.
 * @throws Unauthenticated; Forbidden where another site's page sends the cookie.
 */
export async function actorFromRequest(request: Request, db: Db): Promise<Actor> {
  const authorization = request.headers.get("authorization");
  if (authorization !== null) {
    const token = /^Bearer +(\S+) *$/i.exec(authorization)?.[1];
    if (!token) throw new Unauthenticated("Send the API token as `Authorization: Bearer TOKEN`.");
    return authenticateToken(db, token);
  }
  const cookie = readCookie(request.headers.get("cookie") ?? "", sessionCookie().name);
  const actor = cookie ? await actorOfSession(db, cookie) : null;
  if (!actor) throw new Unauthenticated();
  if (!SAFE_METHODS.has(request.method) && !isSameOrigin(request)) {
    throw new Forbidden("This request does not come from a page of this site. Programs use an API token.");
  }
  return actor;
}

/** Browsers say where a request comes from, and a page cannot change that; a request that says nothing is refused. */
function isSameOrigin(request: Request): boolean {
  // Sent to https and loopback addresses; others have to do with the origin.
  const site = request.headers.get("sec-fetch-site");
  if (site !== null) return site === "same-origin";
  const origin = request.headers.get("origin") ?? "";
  if (!URL.canParse(origin)) return false;
  const { NEXTAUTH_URL } = env();
  if (NEXTAUTH_URL !== undefined && new URL(NEXTAUTH_URL).origin === origin) return true;
  return new URL(origin).host === (request.headers.get("host") ?? new URL(request.url).host);
}

function readCookie(header: string, name: string): string | undefined {
  for (const part of header.split(";")) {
    const [key, ...value] = part.trim().split("=");
    if (key === name) return decodeURIComponentOrText(value.join("="));
  }
  return undefined;
}

function decodeURIComponentOrText(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
