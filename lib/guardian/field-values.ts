import { decimalText, exactNumber, shortestDecimal } from "./decimal-text";
import type { FieldShape } from "./subject-shape";

/** A value for a field before it has the field's type. Metrics are given as the decimal text that the database holds: exact, without dust. */
export type GivenValue = string | number | boolean | Date | GivenValue[] | { [field: string]: GivenValue };

/** Of carbon, the metric with most. */
const MOST_DECIMALS = 12;

export type Converted = { value: string | number | boolean } | { fault: string };

/** A single value in the form its field wants; a sentence where it has none. */
export function convertValue(given: GivenValue, { kind, format }: FieldShape): Converted {
  if (typeof given === "number" && !Number.isFinite(given)) return { fault: "This is no number: it cannot be sent." };
  if (kind === "text") return asText(given, format);
  if (kind === "number" || kind === "integer") return asNumber(given, kind);
  if (kind === "boolean") return asBoolean(given);
  return typeof given === "object" ? { fault: "This must be a single value." } : { value: given };
}

function asText(given: GivenValue, format: string | undefined): Converted {
  if (typeof given === "string") return { value: given };
  if (typeof given === "number") return { value: plainDecimal(given) };
  if (typeof given === "boolean") return { value: String(given) };
  if (!(given instanceof Date)) return { fault: "This must be a single value: text, a number or a time." };
  if (Number.isNaN(given.getTime())) return { fault: "This is no instant." };
  // An instant is on two civil days at once, which only the meter's zone decides.
  if (format === "date") return { fault: "This is a day: give it as text such as 2026-11-23, in the meter's zone." };
  return { value: given.toISOString() };
}

function asNumber(given: GivenValue, kind: "number" | "integer"): Converted {
  if (typeof given !== "number" && typeof given !== "string") return { fault: `This must be ${nameOf(kind)}.` };
  const value = typeof given === "number" ? Number(plainDecimal(given)) : exactNumber(given);
  if (value === null) {
    return {
      fault:
        typeof given === "string" && shortestDecimal(given) !== null
          ? "This has more digits than a number in JSON can hold: round it."
          : `This must be ${nameOf(kind)}, written with digits and a point.`,
    };
  }
  if (kind === "integer" && !Number.isSafeInteger(value)) return { fault: "This must be a whole number." };
  return { value };
}

function asBoolean(given: GivenValue): Converted {
  if (typeof given === "boolean") return { value: given };
  if (given === "true" || given === "false") return { value: given === "true" };
  return { fault: "This must be true or false." };
}

function nameOf(kind: "number" | "integer"): string {
  return kind === "integer" ? "a whole number" : "a number";
}

/** Fifteen significant digits are what a double keeps through a little arithmetic. */
function plainDecimal(value: number): string {
  return decimalText(Number(value.toPrecision(15)), MOST_DECIMALS);
}
