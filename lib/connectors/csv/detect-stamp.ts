import { type StampReader, stampReader } from "./stamp-format";

export interface CsvStamp {
  /** Names or numbers, as `stampColumn` and `timeColumn` take them. */
  stampColumn: string;
  timeColumn: string | null;
  /** As `stampFormat` takes it. */
  stampFormat: string;
  /** Other formats that read as many samples: day and month are not told apart by them. */
  otherFormats: string[];
}

const DATES = [
  "YYYY-MM-DD",
  "DD/MM/YYYY",
  "MM/DD/YYYY",
  "D/M/YYYY",
  "M/D/YYYY",
  "DD.MM.YYYY",
  "D.M.YYYY",
  "DD-MM-YYYY",
  "MM-DD-YYYY",
  "YYYY/MM/DD",
  "YYYYMMDD",
  "DD-MMM-YYYY",
  "D MMM YYYY",
  "MMM D YYYY",
  "DD/MM/YY",
  "MM/DD/YY",
  "DD.MM.YY",
  "DD-MMM-YY",
];
const TIMES = [
  "HH:mm",
  "HH:mm:ss",
  "H:mm",
  "H:mm:ss",
  "hh:mm A",
  "h:mm A",
  "hh:mm:ss A",
  "h:mm:ss A",
  "hh:mmA",
  "h:mmA",
  "HHmm",
  "HH:mm:ss.SSS",
  "HH.mm",
];
/** Formats of date and time, of a date alone, and, after all others, of numbers that could as well name meters. */
const STAMPS = [
  "auto",
  "YYYYMMDDHHmm",
  "YYYYMMDDHHmmss",
  ...DATES.flatMap((date) => TIMES.map((time) => `${date} ${time}`)),
  ...DATES,
];
const EPOCHS = ["X", "x"];

const readers = new Map<string, StampReader>();
function readerOf(format: string): StampReader {
  const known = readers.get(format) ?? stampReader(format);
  readers.set(format, known);
  return known;
}

/** A time in any format known here. */
export function isTime(text: string): boolean {
  return [...STAMPS, ...EPOCHS].some((format) => readerOf(format)(text) !== undefined);
}

export interface FoundStamp {
  stamp: CsvStamp;
  /** Places of the columns, from 0. */
  date: number;
  time: number | undefined;
}

/** The first column, or pair of columns, of times. */
export function findStamp(
  count: number,
  names: readonly string[] | undefined,
  samplesOf: (at: number) => string[],
): FoundStamp | undefined {
  const nameOf = (at: number) => names?.[at] || String(at + 1);
  const found = (formats: readonly string[], date: number, time?: number): FoundStamp | undefined => {
    const [stampFormat, ...otherFormats] = formats;
    if (stampFormat === undefined) return undefined;
    const timeColumn = time === undefined ? null : nameOf(time);
    return { stamp: { stampColumn: nameOf(date), timeColumn, stampFormat, otherFormats }, date, time };
  };
  for (const known of [STAMPS, EPOCHS]) {
    for (let at = 0; at < count; at++) {
      const samples = samplesOf(at);
      const formats = formatsOf(samples, known);
      if (formats.length === 0) continue;
      if (!isDateOnly(formats[0] ?? "", samples)) return found(formats, at);
      for (let other = 0; other < count; other++) {
        const times = samplesOf(other);
        if (other === at || !isTimeOfDay(times)) continue;
        const pairs = samples.map((date, index) => `${date} ${times[index] ?? times[0]}`);
        const pair = found(formatsOf(pairs, STAMPS), at, other);
        if (pair) return pair;
      }
      return found(formats, at);
    }
  }
  return undefined;
}

function isDateOnly(format: string, samples: readonly string[]): boolean {
  return DATES.includes(format) || (format === "auto" && samples.every((value) => value.length <= 10));
}

function isTimeOfDay(samples: readonly string[]): boolean {
  const formats = TIMES.map((time) => `YYYY-MM-DD ${time}`);
  return (
    formatsOf(
      samples.map((value) => `2000-01-01 ${value}`),
      formats,
    ).length > 0
  );
}

/** Of a file's first rows a few may be bad: they are refused later, and are no reason to find nothing. */
const SHARE_READ = 0.9;

/**
 * Those that read the most samples, and nearly all; without those that say the same of each. Whatever reads fewer is proven wrong by the
 * others: a 13th day tells days from months.
 */
function formatsOf(samples: readonly string[], formats: readonly string[]): string[] {
  if (samples.length === 0) return [];
  const read = formats.map((format) => {
    const stamps = samples.map((value) => readerOf(format)(value) ?? null);
    return { format, count: stamps.filter((stamp) => stamp !== null).length, meaning: JSON.stringify(stamps) };
  });
  const most = Math.max(0, ...read.map(({ count }) => count));
  if (most < samples.length * SHARE_READ) return [];
  const meanings = new Set<string>();
  return read.flatMap(({ format, count, meaning }) => {
    if (count < most || meanings.has(meaning)) return [];
    meanings.add(meaning);
    return format;
  });
}
