"use client";

import { signIn } from "next-auth/react";
import { useActionState } from "react";
import { Button } from "@/components/ui/button";
import { Field, Input } from "@/components/ui/field";
import { Note } from "@/components/ui/note";
import type { Action } from "@/lib/action";

/** `notice`: why somebody who was signed in, or tried elsewhere, is here. */
export function SignInForm(props: {
  action: Action<void>;
  next: string | undefined;
  hasSingleSignOn: boolean;
  notice: { state: "waiting" | "failed"; text: string } | null;
}) {
  const [state, submit, isPending] = useActionState(props.action, null);
  const failed = state?.ok === false ? state : null;
  return (
    <form action={submit}>
      <h1>Sign in</h1>
      <p className="q">Use the account your administrator made for you.</p>
      {!state && props.notice && (
        <Note state={props.notice.state} role="status">
          {props.notice.text}
        </Note>
      )}
      {failed && (
        <Note state="failed" role="alert">
          {failed.message}
        </Note>
      )}
      {props.next !== undefined && <input type="hidden" name="next" value={props.next} />}
      <Field label="E-mail" error={failed?.fields.email}>
        <Input name="email" type="email" autoComplete="username" required defaultValue={textOf(failed?.values.email)} />
      </Field>
      <Field label="Password" error={failed?.fields.password}>
        <Input name="password" type="password" autoComplete="current-password" required />
      </Field>
      <Button type="submit" variant="primary" busy={isPending}>
        Sign in
      </Button>
      {props.hasSingleSignOn && (
        <>
          <div className="si-or">
            <span>or</span>
          </div>
          <Button icon="key" onClick={() => signIn("oidc", { callbackUrl: props.next ?? "/" })}>
            Continue with single sign-on
          </Button>
        </>
      )}
    </form>
  );
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
