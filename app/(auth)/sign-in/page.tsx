import type { Metadata } from "next";
import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { Suspense } from "react";
import { AuthPage } from "@/components/auth/auth-page";
import { SignInForm } from "@/components/auth/sign-in-form";
import { State } from "@/components/ui/state";
import { currentActor } from "@/lib/auth/session";
import { sessionCookie } from "@/lib/auth/session-token";
import { env } from "@/lib/env";
import { recentHealth } from "@/lib/health/check-health";
import { getArchive, getDb } from "@/lib/runtime";
import { needsFirstAdmin } from "@/lib/users/first-admin";
import { signInAction } from "../actions";

export const metadata: Metadata = { title: "Sign in" };

type Query = { next?: string | string[]; error?: string | string[] };

export default async function SignInPage({ searchParams }: { searchParams: Promise<Query> }) {
  const { next, error } = await searchParams;
  if (await currentActor()) redirect("/");
  if (await needsFirstAdmin(getDb())) redirect("/set-up");
  return (
    <AuthPage
      foot={
        <Suspense fallback={<span>Checking services…</span>}>
          <ServiceHealth />
        </Suspense>
      }
    >
      <SignInForm
        action={signInAction}
        next={typeof next === "string" ? next : undefined}
        hasSingleSignOn={env().OIDC_ISSUER !== undefined}
        notice={await noticeOf(error)}
      />
    </AuthPage>
  );
}

/** Whoever still carries a session cookie was signed in: it ran out, or was ended. `error` comes from single sign-on. */
async function noticeOf(error: string | string[] | undefined) {
  if (error === "OidcNoUser") {
    return {
      state: "failed" as const,
      text: "Single sign-on worked, but no account here has that e-mail address. Ask an administrator for one.",
    };
  }
  if (error !== undefined) {
    return {
      state: "failed" as const,
      text: "Single sign-on did not finish. Try again, or sign in with your password.",
    };
  }
  const hadSession = (await cookies()).has(sessionCookie().name);
  return hadSession ? { state: "waiting" as const, text: "Your session has ended. Sign in again." } : null;
}

/** Comes after the form: a service that does not answer must not keep anybody from signing in. */
async function ServiceHealth() {
  const health = await recentHealth({
    db: getDb(),
    archive: getArchive,
    inngestBaseUrl: env().INNGEST_BASE_URL,
    fetch,
  });
  if (health.status === "ok") return <State state="succeeded">All services healthy</State>;
  const problems = Object.values(health.dependencies).flatMap(({ message }) => message ?? []);
  return <State state="failed">{problems.join(" ")}</State>;
}
