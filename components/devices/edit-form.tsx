"use client";

import { useRouter } from "next/navigation";
import { useState, useTransition } from "react";
import { ErrorSummary } from "@/components/meters/error-summary";
import { bind, type FormState } from "@/components/meters/form-fields";
import { FormSection } from "@/components/meters/form-section";
import { Button, LinkButton } from "@/components/ui/button";
import { Field, Input } from "@/components/ui/field";
import { LeaveGuard } from "@/components/ui/leave-guard";
import { useToast } from "@/components/ui/toast";
import type { Action } from "@/lib/action";
import type { DeviceDto } from "@/lib/devices/schemas";
import type { FieldErrors } from "@/lib/errors";
import { labelOfField } from "./field-words";
import { FileText } from "./file-text";

/** Name, Guardian address and JSON schema of a device; its config and key are replaced elsewhere. An emptied schema is removed. */
export function EditForm({ device, save }: { device: DeviceDto; save: Action<DeviceDto> }) {
  const router = useRouter();
  const toast = useToast();
  const [stored] = useState(() => (device.schema ? JSON.stringify(device.schema, null, 2) : ""));
  const [values, setValues] = useState({ name: device.name, guardianUrl: device.guardianUrl, schema: stored });
  const [refusal, setRefusal] = useState<{ message: string; fields: FieldErrors } | null>(null);
  const [isDirty, setDirty] = useState(false);
  const [isSaving, startSaving] = useTransition();
  const set = (name: string, value: string) => {
    setValues((before) => ({ ...before, [name]: value }));
    setDirty(true);
  };
  const form: FormState = { values, errors: refusal?.fields ?? {}, set };
  const submit = () =>
    startSaving(async () => {
      const { name, guardianUrl, schema } = values;
      const answer = await save(null, {
        deviceId: device.id,
        version: device.version,
        name,
        // Only where it was changed: to name an address is to say that somebody has looked at it.
        ...(guardianUrl.trim() !== device.guardianUrl && { guardianUrl }),
        ...(schema !== stored && { schema: schema.trim() === "" ? null : schema }),
      });
      if (!answer.ok) return setRefusal(answer);
      setRefusal(null);
      setDirty(false);
      toast({ title: "Device changed", detail: answer.data.name });
      router.push(`/devices/${device.id}`);
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
      {refusal && <ErrorSummary {...refusal} labelOf={labelOfField} />}
      <FormSection title="Device" note="DID, policy and key come with its config">
        <Field label="Name" help="As people here call the device." error={form.errors.name}>
          <Input {...bind(form, "name")} autoComplete="off" />
        </Field>
        <Field label="Guardian address" help="Of its API: records go there." error={form.errors.guardianUrl}>
          <Input {...bind(form, "guardianUrl")} mono inputMode="url" autoComplete="off" />
        </Field>
        <FileText
          name="schema"
          label="JSON schema"
          optional
          help="Of the credential subject. Emptied, fields are read from the context alone, as text."
          rows={12}
          value={values.schema}
          errors={form.errors}
          onChange={(text) => set("schema", text)}
          onWhole={(text) => set("schema", text)}
        />
      </FormSection>
      <div className="form-foot">
        <Button type="submit" variant="primary" busy={isSaving}>
          Save changes
        </Button>
        <LinkButton variant="quiet" href={`/devices/${device.id}`}>
          Cancel
        </LinkButton>
        {isDirty && <span className="qq figs push">Not saved yet</span>}
      </div>
      <LeaveGuard isDirty={isDirty} />
    </form>
  );
}
