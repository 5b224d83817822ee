import { Rejects } from "../collect-rejects";
import type { ParseContext, Parsed, RawInput } from "../contract";
import { ReadingColumns } from "../reading-columns";
import { ReadingLimit } from "../reading-limit";
import type { Readings } from "../readings";
import { SourceError } from "../source-error";
import { offsetSeconds } from "../utc-offset";
import { addReadingsOfDay, DAY_METRICS, type MeterDay, mostReadings } from "./combine";
import { type DayRow, dateOf, isDate, readDay } from "./day-row";
import { type Nem12Record, notNem12, readRecords } from "./records";
import type { Nem12Settings } from "./settings";
import { directionOf, type Stream, streamOf, wrongWithStream } from "./stream";

const DAY_SECONDS = 86_400;
const NMIS_NAMED = 10;

/** Everything kept while files stream by: the meter's days inside the range, and names. */
interface State {
  context: ParseContext<Nem12Settings>;
  hasSeveralInputs: boolean;
  nmis: Set<string>;
  /** Energy suffixes of the meter that any input has. */
  suffixes: Set<string>;
  days: Map<string, MeterDay>;
  rejects: Rejects;
  /** Of qualities; with how many days have them. */
  flaws: Map<string, number>;
  rowsRead: number;
  limit: ReadingLimit;
}

type RejectRow = (line: number, reason: string, startEpochSeconds?: number) => void;

/** A 300 record waiting for the 400 records that may follow. */
interface Waiting {
  stream: Stream;
  record: Nem12Record;
  events: Nem12Record[];
}

/**
 * NEM12 files to readings, by AEMO's Meter Data File Format 2.5. Energy in kWh (kvarh): E suffixes are taken from the
 * grid (positive), B suffixes sent to it (negative), the net is positive - negative; Q - K likewise for reactive.
 * Interval 1 of a day starts at 00:00 of a fixed offset, whatever the meter's zone. Streams each file once, and holds
 * only rows of the meter and the range. Throws SourceError `NOT_NEM12`, `HTML_PAGE`, `EMPTY_BODY`, `CUT_BODY` or
 * `NMI_AMBIGUOUS`. What was decided where the format is silent is in the README beside this file.
 */
export async function parseNem12(inputs: readonly RawInput[], context: ParseContext<Nem12Settings>): Promise<Parsed> {
  const state: State = {
    context,
    hasSeveralInputs: inputs.length > 1,
    nmis: new Set(),
    suffixes: new Set(),
    days: new Map(),
    rejects: new Rejects(),
    flaws: new Map(),
    rowsRead: 0,
    limit: new ReadingLimit(context),
  };
  for (const input of inputs) await readInput(input, state);
  assertOneNmi(state);
  rejectAbsentStreams(state);
  noteFlaws(state);
  return { readings: readingsOf(state), rejects: state.rejects.list(), rowsRead: state.rowsRead };
}

/** The days at the range's ends may reach out of it. */
function readingsOf(state: State): Readings {
  const days = [...state.days.values()].sort((a, b) => a.startEpochSeconds - b.startEpochSeconds);
  const most = days.reduce((sum, { rows }) => sum + mostReadings(rows.values()), 0);
  const columns = new ReadingColumns(DAY_METRICS, most);
  for (const day of days) addReadingsOfDay(day, expectedSuffixes(day, state), columns);
  return columns.readings().within(state.context.range);
}

async function readInput(input: RawInput, state: State): Promise<void> {
  let stream: Stream | undefined;
  /** Line of a 200 record that cannot be read. */
  let unreadableStream: number | undefined;
  let waiting: Waiting | undefined;
  let hasEnded = false;
  let lastKind = "";
  const reject: RejectRow = (line, reason, startEpochSeconds) =>
    state.rejects.add({
      row: `${state.hasSeveralInputs ? `${input.name} ` : ""}line ${line}`,
      reason,
      ...(startEpochSeconds === undefined ? {} : { startEpochSeconds, durationSeconds: DAY_SECONDS }),
    });

  for await (const record of readRecords(input)) {
    lastKind = record.kind;
    if (record.kind === "400" && waiting) {
      waiting.events.push(record);
      continue;
    }
    if (waiting) keepDay(waiting, state, reject);
    waiting = undefined;
    if (record.kind === "200") {
      stream = streamOf(record);
      unreadableStream = undefined;
      noteStream(stream, state);
    } else if (record.kind === "300") {
      if (!stream) throw withoutStream(input.name, record.line, unreadableStream);
      waiting = { stream, record, events: [] };
    } else if (record.kind === "400") {
      if (stream && isOfMeter(stream, state)) reject(record.line, "The 400 record follows no 300 record.");
    } else if (record.kind === "stray") {
      if (record.isStream) {
        stream = undefined;
        unreadableStream = record.line;
      }
      if (!stream || isOfMeter(stream, state)) {
        state.rowsRead += 1;
        reject(
          record.line,
          record.isStream
            ? "The 200 record has no interval length in its ninth field."
            : "The line is no NEM12 record.",
        );
      }
    } else if (record.kind !== "500") {
      stream = undefined;
      unreadableStream = undefined;
      hasEnded = record.kind === "900";
    }
  }
  if (!hasEnded && isTorn(lastKind, waiting)) {
    throw new SourceError(
      "CUT_BODY",
      `${input.name} ends in the middle of a record and has no end record (900): the file was cut off. Supply it again.`,
      { isRetryable: false },
    );
  }
  if (waiting) keepDay(waiting, state, reject);
}

/** Without the sums being wrong nobody's intervals can be left out, so this is no reject of a row. */
function withoutStream(name: string, line: number, unreadableStream: number | undefined): SourceError {
  return notNem12(
    name,
    unreadableStream === undefined
      ? `line ${line} holds intervals, but no stream (200) is named for them`
      : `the 200 record of line ${unreadableStream} has no interval length in its ninth field, so nobody knows whose intervals line ${line} holds`,
  );
}

/** Without an end record, whether the last record is less than whole. */
function isTorn(lastKind: string, waiting: Waiting | undefined): boolean {
  if (!waiting) return lastKind === "100" || lastKind === "200" || lastKind === "stray";
  const day = readDay(waiting.stream, waiting.record, waiting.events);
  return "reason" in day && day.isCut;
}

function noteStream(stream: Stream, state: State): void {
  state.nmis.add(stream.nmi);
  if (isOfMeter(stream, state) && stream.direction) state.suffixes.add(stream.suffix);
}

/** The first NMI stands for "the only one" until a second is met, which ends in an error. */
function isOfMeter(stream: Stream, { context: { settings }, nmis }: State): boolean {
  const [first] = nmis;
  if (stream.nmi !== (settings.nmi ?? first)) return false;
  return settings.suffixes ? settings.suffixes.includes(stream.suffix) : stream.direction !== undefined;
}

function keepDay({ stream, record, events }: Waiting, state: State, reject: RejectRow): void {
  if (!isOfMeter(stream, state)) return;
  const date = dateOf(record);
  const startEpochSeconds = isDate(date) ? startOf(date, state.context.settings) : undefined;
  if (startEpochSeconds !== undefined && !touches(startEpochSeconds, state)) return;
  state.rowsRead += 1;
  const wrong = wrongWithStream(stream);
  const row = wrong ? { reason: wrong } : readDay(stream, record, events);
  if ("reason" in row) reject(record.line, row.reason, startEpochSeconds);
  else for (const flaw of row.flaws) state.flaws.set(flaw, (state.flaws.get(flaw) ?? 0) + 1);
  if (startEpochSeconds === undefined) return;

  const day: MeterDay = state.days.get(date) ?? { date, startEpochSeconds, rows: new Map(), configured: new Set() };
  state.days.set(date, day);
  for (const suffix of stream.configured) day.configured.add(suffix);
  state.limit.take(1_440 / stream.intervalMinutes);
  const known = day.rows.get(stream.suffix);
  if (!("reason" in row)) {
    if (!known || replaces(row, known)) day.rows.set(stream.suffix, row);
  } else if (!known) day.rows.set(stream.suffix, undefined);
}

/** A later update time restates; with the same one, or where one is missing, the row that comes later in order wins. */
function replaces(row: DayRow, known: DayRow): boolean {
  return row.updatedAt === "" || known.updatedAt === "" || row.updatedAt >= known.updatedAt;
}

/**
 * Suffixes that make up the meter on a day: those with a row, and those met on other days unless the configuration of
 * this day leaves them out (panels that came later).
 */
function expectedSuffixes(day: MeterDay, state: State): string[] {
  const isConfigured = (suffix: string) => day.configured.size === 0 || day.configured.has(suffix);
  return [...state.suffixes].filter((suffix) => day.rows.has(suffix) || isConfigured(suffix));
}

/**
 * Active-energy streams that the configuration names and no input has are left out of the sums, and that is said; so is what
 * the settings name and no input has, which would otherwise look like data that is late.
 */
function rejectAbsentStreams(state: State): void {
  const { nmi, suffixes: chosen } = state.context.settings;
  if (nmi !== undefined && state.nmis.size > 0 && !state.nmis.has(nmi)) {
    const reason = `The settings name the NMI ${nmi}, but the files hold ${named(state.nmis)}.`;
    state.rejects.add({ row: `NMI ${nmi}`, reason });
    return;
  }
  for (const suffix of chosen ?? []) {
    if (state.nmis.size === 0 || state.suffixes.has(suffix) || !directionOf(suffix)) continue;
    const reason = `The settings name ${suffix}, but the files have no such stream of this NMI.`;
    state.rejects.add({ row: `stream ${suffix}`, reason });
  }
  const configured = new Set([...state.days.values()].flatMap((day) => [...day.configured]));
  for (const suffix of [...configured].sort()) {
    const isActive = suffix.startsWith("E") || suffix.startsWith("B");
    if (!isActive || state.suffixes.has(suffix) || chosen) continue;
    state.rejects.add({
      row: `stream ${suffix}`,
      reason: `The NMI configuration names ${suffix}, but there are no rows of it: it is left out of the energy.`,
    });
  }
}

/** Metering providers leave them out; a day of energy must not be lost for it, nor pass without a word. */
function noteFlaws({ flaws, rejects }: State): void {
  for (const [flaw, days] of flaws) {
    const where = days === 1 ? "One row has" : `${days} rows have`;
    const reason = `${where} ${flaw}, which the format asks for. Its values are kept with the quality that its letter says.`;
    rejects.add({ row: `quality ${flaw.slice(0, flaw.indexOf(" "))}`, reason });
  }
}

function assertOneNmi({ context, nmis }: State): void {
  if (context.settings.nmi !== undefined || nmis.size <= 1) return;
  throw new SourceError(
    "NMI_AMBIGUOUS",
    `The files hold several NMIs (${named(nmis)}). Name the one of this meter in its settings (nmi).`,
    { isRetryable: false },
  );
}

function named(nmis: ReadonlySet<string>): string {
  const more = nmis.size > NMIS_NAMED ? ` and ${nmis.size - NMIS_NAMED} more` : "";
  return `${[...nmis].slice(0, NMIS_NAMED).join(", ")}${more}`;
}

function touches(startEpochSeconds: number, { context: { range } }: State): boolean {
  const end = (startEpochSeconds + DAY_SECONDS) * 1000;
  return startEpochSeconds * 1000 < range.to.getTime() && end > range.from.getTime();
}

/** Unix seconds at 00:00 of a date in the file's offset. */
function startOf(date: string, settings: Nem12Settings): number {
  const midnight = Date.UTC(Number(date.slice(0, 4)), Number(date.slice(4, 6)) - 1, Number(date.slice(6, 8)));
  return midnight / 1000 - offsetSeconds(settings.utcOffset);
}
