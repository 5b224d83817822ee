import { type NextRequest, NextResponse } from "next/server";
import { sessionCookie } from "@/lib/auth/session-token";

/** Sends a browser without a session to the sign-in page. A convenience, never the guard: every page and verb checks again. */
export function proxy(request: NextRequest): NextResponse {
  if (request.cookies.has(sessionCookie().name)) return NextResponse.next();
  const { pathname, search } = request.nextUrl;
  const signIn = new URL("/sign-in", request.url);
  if (pathname !== "/") signIn.searchParams.set("next", pathname + search);
  return NextResponse.redirect(signIn);
}

export const config = {
  // Pages only: the API answers 401 by itself, and static files need no session.
  matcher: ["/((?!api/|_next/|sign-in|set-up|.*\\.[a-z0-9]+$).*)"],
};
