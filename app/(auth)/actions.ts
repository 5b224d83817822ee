"use server";

import { z } from "zod";
import { action, openAction } from "@/lib/action";
import { endSession, knownDevice, startSession } from "@/lib/auth/session";
import { signIn, signInInput } from "@/lib/auth/sign-in";
import { changePassword } from "@/lib/users/change-password";
import { createFirstAdmin } from "@/lib/users/first-admin";
import { changePasswordInput, firstAdminInput } from "@/lib/users/schemas";

const signInForm = signInInput.extend({ next: z.string().max(2_000).optional() });

/** Fields `email`, `password` and, hidden, `next` (the path to go to afterwards). */
export const signInAction = openAction(
  signInForm,
  async ({ db }, { email, password }) => startSession(await signIn(db, { email, password }, await knownDevice())),
  { redirect: ({ next }) => pathOfThisSite(next) },
);

/** Fields `setupToken`, `name`, `email`, `password`; signs the new administrator in. */
export const createFirstAdminAction = openAction(
  firstAdminInput,
  async ({ db }, input) => startSession(await createFirstAdmin(db, input)),
  { redirect: () => "/" },
);

/** Fields `currentPassword`, `newPassword`. Other sessions of the person end; this one goes on. */
export const changePasswordAction = action(changePasswordInput, async (ctx, input) =>
  startSession(await changePassword(ctx, input)),
);

export const signOutAction = openAction(z.object({}), endSession, { redirect: () => "/sign-in" });

/** A stranger's link must not lead away from here: `//host`, `/\host`, `/.//host` and whole addresses are dropped. */
function pathOfThisSite(next: string | undefined): string {
  const base = "http://here.invalid";
  if (!next?.startsWith("/") || !URL.canParse(next, base)) return "/";
  const url = new URL(next, base);
  return url.origin === base && !url.pathname.startsWith("//") ? url.pathname + url.search : "/";
}
