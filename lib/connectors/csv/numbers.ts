import { SourceError } from "../source-error";

export type DecimalMark = "." | ",";

/** What files write where there is no value. */
const NOTHING = new Set(["", "-", "--", "n/a", "na", "nan", "null", "none", "#n/a"]);
/** No two parts of them fit the same digits: a cell of digits alone must not take minutes. */
const WITH_POINT = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,3})?$/i;
const WITH_COMMA = /^[+-]?(\d+(,\d*)?|,\d+)(e[+-]?\d{1,3})?$/i;
/** No group begins a number with a zero: 0,173 has a decimal comma. */
const GROUPED = /^[+-]?[1-9]\d{0,2}([., '\u00a0\u202f\u2019]\d{3})+([.,]\d+)?$/;
const MOST_CHARACTERS = 60;

export function isNothing(text: string): boolean {
  return text === "" || (text.length < 5 && NOTHING.has(text.toLowerCase()));
}

/** The number with a point, or a reason. */
export function decimalOf(text: string, mark: DecimalMark): string | { reason: string } {
  if (text.length > MOST_CHARACTERS) return { reason: `"${text.slice(0, MOST_CHARACTERS)}…" is no number.` };
  if (mark === ".") {
    if (WITH_POINT.test(text)) return text;
    if (WITH_COMMA.test(text)) return { reason: `"${text}" has a comma where the decimal mark is a point.` };
  } else {
    if (WITH_COMMA.test(text)) return text.replace(",", ".");
    if (WITH_POINT.test(text)) return { reason: `"${text}" has a point where the decimal mark is a comma.` };
  }
  return {
    reason: GROUPED.test(text) ? `"${text}" has thousands separators, which are not read.` : `"${text}" is no number.`,
  };
}

/**
 * The decimal mark of some values: the one that only one of both can be. Undefined where no value has a mark. Throws SourceError
 * `DECIMAL_MARK_UNKNOWN` where they leave it open: both marks, or commas that can as well separate thousands.
 */
export function decimalMarkOf(name: string, values: readonly string[]): DecimalMark | undefined {
  const withPoint = values.filter((value) => value.includes(".") && WITH_POINT.test(value));
  const withComma = values.filter((value) => value.includes(",") && WITH_COMMA.test(value));
  if (withPoint.length === 0 && withComma.length === 0) return undefined;
  const isOpen = withComma.length > 0 && withComma.every((value) => GROUPED.test(value));
  if ((withPoint.length > 0 && withComma.length > 0) || isOpen) {
    throw new SourceError(
      "DECIMAL_MARK_UNKNOWN",
      `${name} has values such as ${withComma[0]}: name the decimal mark in the settings, it may separate thousands.`,
      { isRetryable: false },
    );
  }
  return withComma.length > 0 ? "," : ".";
}
