"use client";

import { Field, Input } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import type { Flow } from "@/lib/connectors/contract";
import type { FieldErrors } from "@/lib/errors";
import type { ThresholdField } from "@/lib/findings/threshold-fields";

const flowWords: Record<Flow, string> = {
  generation: "Generation only",
  load: "Load only",
  "feed-in": "Feed-in only",
  both: "Both ways",
};

/** One field a threshold, made from their schema: unit beside the name, the default and a way back to it at the right. */
export function ThresholdFields(props: {
  fields: readonly ThresholdField[];
  values: Record<string, string>;
  errors: FieldErrors;
  flow: Flow | undefined;
  onChange: (name: string, value: string) => void;
}) {
  const { fields, values, errors, flow, onChange } = props;
  return (
    <div className="form-grid">
      {fields.map(({ name, title, description, unit, fallback, options }) => (
        <Field
          key={name}
          className={options ? "wide" : undefined}
          label={unit ? `${title} (${unit})` : title}
          help={description}
          error={errors[name]}
          end={
            values[name] === fallback ? (
              <span className="qq">default</span>
            ) : (
              <button
                type="button"
                className="link"
                aria-label={`${title}: back to ${labelOf(fallback, flow)}`}
                onClick={() => onChange(name, fallback)}
              >
                Back to {labelOf(fallback, flow)}
              </button>
            )
          }
        >
          {options ? (
            <Select
              options={options.map((value) => ({ value, label: labelOf(value, flow) }))}
              value={values[name]}
              onChange={(value) => onChange(name, value)}
            />
          ) : (
            <Input
              name={name}
              inputMode="decimal"
              autoComplete="off"
              placeholder={fallback}
              value={values[name] ?? ""}
              onChange={(event) => onChange(name, event.target.value)}
            />
          )}
        </Field>
      ))}
    </div>
  );
}

/** `auto` with what it stands for at this meter. */
function labelOf(value: string, flow: Flow | undefined): string {
  if (value !== "auto") return flowWords[value as Flow] ?? value;
  return `Automatic: ${flow ? flowWords[flow].toLowerCase() : "not known"}`;
}
