"use client";

import { useState, useTransition } from "react";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose } from "@/components/ui/dialog";
import { Field, Input } from "@/components/ui/field";
import { Note } from "@/components/ui/note";
import { useToast } from "@/components/ui/toast";
import type { Action } from "@/lib/action";
import type { Role } from "@/lib/auth/roles";
import type { FieldErrors } from "@/lib/errors";
import type { UserDto } from "@/lib/users/schemas";
import { RoleChoices } from "./role-choices";

/** The button at the head of the page, and the form behind it. */
export function AddUser({ create }: { create: Action<UserDto> }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button variant="primary" icon="plus" onClick={() => setOpen(true)}>
        Add user
      </Button>
      <Dialog title="Add a user" open={isOpen} onOpenChange={setOpen}>
        <UserForm create={create} onDone={() => setOpen(false)} />
      </Dialog>
    </>
  );
}

function UserForm({ create, onDone }: { create: Action<UserDto>; onDone: () => void }) {
  const toast = useToast();
  const [values, setValues] = useState({ name: "", email: "", password: "" });
  const [roles, setRoles] = useState<Role[]>(["viewer"]);
  const [errors, setErrors] = useState<{ message: string; fields: FieldErrors } | null>(null);
  const [isSaving, startSaving] = useTransition();
  const bind = (name: keyof typeof values) => ({
    name,
    value: values[name],
    onChange: (event: { target: { value: string } }) => setValues({ ...values, [name]: event.target.value }),
  });
  const submit = () =>
    startSaving(async () => {
      const answer = await create(null, { ...values, roles });
      if (!answer.ok) return setErrors(answer);
      toast({ title: "User added", detail: `${answer.data.email} can sign in with the password you typed.` });
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
      <Field label="Name" error={errors?.fields.name}>
        <Input {...bind("name")} autoComplete="off" required />
      </Field>
      <Field label="E-mail" help="What they sign in with." error={errors?.fields.email}>
        <Input {...bind("email")} type="email" autoComplete="off" required />
      </Field>
      <Field
        label="First password"
        help="At least twelve characters. Tell it to them by other means; they can change it."
        error={errors?.fields.password}
      >
        <Input {...bind("password")} type="password" autoComplete="new-password" required />
      </Field>
      <RoleChoices roles={roles} error={errors?.fields.roles} onChange={setRoles} />
      <div className="row justify-end">
        <DialogClose>
          <Button>Cancel</Button>
        </DialogClose>
        <Button type="submit" variant="primary" busy={isSaving}>
          Add user
        </Button>
      </div>
    </form>
  );
}
