"use client";

import { useState, useTransition } from "react";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose } from "@/components/ui/dialog";
import { Field, Input } from "@/components/ui/field";
import { Note } from "@/components/ui/note";
import { Select } from "@/components/ui/select";
import type { Action } from "@/lib/action";
import type { FieldErrors } from "@/lib/errors";
import type { TokenDto } from "@/lib/tokens/schemas";
import { MeterChoices } from "./meter-choices";
import { ShownOnce } from "./shown-once";
import { roleOptions } from "./user-row";

type Create = Action<{ token: TokenDto; text: string }>;
type Meters = readonly { id: string; name: string }[];

const lifetimes = [
  { value: "30", label: "In 30 days" },
  { value: "90", label: "In 90 days" },
  { value: "365", label: "In a year" },
  { value: "never", label: "Never" },
];

export function AddToken({ meters, create }: { meters: Meters; create: Create }) {
  const [isOpen, setOpen] = useState(false);
  const [text, setText] = useState<string | null>(null);
  const close = () => {
    setOpen(false);
    setText(null);
  };
  return (
    <>
      <Button variant="primary" icon="plus" onClick={() => setOpen(true)}>
        Add token
      </Button>
      <Dialog
        title={text ? "The new token" : "Add an API token"}
        open={isOpen}
        onOpenChange={(open) => (open ? setOpen(true) : close())}
      >
        {text ? (
          <ShownOnce label="Token" text={text} onDone={close}>
            Only a hash of it is kept. Whoever has it acts with its role.
          </ShownOnce>
        ) : (
          <TokenForm meters={meters} create={create} onCreated={setText} />
        )}
      </Dialog>
    </>
  );
}

function TokenForm(props: { meters: Meters; create: Create; onCreated: (text: string) => void }) {
  const { meters, create, onCreated } = props;
  const [name, setName] = useState("");
  const [role, setRole] = useState("viewer");
  const [lifetime, setLifetime] = useState("90");
  const [meterIds, setMeterIds] = useState<string[] | null>(null);
  const [errors, setErrors] = useState<{ message: string; fields: FieldErrors } | null>(null);
  const [isSaving, startSaving] = useTransition();
  const submit = () =>
    startSaving(async () => {
      const expiresAt =
        lifetime === "never" ? undefined : new Date(Date.now() + Number(lifetime) * 86_400_000).toISOString();
      const answer = await create(null, { name, role, expiresAt, meterIds: meterIds ?? undefined });
      if (answer.ok) onCreated(answer.data.text);
      else setErrors(answer);
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
      <Field label="Name" help="What will use it." error={errors?.fields.name}>
        <Input name="name" value={name} autoComplete="off" onChange={(event) => setName(event.target.value)} />
      </Field>
      <Field label="Role" error={errors?.fields.role}>
        <Select
          options={roleOptions.map(({ value, label, help }) => ({ value, label, note: help }))}
          value={role}
          onChange={setRole}
        />
      </Field>
      <MeterChoices meters={meters} chosen={meterIds} error={errors?.fields.meterIds} onChange={setMeterIds} />
      <Field label="Expires" error={errors?.fields.expiresAt}>
        <Select options={lifetimes} value={lifetime} onChange={setLifetime} />
      </Field>
      <div className="row justify-end">
        <DialogClose>
          <Button>Cancel</Button>
        </DialogClose>
        <Button type="submit" variant="primary" busy={isSaving}>
          Add token
        </Button>
      </div>
    </form>
  );
}
