import { randomBytes } from "node:crypto";
import { type NextRequest, NextResponse } from "next/server";
import { contentSecurityPolicy, strictTransport } from "@/lib/auth/page-headers";
import { sessionCookie } from "@/lib/auth/session-token";

/** Pages that somebody without a session may see. */
const openPages = ["/sign-in", "/set-up"];

/**
 * Gives every page its content security policy, and sends a browser without a session to the sign-in page. The latter is a
 * convenience, never the guard: every page and verb checks again.
 */
export function proxy(request: NextRequest): NextResponse {
  const { pathname, search } = request.nextUrl;
  if (!openPages.includes(pathname) && !request.cookies.has(sessionCookie().name)) {
    const signIn = new URL("/sign-in", request.url);
    if (pathname !== "/") signIn.searchParams.set("next", pathname + search);
    return NextResponse.redirect(signIn);
  }
  const policy = contentSecurityPolicy(randomBytes(16).toString("base64"));
  const headers = new Headers(request.headers);
  // Next reads the nonce for its scripts from here.
  headers.set("Content-Security-Policy", policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("Content-Security-Policy", policy);
  const transport = strictTransport();
  if (transport) response.headers.set("Strict-Transport-Security", transport);
  return response;
}

export const config = {
  // Pages only: the API answers 401 by itself, and static files need no session.
  matcher: ["/((?!api/|_next/|.*\\.[a-z0-9]+$).*)"],
};
