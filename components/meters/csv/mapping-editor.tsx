"use client";

import type { Action } from "@/lib/action";
import type { CsvSample } from "@/lib/meters/csv-mapping/limits";
import type { ReadSample } from "@/lib/meters/csv-mapping/read-sample";
import type { SettingField } from "@/lib/meters/form-options";
import type { FormState } from "../form-fields";
import { FormSection } from "../form-section";
import { settingsOf } from "../meter-values";
import { BelongingFields } from "./belonging-fields";
import { mappedValues, mappingOf, openQuestions, setting } from "./mapping";
import { MappingPreview } from "./mapping-preview";
import { SampleSource } from "./sample-source";
import { LayoutField, TableFields } from "./table-fields";
import { TimeFields } from "./time-fields";
import { useSample } from "./use-sample";
import { ValueFields } from "./value-fields";

export interface MappingVerbs {
  readSample: Action<ReadSample>;
  bucketSample: Action<CsvSample>;
}

/**
 * How a CSV file is read: by a sample, from which what it shows is filled in, and whose first rows stand below as they would be stored. A
 * mapping that is there already is not overwritten by what a new sample shows.
 */
export function MappingEditor(
  props: MappingVerbs & {
    form: FormState;
    fields: readonly SettingField[];
    isS3: boolean;
    bucketInput: () => Record<string, unknown>;
  },
) {
  const { form, fields, isS3, readSample, bucketSample, bucketInput } = props;
  const fill = (values: Record<string, string>) => {
    for (const [name, value] of Object.entries(values)) form.set(name, value);
  };
  const { sample, answer, failure, isReading, take } = useSample({
    read: readSample,
    settings: settingsOf(form.values, fields),
    timezone: form.values.timezone ?? "",
    onFound: ({ found }) => {
      const isEmpty = mappedValues(form.values).length === 0 && !form.values[setting("stampColumn")];
      if (found && isEmpty) fill(mappingOf(found));
    },
  });
  const found = answer?.found;
  const open = openQuestions(form.values, found ?? null);
  return (
    <>
      <FormSection title="Sample" note="Rows to try the mapping on">
        <SampleSource
          sample={sample}
          entry={answer?.entry ?? null}
          isS3={isS3}
          fromBucket={bucketSample}
          bucketInput={bucketInput}
          onSample={take}
        />
        {found && (
          <p className="wide figs q">
            {found.columns.length} columns found: {found.columns.map(({ name, number }) => name ?? number).join(", ")}.{" "}
            <button type="button" className="link" onClick={() => fill(mappingOf(found))}>
              Start again from what was found
            </button>
          </p>
        )}
      </FormSection>
      <FormSection title="Table" note="How a file is cut into cells">
        <LayoutField form={form} answer={answer} />
        <TableFields form={form} answer={answer} />
      </FormSection>
      <FormSection title="Time" note="When a row was">
        <TimeFields form={form} answer={answer} />
      </FormSection>
      <FormSection title="Values" note="What is read of a row">
        <ValueFields form={form} answer={answer} />
      </FormSection>
      <FormSection title="Rows" note="Which of them count, and as what">
        <BelongingFields form={form} answer={answer} />
      </FormSection>
      <MappingPreview
        answer={answer}
        hasSample={sample !== null}
        isReading={isReading}
        failure={failure}
        open={sample ? Object.values(open) : []}
        timezone={form.values.timezone ?? "UTC"}
        titleOf={(field) => {
          const [, name] = field.split(".");
          return fields.find((each) => each.name === name)?.title ?? field;
        }}
      />
    </>
  );
}
