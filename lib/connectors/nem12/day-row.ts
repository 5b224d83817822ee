import type { Quality } from "../../metrics/registry";
import { asciiText } from "../ascii";
import { scanDecimals } from "../decimal-scanner";
import { lineText } from "../lines";
import { LARGEST_AMOUNT } from "../reading-limit";
import { rankOf } from "../worst-quality";
import { type Nem12Record, PLAIN_VALUES_AT } from "./records";
import type { Stream } from "./stream";

/** One stream's civil day, ready to be combined. */
export interface DayRow {
  stream: Stream;
  /** `20040201`, in the file's offset. */
  date: string;
  line: number;
  /** In the file's unit; NaN where the value is null (quality N). */
  values: Float64Array;
  /** The rank of each value's quality; 0 where the value is null. */
  ranks: Uint8Array;
  /** `20040202120025`, or empty. Of a coarser one the rest is zeros. */
  updatedAt: string;
  /** What its qualities lack of what the format asks for, such as `F19 without a reason code`. */
  flaws: ReadonlySet<string>;
}

const QUALITIES: Record<string, Quality | undefined> = {
  A: "actual",
  E: "estimated",
  S: "substituted",
  F: "final_substituted",
};
const QUALITY_FIELD = /^(?:([AN])(?:\d\d)?|([ESF])(\d\d)?|(V))$/;
/** The format has 14 digits here; files to the minute (Western Power) and to the day are about. */
const UPDATE_TIME = /^(\d{8}|\d{12}|\d{14})?$/;
/** No two parts of it fit the same digits: a line of digits alone must not take minutes. */
const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;
/** An actual day for one of these reasons says in 400 records which of its intervals are meant. */
const REASONS_WITH_EVENTS = new Set(["61", "79", "89"]);

/** A reason instead of a day; `isCut` where the record could be the torn end of a file. */
export interface Refusal {
  reason: string;
  isCut: boolean;
}

/** A 300 record and the 400 records that follow it, checked as a whole. */
export function readDay(stream: Stream, record: Nem12Record, events: readonly Nem12Record[]): DayRow | Refusal {
  const count = 1440 / stream.intervalMinutes;
  const values = new Float64Array(count).fill(Number.NaN);
  const plainTail = readPlainValues(record, values);
  const fields = plainTail ? [] : withExpectedCount(record, count);
  const date = plainTail ? dateOf(record) : (fields[1] ?? "");
  if (!isDate(date)) return refuse(`${date} is no date.`);
  const [written = "", reasonCode = "", , updatedAt = ""] = plainTail ?? fields.slice(2 + count);
  const flag = written.toUpperCase();
  if (!QUALITY_FIELD.test(flag)) return wrongCount(plainTail ? record.fields : fields, count, stream.intervalMinutes);
  if (!UPDATE_TIME.test(updatedAt)) {
    return { reason: `${updatedAt} is no update time (YYYYMMDDhhmmss).`, isCut: true };
  }
  const flaws = new Set<string>();
  const ranks = ranksOf(flag, reasonCode, count, events, flaws);
  if ("reason" in ranks) return ranks;
  for (let at = 0; at < count; at++) {
    if (ranks[at] === 0) values[at] = Number.NaN;
    else if (!plainTail) {
      const text = fields[2 + at] ?? "";
      if (!NUMBER.test(text)) return refuse(`Value ${at + 1} is ${text === "" ? "missing" : `"${text}", no number`}.`);
      values[at] = Number(text);
      if (Math.abs(values[at] ?? 0) > LARGEST_AMOUNT) return refuse(`Value ${at + 1} is ${text}, which is too large.`);
    }
  }
  const toTheSecond = updatedAt === "" ? "" : updatedAt.padEnd(14, "0");
  return { stream, date, line: record.line, values, ranks, updatedAt: toTheSecond, flaws };
}

/** The date of a 300 record as it is written. */
export function dateOf(record: Nem12Record): string {
  const { plain } = record;
  return plain ? asciiText(plain.subarray(4, PLAIN_VALUES_AT - 1)) : (record.fields[1] ?? "");
}

/** Reads the values of a record that has nothing but plain decimals there, as nearly all have, and gives the fields after them. */
function readPlainValues({ plain }: Nem12Record, values: Float64Array): string[] | undefined {
  if (!plain) return undefined;
  const end = scanDecimals(plain, PLAIN_VALUES_AT, values);
  if (end < 0) return undefined;
  return lineText(plain.subarray(end))
    .split(",")
    .map((field) => field.trim());
}

/** Of a record broken across lines the reading whose quality stands where it must. */
function withExpectedCount(record: Nem12Record, count: number): string[] {
  const fits = (fields: string[]) => QUALITY_FIELD.test((fields[2 + count] ?? "").toUpperCase());
  return record.otherFields && !fits(record.fields) && fits(record.otherFields) ? record.otherFields : record.fields;
}

function wrongCount(fields: readonly string[], count: number, intervalMinutes: number): Refusal {
  const at = fields.findIndex((field, index) => index >= 2 && QUALITY_FIELD.test(field.toUpperCase()));
  const lastFilled = fields.findLastIndex((field) => field !== "");
  const found = at < 0 ? Math.max(lastFilled - 1, 0) : at - 2;
  if (at < 0 && found >= count) {
    const text = fields[2 + count] ?? "";
    return { reason: text === "" ? "The quality is missing." : `"${text}" is no quality.`, isCut: found === count };
  }
  const reason = `The day has ${found} values where ${intervalMinutes}-minute intervals need ${count}.`;
  return { reason, isCut: at < 0 };
}

/** The rank of every interval's quality, 0 for null values. */
function ranksOf(
  flag: string,
  reasonCode: string,
  count: number,
  events: readonly Nem12Record[],
  flaws: Set<string>,
): Uint8Array | Refusal {
  const needsEvents = flag === "V" || (flag.startsWith("A") && REASONS_WITH_EVENTS.has(reasonCode));
  if (events.length === 0) {
    if (needsEvents) {
      const why = flag === "V" ? "quality V" : `quality A with reason ${reasonCode}`;
      return { reason: `A day with ${why} needs 400 records, and none follow.`, isCut: true };
    }
    const quality = qualityOf(flag, reasonCode, flaws);
    return "reason" in quality ? quality : new Uint8Array(count).fill(rankOf(quality.quality));
  }
  const ranks = new Uint8Array(count);
  let ranked = 0;
  for (const event of events) {
    const [, first, last, eventFlag, eventReason] = event.fields;
    const from = Number(first);
    const to = Number(last);
    const at = `The 400 record of line ${event.line}`;
    if (from !== ranked + 1) {
      const what = from <= ranked ? "overlaps the one before" : "leaves a gap";
      return refuse(`${at} ${what}: it starts at interval ${first}, expected ${ranked + 1}.`);
    }
    if (to < from || to > count) return refuse(`${at} ends at interval ${last} of ${count}.`);
    const quality = qualityOf((eventFlag ?? "").toUpperCase(), eventReason ?? "", flaws);
    if ("reason" in quality) return refuse(`${at}: ${quality.reason}`);
    if (to > ranked) {
      ranks.fill(rankOf(quality.quality), ranked, to);
      ranked = to;
    }
  }
  if (ranked < count) {
    return { reason: `The 400 records end at interval ${ranked} of ${count}.`, isCut: true };
  }
  return ranks;
}

/** The letter says how good the values are; a method or a reason that is missing changes nothing about them. */
function qualityOf(flag: string, reasonCode: string, flaws: Set<string>): { quality: Quality | undefined } | Refusal {
  const match = QUALITY_FIELD.exec(flag);
  if (!match || match[4]) return refuse(`"${flag}" is no quality of an interval.`);
  const letter = match[1] ?? match[2] ?? "";
  if (match[2] && !match[3]) flaws.add(`${letter} without its two-digit method`);
  if ((letter === "S" || letter === "F") && reasonCode === "") flaws.add(`${flag} without a reason code`);
  return { quality: QUALITIES[letter] };
}

export function isDate(text: string): boolean {
  const match = /^(\d{4})(\d\d)(\d\d)$/.exec(text);
  if (!match) return false;
  const [year, month, day] = match.slice(1).map(Number);
  const date = new Date(Date.UTC(year ?? 0, (month ?? 0) - 1, day));
  return date.getUTCMonth() + 1 === month && date.getUTCDate() === day;
}

function refuse(reason: string): Refusal {
  return { reason, isCut: false };
}
