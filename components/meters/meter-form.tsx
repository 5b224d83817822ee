"use client";

import { useRouter } from "next/navigation";
import { useState, useTransition } from "react";
import { Button, LinkButton } from "@/components/ui/button";
import { Card, CardBody, CardFoot, CardHead } from "@/components/ui/card";
import { Checkbox } from "@/components/ui/choices";
import { Combobox } from "@/components/ui/combobox";
import { Field, Input } from "@/components/ui/field";
import { LeaveGuard } from "@/components/ui/leave-guard";
import { Note } from "@/components/ui/note";
import { Segmented } from "@/components/ui/segmented";
import { Select } from "@/components/ui/select";
import { useToast } from "@/components/ui/toast";
import type { Action } from "@/lib/action";
import type { FieldErrors } from "@/lib/errors";
import type { MeterTypeOption } from "@/lib/meters/form-options";
import type { MeterDto, TestResultDto } from "@/lib/meters/schemas";
import { inputOf, type MeterValues, valuesOf } from "./meter-values";
import { TestOutcome } from "./test-outcome";

/**
 * Adds or changes a meter. The form is made from the connectors' schemas; nothing typed is lost on an error. Credentials are
 * never read back: an empty field keeps the stored ones.
 */
export function MeterForm(props: {
  meter: MeterDto | null;
  types: readonly MeterTypeOption[];
  timezones: readonly string[];
  regions: readonly string[];
  defaultTimezone: string;
  save: Action<MeterDto>;
  test: Action<TestResultDto>;
}) {
  const { meter, types, timezones, regions, save, test } = props;
  const router = useRouter();
  const toast = useToast();
  const [values, setValues] = useState<MeterValues>(() => valuesOf(meter, props.defaultTimezone, types[0]?.type ?? ""));
  const [errors, setErrors] = useState<{ message: string; fields: FieldErrors } | null>(null);
  const [outcome, setOutcome] = useState<TestResultDto | null>(null);
  const [isDirty, setDirty] = useState(false);
  const [isSaving, startSaving] = useTransition();
  const [isTesting, startTesting] = useTransition();

  const type = types.find((each) => each.type === values.type);
  const sourceType = values.dataSourceType || (type?.sourceTypes[0] ?? "API");
  const current: MeterValues = { ...values, dataSourceType: sourceType };
  const set = (name: string) => (value: string) => {
    setValues((before) => ({ ...before, [name]: value, ...(name === "type" && { dataSourceType: "" }) }));
    setDirty(true);
    setOutcome(null);
  };
  const bind = (name: string) => ({
    name,
    value: values[name] ?? "",
    onChange: (event: { target: { value: string } }) => set(name)(event.target.value),
  });
  const error = (name: string) => errors?.fields[name];

  const submit = () =>
    startSaving(async () => {
      const input = inputOf(current, type?.settings ?? [], meter !== null);
      const answer = await save(null, meter ? { ...input, meterId: meter.id, version: meter.version } : input);
      if (!answer.ok) return setErrors(answer);
      setErrors(null);
      setDirty(false);
      toast({ title: meter ? "Meter changed" : "Meter added", detail: answer.data.name });
      router.push(`/meters/${answer.data.id}`);
    });
  const tryOut = () =>
    startTesting(async () => {
      const input = inputOf(current, type?.settings ?? [], meter !== null);
      const answer = await test(null, { ...input, name: input.name || undefined, ...(meter && { meterId: meter.id }) });
      setErrors(answer.ok ? null : answer);
      setOutcome(answer.ok ? answer.data : null);
    });

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <LeaveGuard isDirty={isDirty} />
      <Card className="form-card">
        <CardHead title={meter ? "Meter" : "New meter"} rule />
        <CardBody className="form-body">
          {errors && (
            <Note state="failed" role="alert" title={errors.message}>
              {Object.keys(errors.fields).length > 1 && (
                <p>{Object.keys(errors.fields).length} fields need another look.</p>
              )}
            </Note>
          )}
          <Field label="Name" help="Shown in every list and on the record." error={error("name")}>
            <Input {...bind("name")} autoFocus={!meter} />
          </Field>
          <Field label="Meter type" error={error("type")}>
            <Select
              options={types.map((each) => ({ value: each.type, label: each.label }))}
              value={values.type ?? null}
              onChange={set("type")}
              disabled={meter !== null}
            />
          </Field>
          {type && type.sourceTypes.length > 1 && !meter && (
            <Segmented
              label="Source"
              value={sourceType}
              options={type.sourceTypes.map((each) => ({ value: each, label: each === "S3" ? "S3 bucket" : "API" }))}
              onChange={set("dataSourceType")}
            />
          )}
          {sourceType === "S3" ? (
            <S3Fields bind={bind} error={error} isEdit={meter !== null} values={values} set={set} />
          ) : (
            <>
              <Field label={type?.dataSource.label} help={type?.dataSource.help} error={error("dataSource")}>
                <Input {...bind("dataSource")} mono placeholder={type?.dataSource.placeholder ?? undefined} />
              </Field>
              <Field label={type?.credential.label} help={type?.credential.help} error={error("dataCredentials")}>
                <Input
                  {...bind("dataCredentials")}
                  type="password"
                  autoComplete="off"
                  placeholder={meter ? "Stored. Type a new one to replace it" : undefined}
                />
              </Field>
            </>
          )}
          {type?.settings.map((field) => (
            <Field
              key={field.name}
              label={field.title}
              help={field.description}
              optional
              error={error(`settings.${field.name}`) ?? nested(errors?.fields, `settings.${field.name}.`)}
            >
              <Input {...bind(`settings.${field.name}`)} placeholder={field.placeholder ?? undefined} />
            </Field>
          ))}
          <Field label="Time zone" help="The meter's days follow it." error={error("timezone")}>
            <Combobox
              options={timezones.map((zone) => ({ value: zone, label: zone }))}
              value={values.timezone ?? null}
              onChange={(zone) => set("timezone")(zone ?? "")}
            />
          </Field>
          <Field
            label="Emission region"
            help="Region of the emission factor. None: no carbon is calculated."
            error={error("region")}
          >
            <Select
              options={[
                { value: "none", label: "None" },
                ...regions.map((region) => ({ value: region, label: region })),
              ]}
              value={values.region || "none"}
              onChange={(region) => set("region")(region === "none" ? "" : region)}
            />
          </Field>
          <Field
            label="Capacity (kW)"
            help="Nameplate of the plant behind the meter."
            optional
            error={error("capacityKw")}
          >
            <Input {...bind("capacityKw")} inputMode="decimal" />
          </Field>
          {outcome && <TestOutcome outcome={outcome} timezone={values.timezone} />}
        </CardBody>
        <CardFoot>
          <Button type="submit" variant="primary" busy={isSaving}>
            {meter ? "Save changes" : "Add meter"}
          </Button>
          <Button icon="plug" busy={isTesting} onClick={tryOut}>
            Test connection
          </Button>
          <span className="push">
            <LinkButton variant="quiet" href={meter ? `/meters/${meter.id}` : "/meters"}>
              Cancel
            </LinkButton>
          </span>
        </CardFoot>
      </Card>
    </form>
  );
}

function S3Fields(props: {
  bind: (name: string) => { name: string; value: string; onChange: (event: { target: { value: string } }) => void };
  set: (name: string) => (value: string) => void;
  error: (name: string) => string | undefined;
  values: MeterValues;
  isEdit: boolean;
}) {
  const { bind, error, values, set, isEdit } = props;
  const stored = isEdit ? "Stored. Type new ones to replace them" : undefined;
  return (
    <>
      <Field label="Bucket" error={error("dataSource")}>
        <Input {...bind("dataSource")} mono />
      </Field>
      <Field label="Key prefix" optional help="Only objects whose key begins so." error={error("settings.s3.prefix")}>
        <Input {...bind("s3.prefix")} mono placeholder="meters/dubbo/" />
      </Field>
      <Field
        label="Key pattern"
        optional
        help="{yyyy}{MM}{dd} for dates, * for anything. Empty: every object under the prefix."
        error={error("settings.s3.pattern")}
      >
        <Input {...bind("s3.pattern")} mono placeholder="nem12_{yyyy}{MM}{dd}*.csv" />
      </Field>
      <Field label="Access key id" error={error("dataCredentials") ?? error("dataCredentials.accessKeyId")}>
        <Input {...bind("aws.accessKeyId")} mono autoComplete="off" placeholder={stored} />
      </Field>
      <Field
        label="Secret access key"
        help="Kept encrypted and never shown again."
        error={error("dataCredentials.secretAccessKey")}
      >
        <Input {...bind("aws.secretAccessKey")} type="password" autoComplete="off" placeholder={stored} />
      </Field>
      <Field
        label="Session token"
        optional
        help="For temporary credentials."
        error={error("dataCredentials.sessionToken")}
      >
        <Input {...bind("aws.sessionToken")} type="password" autoComplete="off" />
      </Field>
      <Field label="Region" error={error("dataCredentials.region")}>
        <Input {...bind("aws.region")} mono placeholder="ap-southeast-2" />
      </Field>
      <Field
        label="Endpoint"
        optional
        help="For a store that is not Amazon's."
        error={error("dataCredentials.endpoint")}
      >
        <Input {...bind("aws.endpoint")} mono placeholder="https://s3.example.com" />
      </Field>
      <Checkbox
        checked={values["aws.forcePathStyle"] === "on"}
        onChange={(checked) => set("aws.forcePathStyle")(checked ? "on" : "")}
      >
        Bucket name in the path, as most self-hosted stores need
      </Checkbox>
    </>
  );
}

/** The first error below a field, such as that of one item of a list. */
function nested(fields: FieldErrors | undefined, prefix: string): string | undefined {
  return Object.entries(fields ?? {}).find(([name]) => name.startsWith(prefix))?.[1];
}
