"use client";

import { useState, useTransition } from "react";
import { Button } from "@/components/ui/button";
import { Switch } from "@/components/ui/choices";
import { Dialog, DialogClose } from "@/components/ui/dialog";
import { Field, Input } from "@/components/ui/field";
import { Note } from "@/components/ui/note";
import { useToast } from "@/components/ui/toast";
import type { Action } from "@/lib/action";
import type { FieldErrors } from "@/lib/errors";
import type { UserDto } from "@/lib/users/schemas";
import { RoleChoices } from "./role-choices";
import type { UserRow } from "./user-row";

export function EditUser({ user, isSelf, update }: { user: UserRow; isSelf: boolean; update: Action<UserDto> }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button small variant="quiet" icon="edit" aria-label={`Edit ${user.name}`} onClick={() => setOpen(true)}>
        Edit
      </Button>
      <Dialog title={user.email} open={isOpen} onOpenChange={setOpen}>
        <EditForm user={user} isSelf={isSelf} update={update} onDone={() => setOpen(false)} />
      </Dialog>
    </>
  );
}

/** Sends only what was changed, so that two administrators do not undo each other. */
function EditForm(props: { user: UserRow; isSelf: boolean; update: Action<UserDto>; onDone: () => void }) {
  const { user, isSelf, update, onDone } = props;
  const toast = useToast();
  const [name, setName] = useState(user.name);
  const [password, setPassword] = useState("");
  const [roles, setRoles] = useState([...user.roles]);
  const [isDisabled, setDisabled] = useState(user.isDisabled);
  const [errors, setErrors] = useState<{ message: string; fields: FieldErrors } | null>(null);
  const [isSaving, startSaving] = useTransition();
  const hasOtherRoles = roles.length !== user.roles.length || roles.some((role) => !user.roles.includes(role));
  const submit = () =>
    startSaving(async () => {
      const answer = await update(null, {
        userId: user.id,
        name: name === user.name ? undefined : name,
        roles: hasOtherRoles ? roles : undefined,
        isDisabled: isDisabled === user.isDisabled ? undefined : isDisabled,
        password: password || undefined,
      });
      if (!answer.ok) return setErrors(answer);
      toast({ title: "User changed", detail: answer.data.name });
      onDone();
    });
  return (
    <form
      noValidate
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {errors && Object.keys(errors.fields).length === 0 && (
        <Note state="failed" role="alert">
          {errors.message}
        </Note>
      )}
      {user.isLocked && (
        <Note state="waiting">Locked after too many wrong tries. A new password ends the lock at once.</Note>
      )}
      <Field label="Name" error={errors?.fields.name}>
        <Input name="name" value={name} autoComplete="off" onChange={(event) => setName(event.target.value)} />
      </Field>
      <Field
        label="New password"
        optional
        help={isSelf ? "Ends your sessions, this one too." : "Ends their sessions. Tell it to them by other means."}
        error={errors?.fields.password}
      >
        <Input
          name="password"
          type="password"
          value={password}
          autoComplete="new-password"
          onChange={(event) => setPassword(event.target.value)}
        />
      </Field>
      <RoleChoices roles={roles} error={errors?.fields.roles} onChange={setRoles} />
      <Switch checked={isDisabled} onChange={setDisabled}>
        Disabled <span className="qq">cannot sign in; open sessions end</span>
      </Switch>
      <div className="row justify-end">
        <DialogClose>
          <Button>Keep as it is</Button>
        </DialogClose>
        <Button type="submit" variant="primary" busy={isSaving}>
          Save
        </Button>
      </div>
    </form>
  );
}
