"use client";

import { useActionState } from "react";
import { Button } from "@/components/ui/button";
import { Field, Input } from "@/components/ui/field";
import { Note } from "@/components/ui/note";
import type { Action } from "@/lib/action";

/** Makes the first administrator; the token stands in the terminal that started Meterproof. */
export function SetUpForm({ action, token }: { action: Action<void>; token: string | undefined }) {
  const [state, submit, isPending] = useActionState(action, null);
  const failed = state?.ok === false ? state : null;
  const typed = (name: string) => {
    const value = failed?.values[name];
    return typeof value === "string" ? value : undefined;
  };
  return (
    <form action={submit}>
      <h1>Set up Meterproof</h1>
      <p className="q">Make the first administrator. The token stands in the terminal and works once.</p>
      {failed && (
        <Note state="failed" role="alert">
          {failed.message}
        </Note>
      )}
      <Field label="Set-up token" error={failed?.fields.setupToken}>
        <Input name="setupToken" mono required autoComplete="off" defaultValue={typed("setupToken") ?? token} />
      </Field>
      <Field label="Name" error={failed?.fields.name}>
        <Input name="name" required autoComplete="name" defaultValue={typed("name")} />
      </Field>
      <Field label="E-mail" error={failed?.fields.email}>
        <Input name="email" type="email" required autoComplete="username" defaultValue={typed("email")} />
      </Field>
      <Field label="Password" help="At least 12 characters." error={failed?.fields.password}>
        <Input name="password" type="password" required minLength={12} autoComplete="new-password" />
      </Field>
      <Button type="submit" variant="primary" busy={isPending}>
        Make administrator and sign in
      </Button>
    </form>
  );
}
