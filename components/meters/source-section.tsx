"use client";

import { Field, Input, Textarea } from "@/components/ui/field";
import { Segmented } from "@/components/ui/segmented";
import { Select } from "@/components/ui/select";
import type { DataSourceType } from "@/lib/connectors/contract";
import type { MeterTypeOption, SettingField } from "@/lib/meters/form-options";
import { bind, errorOf, type FormState, SchemaFields } from "./form-fields";
import { FormSection } from "./form-section";
import { KeyExample } from "./key-example";
import { sourceWords } from "./source-words";

/** Which meter it is, and where its data comes from. */
export function SourceSection(props: {
  form: FormState;
  types: readonly MeterTypeOption[];
  type: MeterTypeOption | undefined;
  sourceType: DataSourceType;
  s3: { settings: readonly SettingField[]; credentials: readonly SettingField[] };
  isEdit: boolean;
  /** Of the stored meter; null: it has none, or there is no meter yet. */
  storedSource: DataSourceType | null;
}) {
  const { form, types, type, sourceType, s3, isEdit, storedSource } = props;
  return (
    <FormSection title="Source" note="Where the readings come from">
      <Field label="Name" help="Shown in every list and on the record." error={form.errors.name}>
        <Input {...bind(form, "name")} autoFocus={!isEdit} />
      </Field>
      <Field
        label="Meter type"
        help={isEdit ? "It stays as it was added." : "Decides the source, the format and the settings."}
        error={form.errors.type}
      >
        <Select
          options={types.map((each) => ({ value: each.type, label: each.label }))}
          value={form.values.type ?? null}
          onChange={(value) => form.set("type", value)}
          disabled={isEdit}
        />
      </Field>
      {type && type.sourceTypes.length > 1 && storedSource === null && (
        <div className="wide field">
          <Segmented<DataSourceType>
            label="Source"
            value={sourceType}
            options={type.sourceTypes.map((each) => ({ value: each, label: sourceWords[each] }))}
            onChange={(value) => form.set("dataSourceType", value)}
          />
          {isEdit && (
            <p className="help">
              {sourceType === "UPLOAD"
                ? "People bring its files. It can be given a source later, and files can be uploaded all the same."
                : "Once saved, the source stays. What was uploaded stays, too, and more can be uploaded."}
            </p>
          )}
        </div>
      )}
      {sourceType === "UPLOAD" ? null : sourceType === "API" ? (
        <>
          <Field label={type?.dataSource.label} help={type?.dataSource.help} error={form.errors.dataSource}>
            <Input {...bind(form, "dataSource")} mono placeholder={type?.dataSource.placeholder ?? undefined} />
          </Field>
          <Field
            label={type?.credential.label}
            help={`${type?.credential.help ?? ""} Kept encrypted and never shown again.`}
            error={errorOf(form.errors, "dataCredentials")}
          >
            <Input
              {...bind(form, "dataCredentials")}
              type="password"
              autoComplete="off"
              placeholder={storedSource ? "Stored. Type a new one to replace it" : undefined}
            />
          </Field>
        </>
      ) : (
        <Bucket form={form} s3={s3} isStored={storedSource !== null} />
      )}
    </FormSection>
  );
}

const pasted = '{"accessKeyId": "AKIA…", "secretAccessKey": "…", "region": "ap-southeast-2"}';

function Bucket({
  form,
  s3,
  isStored,
}: Pick<Parameters<typeof SourceSection>[0], "form" | "s3"> & { isStored: boolean }) {
  const isPasted = form.values["aws.mode"] === "json";
  const jsonErrors = Object.entries(form.errors).filter(([name]) => name.startsWith("dataCredentials"));
  return (
    <>
      <Field label="Bucket" help="Its name alone, without s3:// or a path." error={form.errors.dataSource}>
        <Input {...bind(form, "dataSource")} mono placeholder="meter-files" />
      </Field>
      <SchemaFields form={form} fields={s3.settings} prefix="s3" path="settings.s3" />
      <KeyExample
        prefix={form.values["s3.prefix"] ?? ""}
        pattern={form.values["s3.pattern"] || "*"}
        timezone={form.values.timezone ?? ""}
      />
      <div className="wide row sub-head">
        <h3>Credential</h3>
        <span className="push">
          <Segmented<"fields" | "json">
            label="How the credential is given"
            small
            value={isPasted ? "json" : "fields"}
            options={[
              { value: "fields", label: "Field by field" },
              { value: "json", label: "Paste JSON" },
            ]}
            onChange={(mode) => form.set("aws.mode", mode)}
          />
        </span>
      </div>
      {isPasted ? (
        <Field
          className="wide"
          label="Credentials as JSON"
          help="accessKeyId, secretAccessKey and region; endpoint, sessionToken and forcePathStyle where they are needed. Kept encrypted and never shown again."
          error={jsonErrors.length > 0 ? jsonErrors.map(([, sentence]) => sentence).join(" ") : undefined}
        >
          <Textarea
            {...bind(form, "aws.json")}
            rows={4}
            className="mono"
            spellCheck={false}
            placeholder={isStored ? "Stored. Paste new ones to replace them" : pasted}
          />
        </Field>
      ) : (
        <SchemaFields
          form={form}
          fields={s3.credentials}
          prefix="aws"
          path="dataCredentials"
          stored={isStored ? "Stored. Type new ones to replace them" : undefined}
        />
      )}
    </>
  );
}
