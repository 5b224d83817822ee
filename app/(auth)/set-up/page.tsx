import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { connection } from "next/server";
import { AuthPage } from "@/components/auth/auth-page";
import { SetUpForm } from "@/components/auth/set-up-form";
import { getDb } from "@/lib/runtime";
import { needsFirstAdmin } from "@/lib/users/first-admin";
import { createFirstAdminAction } from "../actions";

export const metadata: Metadata = { title: "Set up", referrer: "no-referrer" };

export default async function SetUpPage({ searchParams }: { searchParams: Promise<{ token?: string | string[] }> }) {
  await connection();
  const { token } = await searchParams;
  if (!(await needsFirstAdmin(getDb()))) redirect("/sign-in");
  return (
    <AuthPage>
      <SetUpForm action={createFirstAdminAction} token={typeof token === "string" ? token : undefined} />
    </AuthPage>
  );
}
