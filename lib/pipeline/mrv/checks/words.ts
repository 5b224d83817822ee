import { metricOf } from "../../../metrics/registry";
import type { CheckInput } from "./check";

/** Figures and instants of a verdict, as people read them. */

const plain = new Intl.NumberFormat("en-AU", { maximumFractionDigits: 3 });
const whole = new Intl.NumberFormat("en-AU", { maximumFractionDigits: 0 });

const withMinus = (text: string) => text.replace("-", "−");

/** `15,284.912`; below a thousandth with up to four significant digits. */
export function decimal(value: number): string {
  if (value !== 0 && Math.abs(value) < 0.001) return withMinus(String(Number(value.toPrecision(4))));
  return withMinus(plain.format(value));
}

export const counted = (value: number) => whole.format(value);

/** `15,284.912 kWh` in the unit of the record's metric. */
export function amount({ evidence }: Pick<CheckInput, "evidence">, value: number): string {
  return `${decimal(value)} ${metricOf(evidence.figures.metric).unit}`;
}

/** `99.123 %` of a share, rounded down: what is not whole never reads as whole. */
export function share(ratio: number): string {
  return `${plain.format(Math.floor(ratio * 1e5 + 1e-6) / 1e3)} %`;
}

/** `+3.1 %`, `−6.2 %`. */
export function difference(ratio: number): string {
  const percent = (Math.abs(ratio) * 100).toFixed(1);
  return `${ratio < 0 ? "−" : "+"}${percent} %`;
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return count === 1 ? `1 ${one}` : `${counted(count)} ${many}`;
}

/** `5 minutes`, `1 hour`. */
export function lengthOf(seconds: number): string {
  if (seconds % 3600 === 0) return plural(seconds / 3600, "hour");
  return seconds % 60 === 0 ? plural(seconds / 60, "minute") : plural(seconds, "second");
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** `17 Oct 12:35` by the clock of the record's zone. */
export function when(epochSeconds: number, timezone: string): string {
  let format = formats.get(timezone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-AU", {
      day: "numeric",
      month: "short",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
      timeZone: timezone,
    });
    formats.set(timezone, format);
  }
  return format.format(new Date(epochSeconds * 1000)).replace(",", "");
}

/** The first few, and how many more there are. */
export function some(all: readonly string[], most = 3): string {
  const shown = all.slice(0, most).join("; ");
  return all.length > most ? `${shown}; and ${counted(all.length - most)} more` : shown;
}
