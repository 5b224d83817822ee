import { startsInside } from "../collect-readings";
import { Rejects } from "../collect-rejects";
import type { ParseContext, Parsed, RawInput, RejectKind } from "../contract";
import { withoutOverlaps } from "../overlaps";
import { ReadingLimit } from "../reading-limit";
import type { Readings } from "../readings";
import { rankOf } from "../worst-quality";
import { beginsOtherTable } from "./columns";
import { Intervals, qualityOf, takeIn } from "./combine";
import { ReadingMaker } from "./reading-maker";
import { type RowOutcome, RowReader } from "./rows";
import type { CsvSettings } from "./settings";
import { openTable, type Table } from "./table";

const MOST_NAMES = 1_000;
const NAMED = 10;
/** Intervals of other files that reach into the range begin at most so long before it. */
const LONGEST_SECONDS = 90_000;

/** Everything kept while files stream by. */
interface State {
  context: ParseContext<CsvSettings>;
  inputs: readonly RawInput[];
  intervals: Intervals;
  rejects: Rejects;
  rowsRead: number;
  limit: ReadingLimit;
  /** What the meter and channel columns hold, for the sentence that says what is missing. */
  meters: Set<string>;
  channels: Set<string>;
}

/**
 * CSV files to readings, by the settings' columns. Energy in kWh (kvarh), voltage in V, current in A; positive = taken from the grid. Stamps are
 * turned into the interval's START in UTC. Null: the file has nothing there. Streams each file once, and holds only rows of the meter and the
 * range. Throws SourceError as `openTable` does. What was decided is in the README beside this file.
 */
export async function parseCsv(inputs: readonly RawInput[], context: ParseContext<CsvSettings>): Promise<Parsed> {
  const state: State = {
    context,
    inputs,
    intervals: new Intervals(context.settings.values.length, context.settings.channelColumn !== undefined),
    rejects: new Rejects(),
    rowsRead: 0,
    limit: new ReadingLimit(context),
    meters: new Set(),
    channels: new Set(),
  };
  for (const [order, input] of inputs.entries()) {
    await readTable(await openTable(input, context.settings, context.timezone), order, state);
  }
  rejectMissing(state);
  return { readings: readingsOf(state), rejects: state.rejects.list(), rowsRead: state.rowsRead };
}

async function readTable({ layout, batches }: Table, order: number, state: State): Promise<void> {
  const { range } = state.context;
  const margin = state.inputs.length > 1 ? LONGEST_SECONDS : 0;
  const from = range.from.getTime() / 1000 - margin;
  const to = range.to.getTime() / 1000 + margin;
  const rows = new RowReader(layout, order, (start) => start >= from && start < to);
  const { meter, channel } = layout.columns;
  let lastMeter: string | undefined;
  let lastChannel: string | undefined;
  for await (const { fields, lines } of batches) {
    for (let at = 0; at < fields.length; at++) {
      const row = fields[at] as string[];
      const line = lines[at] ?? 0;
      if (meter !== undefined) lastMeter = note(row[meter] ?? "", lastMeter, state.meters);
      if (channel !== undefined) lastChannel = note(row[channel] ?? "", lastChannel, state.channels);
      const outcome = rows.read(row, line);
      if (outcome?.kind === "rejected" && beginsOtherTable(row, layout.columns)) {
        reject(state, order, line, otherTable(row, line));
        return;
      }
      if (outcome) keep(outcome, line, order, state);
    }
  }
}

/** A file can hold what was delivered and, below, what was received, at the same times: its rows would replace those of the first table. */
function otherTable(header: readonly string[], line: number): string {
  const names = header.map((name) => name.trim().slice(0, 60)).filter((name) => name !== "");
  const how = `a meter of its own reads it with ${line - 1} lines before the table`;
  return `Another table begins here, with the columns ${names.join(", ")}. Only the first one is read; ${how}.`;
}

/** Most rows have the name of the row before. Gives the name as it stands. */
function note(name: string, last: string | undefined, names: Set<string>): string {
  if (name !== last && names.size < MOST_NAMES) names.add(name.trim());
  return name;
}

function keep(outcome: RowOutcome, line: number, order: number, state: State): void {
  if (outcome.kind === "ignored") return;
  const { range, settings } = state.context;
  const { start, seconds } = outcome;
  const isInside = start === undefined || startsInside(start, range);
  if (isInside) state.rowsRead += 1;
  if (outcome.kind === "rejected") {
    if (isInside) reject(state, order, line, outcome.reason, start, seconds);
    return;
  }
  state.limit.take(1);
  const replaced = takeIn(outcome, state.intervals, settings.channelColumn !== undefined);
  if (replaced === undefined || !isInside) return;
  reject(
    state,
    order,
    replaced,
    "The same interval comes again later with other values; the later row is used.",
    start,
    seconds,
    "duplicate",
  );
}

function reject(
  state: State,
  order: number,
  line: number,
  reason: string,
  start?: number,
  seconds?: number,
  kind?: RejectKind,
): void {
  const file = state.inputs.length > 1 ? `${state.inputs[order]?.name ?? ""} ` : "";
  state.rejects.add({
    row: `${file}line ${line}`,
    reason,
    ...(start !== undefined && { startEpochSeconds: start, durationSeconds: seconds }),
    ...(kind && { kind }),
  });
}

/** Both kinds of rows are in order of time; those of other files may begin outside the range. */
function readingsOf(state: State): Readings {
  const { range, settings } = state.context;
  const { ordered } = state.intervals;
  if (ordered) {
    const maker = new ReadingMaker(settings, ordered.length);
    ordered.forEach((start, seconds, rank, numbers, valuesAt) => {
      maker.add(start, seconds, rank, numbers, valuesAt);
    });
    return maker.readings().within(range);
  }
  const { kept, dropped } = withoutOverlaps(state.intervals.all());
  for (const { start, seconds, order, line } of dropped) {
    if (!startsInside(start, range)) continue;
    const reason = "Its interval overlaps another one, which starts later or is from a later file and is used.";
    reject(state, order, line, reason, start, seconds, "duplicate");
  }
  const maker = new ReadingMaker(settings, kept.length);
  for (const each of kept) maker.add(each.start, each.seconds, rankOf(qualityOf(each)), each.values);
  return maker.readings().within(range);
}

/** What the settings name and no file has would otherwise look like data that is late. */
function rejectMissing({ context: { settings }, meters, channels, rejects }: State): void {
  const { meterId } = settings;
  if (meterId !== undefined && meters.size > 0 && !meters.has(meterId)) {
    const reason = `The settings name the meter ${meterId}, but the files hold ${named(meters)}.`;
    rejects.add({ row: `meter ${meterId}`, reason });
    return;
  }
  for (const channel of new Set(settings.values.map((value) => value.channel))) {
    if (channel === undefined || channels.size === 0 || channels.has(channel)) continue;
    const reason = `The settings name the channel ${channel}, but the files hold ${named(channels)}.`;
    rejects.add({ row: `channel ${channel}`, reason });
  }
}

function named(names: ReadonlySet<string>): string {
  const more = names.size > NAMED ? " and others" : "";
  return `${[...names]
    .slice(0, NAMED)
    .map((name) => name.slice(0, 60) || "(empty)")
    .join(", ")}${more}`;
}
