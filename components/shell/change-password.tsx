"use client";

import { useActionState, useEffect, useId } from "react";
import { Button } from "../ui/button";
import { Dialog, DialogClose } from "../ui/dialog";
import { Field, Input } from "../ui/field";
import { Note } from "../ui/note";
import { useToast } from "../ui/toast";
import { useShellActions } from "./shell-actions";

export function ChangePassword({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const form = useId();
  return (
    <Dialog title="Change your password" open={open} onOpenChange={onOpenChange}>
      <PasswordForm id={form} onDone={() => onOpenChange(false)} />
    </Dialog>
  );
}

function PasswordForm({ id, onDone }: { id: string; onDone: () => void }) {
  const { changePassword } = useShellActions();
  const [state, submit, isPending] = useActionState(changePassword, null);
  const toast = useToast();
  useEffect(() => {
    if (!state?.ok) return;
    toast({ title: "Password changed", detail: "Your other sessions have ended." });
    onDone();
  }, [state, toast, onDone]);
  const problem = state && !state.ok ? state : null;
  return (
    <form id={id} action={submit} className="stack">
      {problem && Object.keys(problem.fields).length === 0 && (
        <Note state="failed" role="alert">
          {problem.message}
        </Note>
      )}
      <Field label="Password now" error={problem?.fields.currentPassword}>
        <Input name="currentPassword" type="password" autoComplete="current-password" required />
      </Field>
      <Field
        label="New password"
        error={problem?.fields.newPassword}
        help="At least twelve characters; a sentence is fine"
      >
        <Input name="newPassword" type="password" autoComplete="new-password" required />
      </Field>
      <div className="row justify-end">
        <DialogClose>
          <Button>Keep it</Button>
        </DialogClose>
        <Button type="submit" variant="primary" busy={isPending}>
          Change password
        </Button>
      </div>
    </form>
  );
}
