import { SourceError } from "../source-error";
import type { CsvSettings } from "./settings";

const NAMED = 20;

/** Where the settings' columns are in a row, from 0. */
export interface Columns {
  /** As in the header; undefined without one. */
  names: readonly string[] | undefined;
  /** Of the header, or of the first row. */
  count: number;
  stamp: number;
  time: number | undefined;
  channel: number | undefined;
  quality: number | undefined;
  meter: number | undefined;
  /** Of the settings' values in their order; of a long file all are the value column. */
  values: readonly number[];
  /** The last one that is needed. */
  last: number;
}

/** Throws SourceError `COLUMN_MISSING` or `COLUMN_AMBIGUOUS`, which name the columns there are. */
export function columnsOf(name: string, first: readonly string[], settings: CsvSettings): Columns {
  const header = settings.noHeader ? undefined : first.map((each) => each.trim());
  const find = (asked: string) => indexOf(name, asked, header, first.length);
  const maybe = (asked: string | undefined) => (asked === undefined ? undefined : find(asked));
  const columns = {
    names: header,
    count: first.length,
    stamp: find(settings.stampColumn),
    time: maybe(settings.timeColumn),
    channel: maybe(settings.channelColumn),
    quality: maybe(settings.qualityColumn),
    meter: maybe(settings.meterColumn),
    values: settings.values.map(({ column }) => find(column ?? settings.valueColumn ?? "")),
  };
  const { stamp, time, channel, quality, meter, values } = columns;
  const used = [stamp, time, channel, quality, meter, ...values].filter((at) => at !== undefined);
  return { ...columns, last: Math.max(...used) };
}

/** Whether a row that is no reading is a header again, and another one: some names are the same, and what is read is not. */
export function beginsOtherTable(row: readonly string[], { names, stamp, values }: Columns): boolean {
  if (!names) return false;
  const isSame = (at: number) => (row[at] ?? "").trim() === names[at];
  const isSome = names.some((name, at) => name !== "" && isSame(at));
  return isSome && ![stamp, ...values].every(isSame) && !values.some((at) => /^\s*[-+.,\d]*\s*$/.test(row[at] ?? ""));
}

function indexOf(name: string, asked: string, header: readonly string[] | undefined, count: number): number {
  const exact = header ? indexesOf(header, asked) : [];
  const alike = exact.length > 0 || !header ? exact : indexesOf(header.map(lower), lower(asked));
  if (alike.length > 1) {
    const numbers = alike.map((at) => at + 1).join(" and ");
    throw refuse(
      "COLUMN_AMBIGUOUS",
      `${name} has several columns ${asked} (${numbers}): name its number in the settings.`,
    );
  }
  const [found] = alike;
  if (found !== undefined) return found;
  const number = /^\d{1,4}$/.test(asked) ? Number(asked) : 0;
  if (number >= 1 && number <= count) return number - 1;
  const there = header ? `its columns are ${listed(header)}` : `its rows have ${count} columns`;
  throw refuse("COLUMN_MISSING", `${name} has no column ${asked}; ${there}.`);
}

function indexesOf(header: readonly string[], asked: string): number[] {
  return header.flatMap((each, at) => (each === asked ? [at] : []));
}

function lower(text: string): string {
  return text.toLowerCase();
}

function listed(header: readonly string[]): string {
  const names = header.slice(0, NAMED).map((each) => (each === "" ? "(without a name)" : each.slice(0, 60)));
  return names.join(", ") + (header.length > NAMED ? ` and ${header.length - NAMED} more` : "");
}

function refuse(code: string, message: string): SourceError {
  return new SourceError(code, message, { isRetryable: false });
}
