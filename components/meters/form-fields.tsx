"use client";

import { Checkbox } from "@/components/ui/choices";
import { Field, Input, Textarea } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import type { FieldErrors } from "@/lib/errors";
import type { SettingField } from "@/lib/meters/form-options";
import type { MeterValues } from "./meter-values";

/** The form's state, as its fields need it. */
export interface FormState {
  values: MeterValues;
  errors: FieldErrors;
  set: (name: string, value: string) => void;
}

export function bind({ values, set }: FormState, name: string) {
  return {
    name,
    value: values[name] ?? "",
    onChange: (event: { target: { value: string } }) => set(name, event.target.value),
  };
}

/**
 * Fields made from a schema. `prefix`: under which the form keeps them (`settings`, `s3`, `aws`). `path`: under which errors of the
 * server name them. `stored`: placeholder of a field whose value is kept and never read back.
 */
export function SchemaFields(props: {
  form: FormState;
  fields: readonly SettingField[];
  prefix: string;
  path: string;
  stored?: string;
}) {
  const { form, fields, prefix, path, stored } = props;
  return fields.map((field) => {
    const name = `${prefix}.${field.name}`;
    if (field.kind === "switch") {
      return (
        <div key={name} className="field check-field">
          <Checkbox checked={form.values[name] === "on"} onChange={(checked) => form.set(name, checked ? "on" : "")}>
            {field.title}
          </Checkbox>
          <p className="help">{field.description}</p>
        </div>
      );
    }
    return (
      <Field
        key={name}
        label={field.title}
        help={field.description}
        optional={field.isOptional}
        error={errorOf(form.errors, `${path}.${field.name}`)}
      >
        {field.kind === "choice" ? (
          <Select
            options={optionsOf(field)}
            value={form.values[name] || field.whenEmpty || NOTHING}
            onChange={(value) => form.set(name, value === NOTHING ? "" : value)}
          />
        ) : field.kind === "json" ? (
          <Textarea
            {...bind(form, name)}
            rows={4}
            className="mono"
            spellCheck={false}
            placeholder={field.placeholder ?? undefined}
          />
        ) : (
          <Input
            {...bind(form, name)}
            mono={prefix !== "settings"}
            type={isSecret(field.name) ? "password" : "text"}
            autoComplete="off"
            placeholder={stored && !field.isOptional ? stored : (field.placeholder ?? undefined)}
          />
        )}
      </Field>
    );
  });
}

const NOTHING = "none";

/** One without a default can also be left open. */
function optionsOf({ options, whenEmpty, isOptional }: SettingField) {
  const known = options.map((value) => ({ value, label: value }));
  return isOptional && whenEmpty === null ? [{ value: NOTHING, label: "None" }, ...known] : known;
}

/** The field's own error, or the first below it, such as that of one item of a list. */
export function errorOf(errors: FieldErrors, name: string): string | undefined {
  return errors[name] ?? Object.entries(errors).find(([each]) => each.startsWith(`${name}.`))?.[1];
}

function isSecret(name: string): boolean {
  return /secret|token|password/i.test(name);
}
