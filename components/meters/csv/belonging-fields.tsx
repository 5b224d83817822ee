"use client";

import { Field, Input } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import type { ReadSample } from "@/lib/meters/csv-mapping/read-sample";
import { qualities } from "@/lib/metrics/registry";
import { bind, errorOf, type FormState } from "../form-fields";
import { ColumnField } from "./column-field";
import { columnName, mappedQualities, setting } from "./mapping";

/** Which rows are of this meter, and how good each is. */
export function BelongingFields({ form, answer }: { form: FormState; answer: ReadSample | null }) {
  const columns = answer?.found?.columns ?? null;
  const words = (name: string) => {
    const asked = form.values[setting(name)];
    return columns?.find((column) => columnName(column, columns) === asked)?.words ?? [];
  };
  const meaning = mappedQualities(form.values);
  const shown = [...new Set([...words("qualityColumn"), ...Object.keys(meaning)])];
  return (
    <>
      <ColumnField
        {...{ form, columns }}
        name="meterColumn"
        label="Column of the meter"
        help="For a file of several meters: what tells them apart."
        optional
      />
      {form.values[setting("meterColumn")] ? (
        <Field
          label="Rows of this meter"
          help="What stands in that column in its rows."
          error={errorOf(form.errors, setting("meterId"))}
        >
          {words("meterColumn").length > 0 ? (
            <Select
              options={words("meterColumn").map((word) => ({ value: word, label: word }))}
              value={form.values[setting("meterId")] || null}
              onChange={(value) => form.set(setting("meterId"), value)}
            />
          ) : (
            <Input {...bind(form, setting("meterId"))} autoComplete="off" />
          )}
        </Field>
      ) : (
        <span />
      )}
      <ColumnField
        {...{ form, columns }}
        name="qualityColumn"
        label="Column of the quality"
        help="Without one every value counts as actual."
        optional
      />
      {form.values[setting("qualityColumn")] && (
        <div className="wide qualities">
          {shown.map((word) => (
            <Field key={word} label={`"${word}" is`}>
              <Select
                options={qualities.map((quality) => ({ value: quality, label: quality.replace("_", " ") }))}
                value={meaning[word] ?? null}
                onChange={(quality) => form.set(setting("qualities"), JSON.stringify({ ...meaning, [word]: quality }))}
              />
            </Field>
          ))}
          <p className="figs qq wide">
            {shown.length > 0
              ? "Rows with another word are refused, with their line: an estimate must not pass as measured."
              : "Give a sample: its words are listed here, each to be chosen."}
          </p>
        </div>
      )}
    </>
  );
}
