import { rawInput } from "../raw-inputs";
import { SourceError } from "../source-error";
import { commonDelimiter, linesOf, usualOf } from "./delimiter";
import { type CsvStamp, type FoundStamp, findStamp, isTime } from "./detect-stamp";
import { type DecimalMark, decimalMarkOf, decimalOf, isNothing } from "./numbers";
import { RecordReader } from "./records";
import type { CsvSettings } from "./settings";
import { stampReader } from "./stamp-format";
import { decodedText, type Encoding, encodingOf } from "./text";
import { type CsvMetric, type CsvUnit, csvUnits, isUnitOf } from "./units";

/** What a file's beginning shows, for a form to start from. Every guess is one that `csvSettings` understands. */
export interface CsvDetection {
  encoding: Encoding;
  delimiter: Exclude<CsvSettings["delimiter"], "auto">;
  /** Null where no value has one, or where values leave it open. */
  decimalMark: DecimalMark | null;
  /** Lines before the table. */
  skipLines: number;
  noHeader: boolean;
  columns: CsvColumn[];
  /** The first column, or pair of columns, that holds times; null where none does. */
  stamp: CsvStamp | null;
  /**
   * A column of few different words beside a single column of numbers: the file may be long. `isLikely`: its times come again, which
   * those of a wide file do not.
   */
  channels: { column: string; values: string[]; valueColumn: string; isLikely: boolean } | null;
  /** What the first time says of an interval's ends: a day that begins at 00:00 is stamped with starts. Null: nothing. */
  stampHint: "start" | "end" | null;
}

export interface CsvColumn {
  /** From 1; `csvSettings` takes it as text where there is no name. */
  number: number;
  /** As in the header, if there is one. */
  name: string | null;
  kind: "stamp" | "date" | "time" | "number" | "text" | "empty";
  /** Guessed from the name of a column of numbers. */
  unit: CsvUnit | null;
  /** Guessed from name and unit. */
  metric: CsvMetric | null;
  /** The first values as they stand there. */
  samples: string[];
  /** Of a column of text, its different words where they are few. */
  words: string[];
}

const SAMPLES = 200;
const SHOWN = 5;
const MOST_CHANNELS = 24;
/** Trying every format takes long, and most cells are plain numbers. */
const MAY_BE_TIME = /\d\D+\d+\D+\d|^\d{8,14}$/;
const HEADER_WITHIN = 60;
const ROWS_TRIED = 4;

/**
 * What the first bytes of a CSV file show; 64 KB are plenty, and the last line may be cut. Pure. Throws SourceError where it is no table: `NOT_TEXT`,
 * `EMPTY_BODY`, `DELIMITER_UNKNOWN`, `CSV_BROKEN`.
 */
export async function detectCsv(firstBytes: Uint8Array): Promise<CsvDetection> {
  const name = "The file";
  const encoding = encodingOf(name, firstBytes);
  const head = await textOf(firstBytes, encoding);
  if (head.trim() === "") throw refuse("EMPTY_BODY", `${name} is empty.`);
  const lines = linesOf(head);
  const delimiter = commonDelimiter(lines) ?? commonDelimiter(lines.slice(Math.floor(lines.length / 2)));
  if (!delimiter) throw refuse("DELIMITER_UNKNOWN", `${name} has no delimiter that its lines have alike.`);
  const { fields, lines: numbers } = recordsOf(name, delimiter, head);
  const width = usualOf(fields.map((row) => row.length));
  const start = headerOf(fields, width);
  const table = fields.slice(start);
  const hasHeader = !(table[0] ?? []).some(isValue);
  const rows = table.slice(hasHeader ? 1 : 0, SAMPLES).filter((row) => row.length >= width - 1);
  const names = hasHeader ? (table[0] ?? []).map((each) => each.trim()) : undefined;
  const count = Math.max(width, names?.length ?? 0);
  const samplesOf = (at: number) => rows.map((row) => (row[at] ?? "").trim()).filter((value) => !isNothing(value));
  const stamp = findStamp(count, names, samplesOf);
  const decimalMark = markOf(name, rows.flat());
  const columns = Array.from({ length: count }, (_, at) => columnOf(at, names, samplesOf(at), stamp, decimalMark));
  return {
    encoding,
    delimiter: delimiter === "\t" ? "tab" : delimiter,
    decimalMark,
    skipLines: (numbers[start] ?? 1) - 1,
    noHeader: !hasHeader,
    columns,
    stamp: stamp?.stamp ?? null,
    channels: channelsOf(columns, samplesOf, timesRepeat(stamp, rows)),
    stampHint: hintOf(stamp, rows),
  };
}

/** Where the table begins: its header, or its first row. */
function headerOf(fields: readonly string[][], width: number): number {
  const first = fields.findIndex(
    (row) => row.length === width || (row.length >= width - 1 && row.length > 1 && !row.some(isValue)),
  );
  const start = Math.max(first, 0);
  const last = firstOfTimes(fields, width) - 1;
  if (last <= start || (fields[last] ?? []).some(isValue)) return start;
  // Lines about the account are padded to the table's width, or stand between lines that are not.
  const isPadded = filledIn(fields[start]) < filledIn(fields[last]);
  const isApart = fields.slice(start, last).some((row) => row.length < width - 1);
  return isPadded || isApart ? last : start;
}

function filledIn(row: readonly string[] = []): number {
  return row.filter((value) => value.trim() !== "").length;
}

/** The first row with a time in a column that holds times from there on; 0 where there is none. */
function firstOfTimes(fields: readonly string[][], width: number): number {
  const isStamp = (row: readonly string[] | undefined, at: number) => {
    const text = (row?.[at] ?? "").trim();
    return MAY_BE_TIME.test(text) && isTime(text);
  };
  for (let row = 1; row < Math.min(fields.length - 1, HEADER_WITHIN); row++) {
    for (let at = 0; at < width; at++) {
      const next = fields.slice(row, row + ROWS_TRIED);
      if (isStamp(fields[row], at) && next.every((each) => isStamp(each, at))) return row;
    }
  }
  return 0;
}

function stampsOf(stamp: FoundStamp | undefined, rows: readonly string[][]): string[] {
  if (!stamp) return [];
  const at = (row: readonly string[], column: number) => (row[column] ?? "").trim();
  return rows.map((row) =>
    stamp.time === undefined ? at(row, stamp.date) : `${at(row, stamp.date)} ${at(row, stamp.time)}`,
  );
}

function timesRepeat(stamp: FoundStamp | undefined, rows: readonly string[][]): boolean {
  const stamps = stampsOf(stamp, rows);
  return stamps.length > 0 && new Set(stamps).size <= stamps.length / 2 + 1;
}

/** Files begin with a day: 00:00 is then its first start, and one interval later its first end. */
function hintOf(stamp: FoundStamp | undefined, rows: readonly string[][]): CsvDetection["stampHint"] {
  if (!stamp) return null;
  const read = stampReader(stamp.stamp.stampFormat);
  const times = [...new Set(stampsOf(stamp, rows).flatMap((text) => read(text)?.wallSeconds ?? []))];
  const [first, second] = times;
  if (first === undefined || second === undefined) return null;
  const ofDay = first % 86_400;
  if (ofDay === 0) return "start";
  return ofDay === second - first ? "end" : null;
}

/** The head ends anywhere: what is whole of it counts. */
async function textOf(bytes: Uint8Array, encoding: Encoding): Promise<string> {
  const end = bytes.lastIndexOf(10);
  const whole =
    end > 0 && !encoding.startsWith("utf-16")
      ? bytes.subarray(0, end + 1)
      : bytes.subarray(0, bytes.length - (bytes.length % 2));
  let text = "";
  for await (const piece of decodedText(rawInput("The file", end > 0 ? whole : bytes), encoding)) text += piece;
  return text.startsWith("\uFEFF") ? text.slice(1) : text;
}

function recordsOf(name: string, delimiter: string, head: string) {
  const reader = new RecordReader(name, delimiter, 0);
  const records = reader.read(head);
  if (records.fields.length > 0) return records;
  return reader.end();
}

/** A time or a number: what a header does not hold. */
function isValue(text: string): boolean {
  const value = text.trim();
  if (!/\d/.test(value)) return false;
  return typeof decimalOf(value, ".") === "string" || typeof decimalOf(value, ",") === "string" || isTime(value);
}

function markOf(name: string, values: readonly string[]): DecimalMark | null {
  try {
    return (
      decimalMarkOf(
        name,
        values.map((value) => value.trim()),
      ) ?? null
    );
  } catch (error) {
    if (error instanceof SourceError) return null;
    throw error;
  }
}

function columnOf(
  at: number,
  names: readonly string[] | undefined,
  samples: readonly string[],
  stamp: FoundStamp | undefined,
  mark: DecimalMark | null,
): CsvColumn {
  const name = names?.[at] || null;
  const numbers = samples.filter((value) => typeof decimalOf(value, mark ?? ".") === "string").length;
  // One bad cell is a row to refuse, not another kind of column.
  const isNumber =
    numbers > 0 && samples.length - numbers <= Math.max(1, samples.length / 10) && numbers > samples.length / 2;
  const kind = kindOf(at, samples.length === 0, isNumber, stamp);
  const unit = kind === "number" && name !== null ? unitIn(name) : null;
  const metric = unit && name !== null ? metricIn(name, unit) : null;
  const different = kind === "text" ? [...new Set(samples)] : [];
  const words = different.length <= MOST_CHANNELS ? different : [];
  return { number: at + 1, name, kind, unit, metric, samples: samples.slice(0, SHOWN), words };
}

function kindOf(at: number, isEmpty: boolean, isNumber: boolean, stamp: FoundStamp | undefined): CsvColumn["kind"] {
  if (stamp && at === stamp.date) return stamp.time === undefined ? "stamp" : "date";
  if (stamp && at === stamp.time) return "time";
  if (isEmpty) return "empty";
  return isNumber ? "number" : "text";
}

/** The unit that stands in a name as a word, longest first: `kWh` is no `Wh`. */
function unitIn(name: string): CsvUnit | null {
  const words = name
    .replaceAll(/kilo-?watt[- _]?hours?/gi, " kWh ")
    .replaceAll(/watt[- _]?hours?/gi, " Wh ")
    .split(/[^A-Za-z]+/);
  const byLength = [...csvUnits].sort((a, b) => b.length - a.length);
  const exact = byLength.find((unit) => words.includes(unit));
  return (
    exact ??
    byLength.find((unit) => unit.length > 1 && words.some((word) => word.toLowerCase() === unit.toLowerCase())) ??
    null
  );
}

const SENT = /export|feed|sent|received|einspeis|abgabe|generat|deliver(y|ed) to grid|retour|injection/i;
const TAKEN = /import|bezug|verbrauch|usage|consum|taken|purchas|delivered|prelev|soutir/i;
const LOWEST = /min|low/i;

function metricIn(name: string, unit: CsvUnit): CsvMetric | null {
  if (isUnitOf(unit, "eReactiveKvarh")) return "eReactiveKvarh";
  if (isUnitOf(unit, "vRmsMax")) return LOWEST.test(name) ? "vRmsMin" : "vRmsMax";
  if (isUnitOf(unit, "iRmsMax")) return LOWEST.test(name) ? "iRmsMin" : "iRmsMax";
  if (SENT.test(name)) return "eRealNegativeKwh";
  return TAKEN.test(name) ? "eRealPositiveKwh" : "eRealKwh";
}

function channelsOf(
  columns: readonly CsvColumn[],
  samplesOf: (at: number) => string[],
  isLikely: boolean,
): CsvDetection["channels"] {
  const numbers = columns.filter(({ kind }) => kind === "number");
  const [only] = numbers;
  if (!only || numbers.length > 1) return null;
  const label = (column: CsvColumn) => column.name ?? String(column.number);
  for (const column of columns) {
    if (column.kind !== "text") continue;
    const values = [...new Set(samplesOf(column.number - 1))];
    // The other end of the interval is no channel.
    if (values.every((value) => isTime(value) || isTime(`2000-01-01 ${value}`))) continue;
    if (values.length > 1 && values.length <= MOST_CHANNELS)
      return { column: label(column), values, valueColumn: label(only), isLikely };
  }
  return null;
}

function refuse(code: string, message: string): SourceError {
  return new SourceError(code, message, { isRetryable: false });
}
