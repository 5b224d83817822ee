"use client";

import { Button } from "@/components/ui/button";
import { RadioGroup } from "@/components/ui/choices";
import { Field, FieldGroup, Input } from "@/components/ui/field";
import { formatInstant } from "@/components/ui/format";
import { Note } from "@/components/ui/note";
import type { CsvDetection } from "@/lib/connectors/csv/detect";
import { stampReader } from "@/lib/connectors/csv/stamp-format";
import type { ReadSample } from "@/lib/meters/csv-mapping/read-sample";
import { bind, errorOf, type FormState } from "../form-fields";
import { ColumnField } from "./column-field";
import { setting, stampIs } from "./mapping";

/** When a row was: its column, how it is written, whether it starts or ends the interval, and by which clock. */
export function TimeFields({ form, answer }: { form: FormState; answer: ReadSample | null }) {
  const found = answer?.found ?? null;
  const columns = found?.columns ?? null;
  const interval = answer?.preview?.intervalMinutes;
  return (
    <>
      <ColumnField
        {...{ form, columns }}
        name="stampColumn"
        label="Column of the date and time"
        help="Of the date alone where the time has a column of its own."
      />
      <ColumnField
        {...{ form, columns }}
        name="timeColumn"
        label="Column of the time"
        help="Only where date and time are in two columns."
        optional
      />
      <Field
        label="Format of date and time"
        help="auto reads ISO 8601. Otherwise YYYY MM M MMM DD D HH hh mm ss A Z; X is Unix seconds."
        error={errorOf(form.errors, setting("stampFormat"))}
      >
        <Input {...bind(form, setting("stampFormat"))} mono placeholder="auto" autoComplete="off" />
      </Field>
      <Field
        label="Time zone of the file"
        help={`A zone such as Australia/Brisbane, or a fixed offset such as +10:00. Empty: the meter's, ${form.values.timezone || "not chosen yet"}.`}
        optional
        error={errorOf(form.errors, setting("timezone"))}
      >
        <Input {...bind(form, setting("timezone"))} placeholder={form.values.timezone} autoComplete="off" />
      </Field>
      {found && <WhichFormat form={form} found={found} />}
      <FieldGroup
        legend="The time of a row is"
        help={hintWords(found)}
        error={errorOf(form.errors, setting("stampIs"))}
      >
        <RadioGroup<"start" | "end" | "">
          label="The time of a row is"
          value={stampIs(form.values) as "start" | "end" | ""}
          options={[
            { value: "start", label: "the start of its interval" },
            { value: "end", label: "the end of its interval" },
          ]}
          onChange={(value) => form.set(setting("stampIs"), value)}
        />
      </FieldGroup>
      <Field
        label="Interval length, minutes"
        help={interval ? `Left empty, the rows tell: ${interval} here.` : "Left empty, the distance of the rows tells."}
        optional
        error={errorOf(form.errors, setting("intervalMinutes"))}
      >
        <Input {...bind(form, setting("intervalMinutes"))} inputMode="decimal" autoComplete="off" />
      </Field>
    </>
  );
}

function hintWords(found: CsvDetection | null): string {
  if (found?.stampHint === "start")
    return "The first row is at 00:00, as where a day is stamped with starts. The file itself does not say: choose.";
  if (found?.stampHint === "end")
    return "The first row is one interval after 00:00, as where a day is stamped with ends. The file itself does not say: choose.";
  return "Nothing in a file tells: ask its maker. The wrong one shifts every reading by an interval.";
}

/** Day and month cannot be told apart by these rows: each way of reading the first of them is offered. */
function WhichFormat({ form, found }: { form: FormState; found: CsvDetection }) {
  const { stamp } = found;
  if (!stamp || stamp.otherFormats.length === 0) return null;
  const formats = [stamp.stampFormat, ...stamp.otherFormats];
  const chosen = form.values[setting("stampFormat")];
  const text = sampleStamp(found);
  return (
    <div className="wide">
      <Note state={chosen ? undefined : "waiting"} title="These dates can be read in more than one way">
        <p>Nobody can tell from the sample which of day and month comes first. {text} is</p>
        <div className="row wrap answers">
          {formats.map((format) => (
            <Button
              key={format}
              small
              on={chosen === format}
              aria-pressed={chosen === format}
              onClick={() => form.set(setting("stampFormat"), format)}
            >
              {readAs(text, format)} ({format})
            </Button>
          ))}
        </div>
      </Note>
    </div>
  );
}

function sampleStamp({ stamp, columns }: CsvDetection): string {
  const sampleOf = (asked: string | null | undefined) =>
    columns.find(({ name, number }) => (name ?? String(number)) === asked)?.samples[0] ?? "";
  return [sampleOf(stamp?.stampColumn), sampleOf(stamp?.timeColumn)].filter(Boolean).join(" ");
}

function readAs(text: string, format: string): string {
  const read = stampReader(format)(text);
  return read ? formatInstant(new Date(read.wallSeconds * 1_000), "UTC", "full-date") : "not read";
}
