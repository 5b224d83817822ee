"use client";

import { Button } from "@/components/ui/button";
import { Field, Input } from "@/components/ui/field";
import { Note } from "@/components/ui/note";
import { Select } from "@/components/ui/select";
import type { DeviceField } from "@/lib/devices/schemas";
import { sourceNames } from "@/lib/mrv/field-map/source-words";
import { FormGroup } from "./job-fields";
import type { MrvFieldsProps } from "./mrv-fields";
import { isFigure, noRule, type RuleValues } from "./mrv-values";

const LEFT_OUT = "left out";
const AS_SCHEMA = "as the schema";

const forms = [
  { value: AS_SCHEMA, label: "As the field asks" },
  { value: "string", label: "As text" },
  { value: "number", label: "As a number" },
  { value: "integer", label: "As a whole number" },
  { value: "date", label: "As a day" },
  { value: "dateTime", label: "As a time" },
];

/** What fills each field of the policy's schema, one line a field. What the config fills is not asked for. */
export function FieldMapEditor({ values, set, error, meter }: MrvFieldsProps) {
  const { device } = meter;
  if (!device) return null;
  const own = device.fields.filter((field) => !field.isFromConfig);
  const known = new Set(own.map(({ path }) => path));
  const strange = Object.keys(values.rules).filter((path) => !known.has(path));
  const setRule = (path: string, changes: Partial<RuleValues>) =>
    set({ rules: { ...values.rules, [path]: { ...(values.rules[path] ?? noRule), ...changes } } });
  const isSuggested = Object.keys(device.suggested).length > 0;
  return (
    <FormGroup title="Fields of the credential">
      <p className="help">
        What {device.name} signs, field by field.{" "}
        {!device.hasSchema &&
          "It has no JSON schema: nothing says which are required, and values are text unless you choose otherwise. "}
        {isSuggested && (
          <Button small onClick={() => set({ rules: { ...values.rules, ...mergedSuggestion(device.suggested) } })}>
            Fill in what is likely
          </Button>
        )}
      </p>
      {error("MRV_FIELD_MAP") && (
        <Note state="failed" role="alert" title="The fields do not make a record">
          {error("MRV_FIELD_MAP")}
        </Note>
      )}
      {own.map((field) => (
        <FieldRow
          key={field.path}
          field={field}
          rule={values.rules[field.path] ?? noRule}
          hasSchema={device.hasSchema}
          set={(changes) => setRule(field.path, changes)}
          error={ruleError(error, field.path)}
        />
      ))}
      {strange.map((path) => (
        <Field key={path} label={<code>{path}</code>} error={ruleError(error, path) ?? "The schema has no such field."}>
          <Button
            onClick={() =>
              set({ rules: Object.fromEntries(Object.entries(values.rules).filter(([each]) => each !== path)) })
            }
          >
            Take it out
          </Button>
        </Field>
      ))}
    </FormGroup>
  );
}

function FieldRow(props: {
  field: DeviceField;
  rule: RuleValues;
  hasSchema: boolean;
  set: (changes: Partial<RuleValues>) => void;
  error: string | undefined;
}) {
  const { field, rule, hasSchema, set, error } = props;
  const name = field.title ?? field.path;
  const hasForm = rule.from !== "" && rule.from !== "constant" && (!hasSchema || rule.as !== "");
  return (
    <Field
      name={`settings.MRV_FIELD_MAP.${field.path}`}
      label={name}
      optional={hasSchema && !field.isRequired}
      end={
        <>
          {name !== field.path && <code>{field.path}</code>} {kindWords(field)}
        </>
      }
      error={error}
    >
      <div className="rule">
        <Select
          options={[
            { value: LEFT_OUT, label: hasSchema && field.isRequired ? "Choose what fills it" : "Left out" },
            ...Object.entries(sourceNames).map(([value, label]) => ({ value, label })),
          ]}
          value={rule.from || LEFT_OUT}
          onChange={(from) => set({ from: from === LEFT_OUT ? "" : from })}
        />
        {rule.from === "constant" && (
          <Input
            value={rule.value}
            aria-label={`Value of ${name}`}
            placeholder="Value"
            onChange={(event) => set({ value: event.target.value })}
          />
        )}
        {isFigure(rule.from) && (
          <Input
            inputMode="numeric"
            value={rule.decimals}
            aria-label={`Most decimals of ${name}`}
            placeholder="Decimals: all"
            onChange={(event) => set({ decimals: event.target.value })}
          />
        )}
        {hasForm && (
          <Select
            label={`Form of ${name}`}
            options={forms}
            value={rule.as || AS_SCHEMA}
            onChange={(as) => set({ as: as === AS_SCHEMA ? "" : as })}
          />
        )}
      </div>
    </Field>
  );
}

function mergedSuggestion(suggested: NonNullable<MrvFieldsProps["meter"]["device"]>["suggested"]) {
  return Object.fromEntries(
    Object.entries(suggested).map(([path, { from, as = "", decimals = "", value = "" }]) => [
      path,
      { from, as, decimals: String(decimals), value: String(value) },
    ]),
  );
}

function ruleError(error: MrvFieldsProps["error"], path: string): string | undefined {
  return ["", ".from", ".as", ".decimals", ".value"]
    .map((part) => error(`MRV_FIELD_MAP.${path}${part}`))
    .find((sentence) => sentence !== undefined);
}

function kindWords({ kind, format, isList }: DeviceField): string {
  const words: Record<string, string> = {
    text: "text",
    number: "number",
    integer: "whole number",
    boolean: "true or false",
  };
  const formats: Record<string, string> = { date: "day", "date-time": "time", url: "address", uri: "address" };
  const word = (format && (formats[format] ?? format)) || words[kind] || "any value";
  return isList ? `list of ${word}` : word;
}
