import type { Quality } from "../../metrics/registry";
import { decimalTimesPowerOfTen } from "../../units";
import type { Reject } from "../contract";
import { worst } from "../worst-quality";
import { type HeldReading, LONGEST_SECONDS, type Stream } from "./file-streams";
import { onMark } from "./marks";
import { qualityOf } from "./quality";
import type { Kind } from "./reading-kind";

/** One interval of one direction, in kWh or kvarh. */
export interface Part {
  row: string;
  start: number;
  seconds: number;
  value: number;
  quality: Quality;
  /** Of the file it is from; a later one wins. */
  order: number;
}

export interface Parts {
  parts: Part[];
  rejects: Reject[];
  /** Codes the standard does not have, with how many intervals carry them. */
  unknownQualities: Map<string, number>;
}

const NUMBER = /^[+-]?\d{1,24}(\.\d{1,24})?$/;

/** A stream's readings as intervals; of a start that comes twice the later row is used. */
export function partsOf(stream: Stream, kind: Kind, order: number): Parts {
  const result: Parts = { parts: [], rejects: [], unknownQualities: new Map() };
  const byStart = new Map<number, Part>();
  for (const reading of stream.readings) {
    const part = partOf(reading, stream, kind, order, result.unknownQualities);
    if ("reason" in part) {
      result.rejects.push(part);
      continue;
    }
    const known = byStart.get(part.start);
    if (known && !isSame(known, part)) {
      const reason = "The same interval comes again later with other values; the later reading is used.";
      result.rejects.push({ row: known.row, reason, startEpochSeconds: part.start, kind: "duplicate" });
    }
    byStart.set(part.start, part);
  }
  for (const { row, reason } of stream.bad) result.rejects.push({ row, reason });
  result.parts = [...byStart.values()];
  return result;
}

function wrongLength(seconds: number): string {
  if (seconds < 1) return `The reading lasts ${seconds} seconds, so it is no interval.`;
  const days = Math.round(seconds / 86_400);
  const what = `The reading lasts ${days > 1 ? `${days} days, as a bill does` : `${seconds} seconds`}`;
  return `${what}; intervals of up to a day are read. Ask the utility for daily, hourly or shorter intervals.`;
}

function isSame(a: Part, b: Part): boolean {
  return a.value === b.value && a.seconds === b.seconds && a.quality === b.quality;
}

function partOf(
  reading: HeldReading,
  { type, usualSeconds }: Stream,
  { exponent, sign }: Kind,
  order: number,
  unknownQualities: Map<string, number>,
): Part | Reject {
  const { row, value, qualities } = reading;
  const reject = (reason: string) => ({ row, reason, startEpochSeconds: reading.start });
  const duration = reading.duration ?? usualSeconds;
  if (duration === undefined) return reject("Neither the reading nor its reading type says how long it lasts.");
  const { start, seconds } = onMark(reading.start, duration);
  if (seconds < 1 || seconds > LONGEST_SECONDS) {
    return reject(wrongLength(seconds));
  }
  if (!NUMBER.test(value)) {
    return reject(value === "" ? "The reading has no value." : `The value "${value.slice(0, 40)}" is no number.`);
  }
  const codes = qualities.length > 0 ? qualities : [type && type !== "several" ? type.defaultQuality : ""];
  const known = codes.map((code) => {
    if (code === "") return "actual";
    const quality = qualityOf(code);
    if (!quality) unknownQualities.set(code, (unknownQualities.get(code) ?? 0) + 1);
    return quality ?? "estimated";
  });
  const amount = sign * decimalTimesPowerOfTen(value, exponent);
  return { row, start, seconds, value: amount, quality: worst(known), order };
}
