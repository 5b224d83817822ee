"use client";

import { Checkbox } from "@/components/ui/choices";
import { Field, Input } from "@/components/ui/field";
import { Segmented } from "@/components/ui/segmented";
import { Select } from "@/components/ui/select";
import type { ReadSample } from "@/lib/meters/csv-mapping/read-sample";
import { bind, errorOf, type FormState } from "../form-fields";
import { channelValues, isLong, mappingOf, setting } from "./mapping";

const delimiterWords: Record<string, string> = { ",": "Comma ,", ";": "Semicolon ;", tab: "Tab", "|": "Bar |" };
const markWords: Record<string, string> = { ".": "Point 1.5", ",": "Comma 1,5" };
const encodings = ["utf-8", "windows-1252", "utf-16le", "utf-16be"];

/** How the file is cut into cells. What is left to be found says what was found. */
export function TableFields({ form, answer }: { form: FormState; answer: ReadSample | null }) {
  const found = answer?.found ?? null;
  const choose = (name: string) => ({
    value: form.values[setting(name)] || "auto",
    onChange: (value: string) => form.set(setting(name), value === "auto" ? "" : value),
  });
  const auto = (word: string | null | undefined) => ({
    value: "auto",
    label: word ? `Found in each file, here ${word}` : "Found in each file",
  });
  return (
    <>
      <Field label="Delimiter" help="What stands between two cells." error={errorOf(form.errors, setting("delimiter"))}>
        <Select
          {...choose("delimiter")}
          options={[
            auto(found && delimiterWords[found.delimiter]),
            ...Object.entries(delimiterWords).map(([value, label]) => ({ value, label })),
          ]}
        />
      </Field>
      <Field
        label="Decimal mark"
        help={
          found && found.decimalMark === null
            ? "The sample leaves it open: no value has one, or it may separate thousands."
            : "Thousands separators are refused, with their line."
        }
        error={errorOf(form.errors, setting("decimalMark"))}
      >
        <Select
          {...choose("decimalMark")}
          options={[
            auto(found?.decimalMark && markWords[found.decimalMark]),
            ...Object.entries(markWords).map(([value, label]) => ({ value, label })),
          ]}
        />
      </Field>
      <Field label="Encoding" help="Of letters beyond A to Z." error={errorOf(form.errors, setting("encoding"))}>
        <Select
          {...choose("encoding")}
          options={[auto(found?.encoding), ...encodings.map((value) => ({ value, label: value }))]}
        />
      </Field>
      <Field
        label="Lines before the table"
        help="An account's name and address, a title."
        optional
        error={errorOf(form.errors, setting("skipLines"))}
      >
        <Input {...bind(form, setting("skipLines"))} inputMode="numeric" placeholder="0" autoComplete="off" />
      </Field>
      <Field
        label="Lines after the header"
        help="Between the names of the columns and the first row, such as one of units."
        optional
        error={errorOf(form.errors, setting("linesAfterHeader"))}
      >
        <Input {...bind(form, setting("linesAfterHeader"))} inputMode="numeric" placeholder="0" autoComplete="off" />
      </Field>
      <div className="field check-field">
        <Checkbox
          checked={form.values[setting("noHeader")] === "on"}
          onChange={(checked) => form.set(setting("noHeader"), checked ? "on" : "")}
        >
          The first row names no columns
        </Checkbox>
        <Checkbox
          checked={form.values[setting("endsWithoutLineBreak")] === "on"}
          onChange={(checked) => form.set(setting("endsWithoutLineBreak"), checked ? "on" : "")}
        >
          Files end without a line break
        </Checkbox>
      </div>
    </>
  );
}

/** One column a value, or one row a value: which of both a file is decides what is mapped. */
export function LayoutField({ form, answer }: { form: FormState; answer: ReadSample | null }) {
  const found = answer?.found ?? null;
  const change = (layout: "wide" | "long") => {
    if (layout === (isLong(form.values) ? "long" : "wide")) return;
    form.set("csv.layout", layout);
    const channels = found?.channels;
    form.set(setting("channelColumn"), layout === "long" ? (channels?.column ?? "") : "");
    form.set(setting("valueColumn"), layout === "long" ? (channels?.valueColumn ?? "") : "");
    const wide = found ? mappingOf({ ...found, channels: null })[setting("values")] : "[]";
    form.set(
      setting("values"),
      layout === "long" ? JSON.stringify(channelValues(channels?.values ?? [])) : (wide ?? "[]"),
    );
  };
  return (
    <div className="field wide">
      <span className="lab">Layout</span>
      <Segmented<"wide" | "long">
        label="Layout"
        value={isLong(form.values) ? "long" : "wide"}
        options={[
          { value: "wide", label: "A column for each value" },
          { value: "long", label: "A row for each value" },
        ]}
        onChange={change}
      />
      {found?.channels && !isLong(form.values) && !form.values[setting("qualityColumn")] && (
        <p className="help">
          {found.channels.column} holds {found.channels.values.slice(0, 4).join(", ")} beside one column of numbers. If
          it says what the number is, choose a row for each value.
        </p>
      )}
    </div>
  );
}
