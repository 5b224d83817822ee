import { exactNumber, numberText, roundedDecimal, shortestDecimal } from "../../guardian/decimal-text";
import type { FieldShape } from "../../guardian/subject-shape";
import { civilDate } from "../../time";
import type { FieldRule } from "../settings";
import type { RecordFacts } from "./record-facts";

type Form = NonNullable<FieldRule["as"]>;

/** `absent`: the record has nothing to fill it with, which only an optional field may do without. */
export type Filled = { value: string | number | boolean } | { fault: string } | { absent: string };

/** What a rule makes of a record, in the form it asks for, or else in the one of its field. A sentence where there is none. */
export function filledValue(
  rule: FieldRule,
  facts: RecordFacts & { deviceDid: string },
  field: Pick<FieldShape, "kind" | "format">,
): Filled {
  const form = rule.as ?? formOf(field);
  const raw = rule.from === "constant" ? rule.value : rawValue(rule.from, facts);
  if (raw === undefined || raw === null) return { absent: absences[rule.from] ?? "The record has no such figure." };
  if (raw instanceof Date) return asMoment(raw, form, facts.timezone);
  // Without a form the schema's validation judges what is given, as it is given.
  if (typeof raw === "boolean" || (typeof raw === "number" && form === null)) return asGiven(raw, form);
  const text = typeof raw === "number" ? numberText(raw) : raw;
  const rounded = rule.decimals === undefined ? text : roundedDecimal(text, rule.decimals);
  if (rounded === null) return { fault: "Only a figure can be rounded: take the decimals off." };
  if (form === "number" || form === "integer") return asNumber(rounded, form);
  if (rule.from === "constant" || form === "string" || form === null) return { value: rounded };
  return { fault: `This is no ${form === "date" ? "day" : "time"}: fill it from the start or the end of the period.` };
}

/** The form that a field asks for; null where only the schema's validation judges it. */
function formOf({ kind, format }: Pick<FieldShape, "kind" | "format">): Form | null {
  if (kind === "number" || kind === "integer") return kind;
  if (kind !== "text") return null;
  if (format === "date") return "date";
  return format === "date-time" ? "dateTime" : "string";
}

function rawValue(
  from: Exclude<FieldRule["from"], "constant">,
  facts: RecordFacts & { deviceDid: string },
): string | Date | null {
  switch (from) {
    case "metric":
      return facts.value === null ? null : shortestDecimal(facts.value);
    case "metricUnit":
      return facts.unit;
    case "periodSeconds":
      return String((facts.periodEnd.getTime() - facts.periodStart.getTime()) / 1000);
    case "readings":
      return String(facts.readings);
    case "carbonTons":
    case "emissionFactor":
    case "coverage":
      return facts[from] === null ? null : shortestDecimal(facts[from]);
    default:
      return facts[from];
  }
}

const absences: Partial<Record<FieldRule["from"], string>> = {
  metric: "The record has no figure: there are no readings in its period.",
  carbonTons: "The record has no carbon: no emission factor applies to the meter in its period.",
  emissionFactor: "The record has no single emission factor: there is none, or more than one.",
};

/** An instant is on a day only in a zone: the record's, in which its period is a day or a month. */
function asMoment(at: Date, form: Form | null, timezone: string): Filled {
  if (form === "date") return { value: civilDate(at, timezone) };
  if (form === "number" || form === "integer") return { fault: "A time is no number: choose a day, a time or text." };
  return { value: at.toISOString() };
}

function asGiven(value: boolean | number, form: Form | null): Filled {
  if (typeof value === "number" || form === null) return { value };
  return form === "string" ? { value: String(value) } : { fault: `True and false are no ${form}.` };
}

function asNumber(text: string, form: "number" | "integer"): Filled {
  if (shortestDecimal(text) === null) return { fault: "This is text, and the field wants a number." };
  const value = exactNumber(text);
  if (value === null) return { fault: "This has more digits than a number in JSON can hold: give it fewer decimals." };
  if (form === "integer" && !Number.isSafeInteger(value)) {
    return { fault: "The field wants a whole number: set its decimals to 0 to round it." };
  }
  return { value };
}
