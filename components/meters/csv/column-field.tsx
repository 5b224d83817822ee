"use client";

import { Field, Input } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import type { CsvColumn } from "@/lib/connectors/csv/detect";
import { bind, errorOf, type FormState } from "../form-fields";
import { columnName, setting } from "./mapping";

/** A column of the sample to choose from; without a sample its name or number is typed. */
export function ColumnField(props: {
  form: FormState;
  name: string;
  label: string;
  help: string;
  columns: readonly CsvColumn[] | null;
  optional?: boolean;
}) {
  const { form, name, label, help, columns, optional } = props;
  const path = setting(name);
  return (
    <Field label={label} help={help} optional={optional} error={errorOf(form.errors, path)}>
      {columns ? (
        <ColumnSelect
          columns={columns}
          value={form.values[path] ?? ""}
          name={path}
          optional={optional}
          onChange={(value) => form.set(path, value)}
        />
      ) : (
        <Input {...bind(form, path)} autoComplete="off" />
      )}
    </Field>
  );
}

const NONE = "none of them";

export function ColumnSelect(props: {
  columns: readonly CsvColumn[];
  value: string;
  name?: string;
  label?: string;
  optional?: boolean;
  onChange: (value: string) => void;
}) {
  const { columns, value, name, label, optional, onChange } = props;
  const options = columns.map((column) => {
    const own = columnName(column, columns);
    return { value: own, label: column.name ?? `Column ${column.number}`, note: column.samples[0]?.slice(0, 24) };
  });
  const isKnown = value === "" || options.some((option) => option.value === value);
  return (
    <Select
      name={name}
      label={label}
      options={[
        ...(optional ? [{ value: NONE, label: "None" }] : []),
        ...options,
        ...(isKnown ? [] : [{ value, label: value, note: "not in the sample" }]),
      ]}
      value={value || (optional ? NONE : null)}
      onChange={(next) => onChange(next === NONE ? "" : next)}
    />
  );
}
