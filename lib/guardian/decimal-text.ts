import { roundTo } from "../units";

/**
 * A number as people write it: rounded half away from zero to at most `decimals` fraction digits, without exponent, without trailing zeros,
 * never `-0`. `0.1 + 0.2` kWh at 9 decimals is `0.3`, `1e-7` is `0.0000001`, `1e21` has all its digits.
 */
export function decimalText(value: number, decimals: number): string {
  if (!Number.isFinite(value)) throw new RangeError("Only a finite number has a decimal text.");
  // Past 2^53 the fraction cannot hold that many digits: fifteen significant ones are what a double keeps without dust.
  const isExact = Math.abs(value) * 10 ** decimals < Number.MAX_SAFE_INTEGER;
  return withoutExponent(String(isExact ? roundTo(value, decimals) : Number(value.toPrecision(15))));
}

/** All digits of a number, in the shortest text that gives it back: `1e-7` is `0.0000001`. */
export function numberText(value: number): string {
  return withoutExponent(String(value));
}

/** The shortest text that gives the same number back, as JavaScript has it, with an exponent written out. */
function withoutExponent(text: string): string {
  const [, sign = "", whole = "", fraction = "", exponent] = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(text) ?? [];
  if (exponent === undefined) return text === "-0" ? "0" : text;
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  return sign + digits.slice(0, point).padEnd(point, "0") + (digits.length > point ? `.${digits.slice(point)}` : "");
}

const DECIMAL = /^(-?)0*(\d+?)(?:\.(\d*?)0*)?$/;

/** The same decimal in its shortest form (`012.50` is `12.5`); null where the text is none, an exponent included. */
export function shortestDecimal(text: string): string | null {
  const [, sign, whole, fraction] = DECIMAL.exec(text.trim()) ?? [];
  if (whole === undefined) return null;
  const plain = fraction ? `${whole}.${fraction}` : whole;
  return plain === "0" ? "0" : `${sign}${plain}`;
}

/** The number a decimal text stands for; null where it is none, or has more digits than a number can hold. */
export function exactNumber(text: string): number | null {
  const decimal = shortestDecimal(text);
  if (decimal === null) return null;
  const value = Number(decimal);
  return withoutExponent(String(value)) === decimal ? value : null;
}

/**
 * A decimal text rounded half away from zero to at most `decimals` fraction digits, in its shortest form: no number in between, so no digit of a long
 * figure is lost. Null where the text is no decimal.
 */
export function roundedDecimal(text: string, decimals: number): string | null {
  const decimal = shortestDecimal(text);
  if (decimal === null) return null;
  const sign = decimal.startsWith("-") ? "-" : "";
  const [whole = "", fraction = ""] = decimal.slice(sign.length).split(".");
  if (fraction.length <= decimals) return decimal;
  const kept = BigInt(whole + fraction.slice(0, decimals));
  const isUp = Number(fraction[decimals]) >= 5;
  const digits = String(isUp ? kept + 1n : kept).padStart(decimals + 1, "0");
  const at = digits.length - decimals;
  return shortestDecimal(`${sign}${digits.slice(0, at)}${decimals > 0 ? `.${digits.slice(at)}` : ""}`);
}
