import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { AuthPage } from "@/components/auth/auth-page";
import { SignInForm } from "@/components/auth/sign-in-form";
import { currentActor } from "@/lib/auth/session";
import { env } from "@/lib/env";
import { getDb } from "@/lib/runtime";
import { needsFirstAdmin } from "@/lib/users/first-admin";
import { signInAction } from "../actions";

export const metadata: Metadata = { title: "Sign in" };

export default async function SignInPage({ searchParams }: { searchParams: Promise<{ next?: string | string[] }> }) {
  const { next } = await searchParams;
  if (await currentActor()) redirect("/");
  if (await needsFirstAdmin(getDb())) redirect("/set-up");
  return (
    <AuthPage>
      <SignInForm
        action={signInAction}
        next={typeof next === "string" ? next : undefined}
        hasSingleSignOn={env().OIDC_ISSUER !== undefined}
      />
    </AuthPage>
  );
}
