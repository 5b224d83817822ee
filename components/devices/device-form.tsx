"use client";

import { useRouter } from "next/navigation";
import { useRef, useState, useTransition } from "react";
import { ErrorSummary } from "@/components/meters/error-summary";
import { bind, type FormState } from "@/components/meters/form-fields";
import { FormSection } from "@/components/meters/form-section";
import { Button, LinkButton } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/choices";
import { Field, Input } from "@/components/ui/field";
import { LeaveGuard } from "@/components/ui/leave-guard";
import { useToast } from "@/components/ui/toast";
import type { Action } from "@/lib/action";
import type { DeviceDto, DevicePreview } from "@/lib/devices/schemas";
import type { FieldErrors } from "@/lib/errors";
import { labelOfField } from "./field-words";
import { FileText } from "./file-text";
import { PreviewCard } from "./preview-card";

type Values = Record<"name" | "mrvConfig" | "schema" | "guardianUrl", string>;

/**
 * Adds a device, or with `device` replaces its config. The config is read as soon as it is there, without storing anything; its faults stand at
 * its field, and nothing that was entered is lost.
 */
export function DeviceForm(props: {
  device: Pick<DeviceDto, "id" | "name" | "version" | "guardianUrl" | "hasSchema"> | null;
  save: Action<DeviceDto>;
  preview: Action<DevicePreview>;
}) {
  const { device, save } = props;
  const router = useRouter();
  const toast = useToast();
  const [values, setValues] = useState<Values>({ name: "", mrvConfig: "", schema: "", guardianUrl: "" });
  const [mayChangeIdentity, setMayChangeIdentity] = useState(false);
  const [refusal, setRefusal] = useState<{ message: string; fields: FieldErrors } | null>(null);
  const [preview, setPreview] = useState<DevicePreview | null>(null);
  const [isDirty, setDirty] = useState(false);
  const [isSaving, startSaving] = useTransition();
  const [isReading, startReading] = useTransition();
  /** Counts what was entered: an answer about an earlier text says nothing of this one. */
  const edition = useRef(0);

  const set = (name: string, value: string) => {
    setValues((before) => ({ ...before, [name]: value }));
    setDirty(true);
    if (name === "name") return;
    edition.current += 1;
    setPreview(null);
  };
  const form: FormState = { values, errors: refusal?.fields ?? {}, set };

  const read = (given: Values) =>
    startReading(async () => {
      const asked = edition.current;
      const answer = await props.preview(null, { ...inputOf(given), ...(device && { deviceId: device.id }) });
      if (asked !== edition.current) return;
      setRefusal(answer.ok ? null : answer);
      setPreview(answer.ok ? answer.data : null);
    });
  /** Of a schema alone nothing can be read. */
  const readWhole = (given: Values) => {
    if (given.mrvConfig.trim() !== "") read(given);
  };
  const submit = () =>
    startSaving(async () => {
      const input = device
        ? { ...inputOf(values), deviceId: device.id, version: device.version, mayChangeIdentity }
        : { ...inputOf(values), name: values.name };
      const answer = await save(null, input);
      if (!answer.ok) return setRefusal(answer);
      setRefusal(null);
      setDirty(false);
      toast({ title: device ? "Config replaced" : "Device added", detail: answer.data.name });
      router.push(`/devices/${answer.data.id}`);
    });
  const isOther = preview?.changes.some(({ isIdentity }) => isIdentity) ?? false;

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
      <div className="cols">
        <div className="c7 stack">
          <FormSection title="MRV config" note="As the policy hands it out for the device">
            {!device && (
              <Field label="Name" help="As people here call the device." error={form.errors.name} className="wide">
                <Input {...bind(form, "name")} autoComplete="off" placeholder="Inverter A, warehouse" />
              </Field>
            )}
            <FileText
              name="mrvConfig"
              label="MRV config"
              help="JSON, with the device's key in it. It is checked before anything is stored."
              rows={8}
              value={values.mrvConfig}
              errors={form.errors}
              onChange={(text) => set("mrvConfig", text)}
              onWhole={(mrvConfig) => readWhole({ ...values, mrvConfig })}
            />
          </FormSection>
          <FormSection title="Guardian" note="Where records go, and what they must hold">
            <Field
              label="Guardian address"
              optional
              className="wide"
              help={
                device
                  ? `Records go on to ${device.guardianUrl} unless another is given.`
                  : "Of its API. Left empty it is the config's, which often names a demo's sender instead of Guardian."
              }
              error={form.errors.guardianUrl}
            >
              <Input
                {...bind(form, "guardianUrl")}
                mono
                inputMode="url"
                autoComplete="off"
                placeholder="https://guardian.example/api/v1"
              />
            </Field>
            <FileText
              name="schema"
              label="JSON schema"
              optional
              help={
                device?.hasSchema
                  ? "Of the credential subject. Left empty the one that the device has stays, if it fits the new config."
                  : "Of the credential subject. With it, fields get their types and are checked before anything is signed."
              }
              rows={5}
              value={values.schema}
              errors={form.errors}
              onChange={(text) => set("schema", text)}
              onWhole={(schema) => readWhole({ ...values, schema })}
            />
          </FormSection>
          {isOther && (
            <Checkbox checked={mayChangeIdentity} onChange={setMayChangeIdentity}>
              This config is of another DID or policy: {device?.name} becomes that device from now on
            </Checkbox>
          )}
          <div className="form-foot">
            <Button type="submit" variant="primary" busy={isSaving}>
              {device ? "Replace config" : "Add device"}
            </Button>
            <LinkButton variant="quiet" href={device ? `/devices/${device.id}` : "/devices"}>
              Cancel
            </LinkButton>
            {isDirty && <span className="qq figs push">Not saved yet</span>}
          </div>
        </div>
        <div className="c5 stack">
          <PreviewCard
            preview={preview}
            isReading={isReading}
            hasConfig={values.mrvConfig.trim() !== ""}
            onRead={() => read(values)}
          />
        </div>
      </div>
      <LeaveGuard isDirty={isDirty} />
    </form>
  );
}

/** The verbs' input: an empty field is one that was left out. */
function inputOf({ mrvConfig, schema, guardianUrl }: Values) {
  return {
    mrvConfig: mrvConfig.trim() === "" ? undefined : mrvConfig,
    ...(schema.trim() !== "" && { schema }),
    ...(guardianUrl.trim() !== "" && { guardianUrl }),
  };
}
