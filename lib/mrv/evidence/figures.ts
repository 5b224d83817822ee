import type { EvidenceReading } from "./canonical-rows";

/** What a record says of its readings. Decimal text, exact. */
export interface Figures {
  /** Null without a reading that counts. */
  value: string | null;
  /** Null unless it is known of every reading that counts: a sum of some would be too small, and look whole. */
  carbonTons: string | null;
  /** Readings that count. */
  readings: number;
}

/** Whether a reading counts towards a record: it says something of the metric, and is no forecast. All of them are hashed. */
export function counts({ value, quality }: Pick<EvidenceReading, "value" | "quality">): boolean {
  return value !== null && quality !== "forecast";
}

/** The figures of a record, from the readings of its period: the one way, for extraction, comparison and verification of a bundle. */
export function figuresOf(readings: readonly EvidenceReading[]): Figures {
  const values: string[] = [];
  const tons: string[] = [];
  for (const reading of readings) {
    if (!counts(reading) || reading.value === null) continue;
    values.push(reading.value);
    if (reading.carbonTons !== null) tons.push(reading.carbonTons);
  }
  return {
    value: values.length === 0 ? null : sumOf(values),
    carbonTons: values.length === 0 || tons.length < values.length ? null : sumOf(tons),
    readings: values.length,
  };
}

/** Adds plain decimals (`-12.5`, `0.000001`) without losing a digit; the sum has no trailing zeros. */
export function sumOf(values: readonly string[]): string {
  let scale = 0;
  for (const value of values) scale = Math.max(scale, digitsAfterPoint(value));
  let sum = 0n;
  for (const value of values) {
    const point = value.indexOf(".");
    const digits = point < 0 ? value : value.slice(0, point) + value.slice(point + 1);
    sum += BigInt(digits + "0".repeat(scale - digitsAfterPoint(value)));
  }
  return decimalOf(sum, scale);
}

function digitsAfterPoint(value: string): number {
  const point = value.indexOf(".");
  return point < 0 ? 0 : value.length - point - 1;
}

function decimalOf(scaled: bigint, scale: number): string {
  const sign = scaled < 0n ? "-" : "";
  const digits = (scaled < 0n ? -scaled : scaled).toString().padStart(scale + 1, "0");
  if (scale === 0) return sign + digits;
  const fraction = digits.slice(-scale).replace(/0+$/, "");
  return sign + digits.slice(0, -scale) + (fraction && `.${fraction}`);
}
