"use client";

import { useRouter } from "next/navigation";
import { useState, useTransition } from "react";
import { Button, LinkButton } from "@/components/ui/button";
import { Card, CardBody, CardHead } from "@/components/ui/card";
import { Combobox } from "@/components/ui/combobox";
import { Field, Input } from "@/components/ui/field";
import { LeaveGuard } from "@/components/ui/leave-guard";
import { Select } from "@/components/ui/select";
import { useToast } from "@/components/ui/toast";
import type { Action } from "@/lib/action";
import type { FieldErrors } from "@/lib/errors";
import type { MeterTypeOption, SettingField } from "@/lib/meters/form-options";
import type { MeterDto, TestResultDto } from "@/lib/meters/schemas";
import { ConnectionCard } from "./connection-card";
import { openQuestions } from "./csv/mapping";
import { MappingEditor, type MappingVerbs } from "./csv/mapping-editor";
import { ErrorSummary } from "./error-summary";
import { bind, type FormState, SchemaFields } from "./form-fields";
import { FormSection } from "./form-section";
import { inputOf, type MeterValues, valuesOf } from "./meter-values";
import { SourceSection } from "./source-section";

/** A test is of these; a change of anything else leaves its result standing. */
const testedFields = /^(type|dataSource|dataSourceType|dataCredentials|aws\..*|s3\..*)$/;

/**
 * Adds or changes a meter. The form is made from the schemas of connectors and sources; nothing typed is lost on an error. Credentials
 * are never read back: an empty field keeps the stored ones.
 */
export function MeterForm(props: {
  meter: MeterDto | null;
  types: readonly MeterTypeOption[];
  s3: { settings: readonly SettingField[]; credentials: readonly SettingField[] };
  timezones: readonly string[];
  regions: readonly string[];
  defaultTimezone: string;
  save: Action<MeterDto>;
  test: Action<TestResultDto>;
  mapping: MappingVerbs;
}) {
  const { meter, types, s3, timezones, regions, save, test } = props;
  const router = useRouter();
  const toast = useToast();
  const [values, setValues] = useState<MeterValues>(() => valuesOf(meter, props.defaultTimezone, types[0]?.type ?? ""));
  const [refusal, setRefusal] = useState<{ message: string; fields: FieldErrors } | null>(null);
  const [outcome, setOutcome] = useState<TestResultDto | null>(null);
  const [isDirty, setDirty] = useState(false);
  const [isSaving, startSaving] = useTransition();
  const [isTesting, startTesting] = useTransition();

  const type = types.find((each) => each.type === values.type);
  const sourceType = type?.sourceTypes.find((each) => each === values.dataSourceType) ?? type?.sourceTypes[0] ?? "API";
  const current: MeterValues = { ...values, dataSourceType: sourceType };
  const settings = (type?.settings ?? []).filter(({ onlySource }) => onlySource === null || onlySource === sourceType);
  const form: FormState = {
    values,
    errors: refusal?.fields ?? {},
    set: (name, value) => {
      setValues((before) => ({ ...before, [name]: value, ...(name === "type" && { dataSourceType: "" }) }));
      setDirty(true);
      if (testedFields.test(name)) setOutcome(null);
    },
  };

  const isMapped = values.type === "CSV";
  const submit = () =>
    startSaving(async () => {
      // Left open, the server would take its defaults: only a person can say these.
      const open = isMapped ? openQuestions(current, null) : {};
      if (Object.keys(open).length > 0) return setRefusal({ message: "The mapping is not complete.", fields: open });
      const input = inputOf(current, settings, meter !== null);
      const answer = await save(null, meter ? { ...input, meterId: meter.id, version: meter.version } : input);
      if (!answer.ok) return setRefusal(answer);
      setRefusal(null);
      setDirty(false);
      toast({ title: meter ? "Meter changed" : "Meter added", detail: answer.data.name });
      router.push(`/meters/${answer.data.id}`);
    });
  const tryOut = () =>
    startTesting(async () => {
      const input = inputOf(current, settings, meter !== null);
      const answer = await test(null, { ...input, name: input.name || undefined, ...(meter && { meterId: meter.id }) });
      setRefusal(answer.ok ? null : answer);
      setOutcome(answer.ok ? answer.data : null);
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
      {refusal && <ErrorSummary {...refusal} labelOf={(name) => labelOf(name, type, s3)} />}
      <div className="cols">
        <div className="c8 stack">
          <SourceSection
            form={form}
            types={types}
            type={type}
            sourceType={sourceType}
            s3={s3}
            isEdit={meter !== null}
            storedSource={meter && meter.dataSourceType !== "UPLOAD" ? meter.dataSourceType : null}
          />
          {isMapped ? (
            <MappingEditor
              {...props.mapping}
              form={form}
              fields={settings}
              isS3={sourceType === "S3"}
              bucketInput={() => bucketInputOf(inputOf(current, [], meter !== null), meter?.id)}
            />
          ) : (
            <FormSection title="Reading" note="Which part of the data is this meter">
              {settings.length > 0 ? (
                <SchemaFields form={form} fields={settings} prefix="settings" path="settings" />
              ) : (
                <p className="q wide">This type has no settings of its own.</p>
              )}
            </FormSection>
          )}
          <FormSection title="Place" note="Days, carbon and plausibility follow it">
            <Field label="Time zone" help="The meter's days follow it." error={form.errors.timezone}>
              <Combobox
                name="timezone"
                options={timezones.map((zone) => ({ value: zone, label: zone }))}
                value={values.timezone ?? null}
                onChange={(zone) => form.set("timezone", zone ?? "")}
              />
            </Field>
            <Field
              label="Emission region"
              help="Region of the emission factor. None: no carbon is calculated."
              error={form.errors.region}
            >
              <Select
                name="region"
                options={[
                  { value: "none", label: "None" },
                  ...regions.map((region) => ({ value: region, label: region })),
                ]}
                value={values.region || "none"}
                onChange={(region) => form.set("region", region === "none" ? "" : region)}
              />
            </Field>
            <Field
              label="Capacity, kW"
              help="Nameplate of the plant behind the meter; readings far above it are implausible."
              optional
              error={form.errors.capacityKw}
            >
              <Input {...bind(form, "capacityKw")} inputMode="decimal" placeholder="100" />
            </Field>
          </FormSection>
          <div className="form-foot">
            <Button type="submit" variant="primary" busy={isSaving}>
              {meter ? "Save changes" : "Add meter"}
            </Button>
            <LinkButton variant="quiet" href={meter ? `/meters/${meter.id}` : "/meters"}>
              Cancel
            </LinkButton>
            {isDirty && <span className="qq figs push">Not saved yet</span>}
          </div>
        </div>
        <div className="c4 stack">
          {sourceType === "UPLOAD" ? (
            <UploadCard />
          ) : (
            <ConnectionCard
              form={form}
              outcome={outcome}
              settings={settings}
              isTesting={isTesting}
              isS3={sourceType === "S3"}
              onTest={tryOut}
            />
          )}
        </div>
      </div>
      <LeaveGuard isDirty={isDirty} />
    </form>
  );
}

/** Of the form what tells where the newest object is. */
function bucketInputOf(
  { dataSource, dataCredentials, settings }: Record<string, unknown>,
  meterId: string | undefined,
) {
  return { dataSource, settings, ...(dataCredentials ? { dataCredentials } : {}), ...(meterId && { meterId }) };
}

/** Beside the form of a meter without a source: what comes next. */
function UploadCard() {
  return (
    <Card className="beside">
      <CardHead title="Upload by hand" rule />
      <CardBody className="connection">
        <p className="q">This meter asks no source, so there is nothing to test and no credential to give.</p>
        <ul className="hints qq">
          <li>Save it, then upload files on its page.</li>
          <li>Each file is archived as it is, and shown as this meter reads it before anything is stored.</li>
        </ul>
      </CardBody>
    </Card>
  );
}

const ownLabels: Record<string, string> = {
  name: "Name",
  type: "Meter type",
  dataSource: "Data source",
  dataCredentials: "Credential",
  timezone: "Time zone",
  region: "Emission region",
  capacityKw: "Capacity",
};

/** What a field of an error is called in this form, and the input that shows it. */
function labelOf(
  name: string,
  type: MeterTypeOption | undefined,
  s3: { settings: readonly SettingField[]; credentials: readonly SettingField[] },
) {
  const groups = [
    { path: "settings.s3.", prefix: "s3", fields: s3.settings },
    { path: "settings.", prefix: "settings", fields: type?.settings ?? [] },
    { path: "dataCredentials.", prefix: "aws", fields: s3.credentials },
  ];
  for (const { path, prefix, fields } of groups) {
    const field =
      name.startsWith(path) && fields.find((each) => name.slice(path.length).split(".", 1)[0] === each.name);
    if (field) return { label: field.title, input: `${prefix}.${field.name}` };
  }
  if (name === "dataSource" && type?.dataSource.label) return { label: type.dataSource.label, input: name };
  return { label: ownLabels[name] ?? name, input: name };
}
