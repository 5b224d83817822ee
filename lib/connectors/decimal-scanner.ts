import { LARGEST_AMOUNT } from "./reading-limit";

const COMMA = 44;
const POINT = 46;
const ZERO = 48;

/** Numbers of so many digits are whole numbers below 2^53, and powers of ten up to 10^22 are exact: dividing one by the other rounds once. */
const MOST_DIGITS = 15;
const POWERS_OF_TEN = Array.from({ length: MOST_DIGITS + 1 }, (_, exponent) => 10 ** exponent);

/**
 * Reads plain decimals (`12`, `0.250`, `.5`) in the middle of a text, to the very number that `Number` makes of them, without cutting
 * them out first. What else a number can look like is left to others: the scan ends where it began.
 */
export class DecimalScanner {
  /** What the last scan read. */
  value = 0;

  /** Where the decimal that begins at `start` ends; `start` where none begins, or one of more digits than can be read exactly. */
  scan(text: string, start: number): number {
    let whole = 0;
    let point = -1;
    let at = start;
    for (; at < text.length; at++) {
      const digit = text.charCodeAt(at) - ZERO;
      if (digit >= 0 && digit <= 9) whole = whole * 10 + digit;
      else if (digit === POINT - ZERO && point < 0) point = at;
      else break;
    }
    const digits = at - start - (point < 0 ? 0 : 1);
    if (digits < 1 || digits > MOST_DIGITS) return start;
    this.value = point < 0 ? whole : whole / (POWERS_OF_TEN[at - point - 1] ?? Number.NaN);
    return at;
  }
}

/**
 * As many plain decimals as `values` is long, each with a comma behind it, from `start` on: what `DecimalScanner` makes of them. Gives where the
 * text goes on behind the last comma, or -1 where something else is between them or one is above `LARGEST_AMOUNT`.
 */
export function scanDecimals(bytes: Uint8Array, start: number, values: Float64Array): number {
  let at = start;
  for (let index = 0; index < values.length; index++) {
    const first = at;
    let whole = 0;
    let point = -1;
    for (; at < bytes.length; at++) {
      const digit = (bytes[at] as number) - ZERO;
      if (digit >= 0 && digit <= 9) whole = whole * 10 + digit;
      else if (digit === POINT - ZERO && point < 0) point = at;
      else break;
    }
    const digits = at - first - (point < 0 ? 0 : 1);
    if (digits < 1 || digits > MOST_DIGITS || bytes[at] !== COMMA) return -1;
    const value = point < 0 ? whole : whole / (POWERS_OF_TEN[at - point - 1] as number);
    if (value > LARGEST_AMOUNT) return -1;
    values[index] = value;
    at += 1;
  }
  return at;
}
