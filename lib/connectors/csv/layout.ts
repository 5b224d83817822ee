import { SourceError } from "../source-error";
import { type Columns, columnsOf } from "./columns";
import { usualOf } from "./delimiter";
import { decimalMarkOf, isNothing } from "./numbers";
import { type Layout, stampText, textOf } from "./rows";
import type { CsvSettings } from "./settings";
import { type StampReader, stampReader } from "./stamp-format";
import { newSequence, type Sequence, WallClock } from "./wall-clock";

const DAY_SECONDS = 86_400;
/** A civil day is 23 to 25 hours long. */
const SHORTEST_DAY_SECONDS = 82_800;
const LONGEST_DAY_SECONDS = 90_000;

/**
 * How a file's rows are to be read, from its header and its first rows. Throws SourceError: `COLUMN_MISSING`, `COLUMN_AMBIGUOUS`,
 * `DECIMAL_MARK_UNKNOWN`, `INTERVAL_UNKNOWN`, `INTERVAL_DIFFERS`.
 */
export function layoutOf(
  name: string,
  header: readonly string[],
  rows: readonly string[][],
  settings: CsvSettings,
  meterTimezone: string,
): Layout {
  const columns = columnsOf(name, header, settings);
  const values = rows.flatMap((fields) => columns.values.map((at) => textOf(fields, at)));
  const decimalMark =
    settings.decimalMark === "auto"
      ? (decimalMarkOf(
          name,
          values.filter((value) => !isNothing(value)),
        ) ?? ".")
      : settings.decimalMark;
  const readStamp = stampReader(settings.stampFormat, settings.stampIs);
  const zone = settings.timezone ?? meterTimezone;
  const stamps = stampsOf(rows, columns, readStamp);
  const clock = new WallClock(zone, runsBackwards(stamps), settings.stampIs === "end");
  const seconds = intervalSeconds(name, stamps, clock, settings);
  return { settings, columns, decimalMark, readStamp, clock, seconds, zone };
}

/** The stamps of the first rows, by meter and channel. */
function stampsOf(rows: readonly string[][], columns: Columns, readStamp: StampReader): ReturnType<StampReader>[][] {
  const bySeries = new Map<string, ReturnType<StampReader>[]>();
  for (const fields of rows) {
    const stamp = readStamp(stampText(fields, columns));
    if (!stamp) continue;
    const meter = columns.meter === undefined ? "" : textOf(fields, columns.meter);
    const channel = columns.channel === undefined ? "" : textOf(fields, columns.channel);
    const key = `${meter}\n${channel}`;
    const known = bySeries.get(key) ?? [];
    known.push(stamp);
    bySeries.set(key, known);
  }
  return [...bySeries.values()];
}

function runsBackwards(series: readonly ReturnType<StampReader>[][]): boolean {
  let forwards = 0;
  for (const stamps of series) {
    for (let at = 1; at < stamps.length; at++) {
      forwards += Math.sign((stamps[at]?.wallSeconds ?? 0) - (stamps[at - 1]?.wallSeconds ?? 0));
    }
  }
  return forwards < 0;
}

/** As the settings say, or the distance that most neighbours have. */
function intervalSeconds(
  name: string,
  series: readonly ReturnType<StampReader>[][],
  clock: WallClock,
  { intervalMinutes }: CsvSettings,
): number {
  const distances = series.flatMap((stamps) => distancesOf(stamps, clock));
  const usual = usualOf(distances);
  const told = intervalMinutes === undefined ? undefined : Math.round(intervalMinutes * 60);
  if (told !== undefined) {
    if (usual > 0 && usual < told && !isDay(usual, told)) {
      throw new SourceError(
        "INTERVAL_DIFFERS",
        `${name} has rows ${usual / 60} minutes apart, but the settings say that an interval lasts ${told / 60}: they would overlap.`,
        { isRetryable: false },
      );
    }
    return told;
  }
  if (usual >= SHORTEST_DAY_SECONDS && usual <= LONGEST_DAY_SECONDS) return DAY_SECONDS;
  if (usual > 0 && usual <= DAY_SECONDS) return usual;
  throw new SourceError(
    "INTERVAL_UNKNOWN",
    `${name} does not show how long an interval lasts: ${usual === 0 ? "its first rows have no two times that can be read" : "its rows are more than a day apart"}. Name the interval length and check the column and the format of the time in the settings.`,
    { isRetryable: false },
  );
}

function isDay(usual: number, told: number): boolean {
  return told === DAY_SECONDS && usual >= SHORTEST_DAY_SECONDS;
}

function distancesOf(stamps: readonly ReturnType<StampReader>[], clock: WallClock): number[] {
  const sequence: Sequence = newSequence();
  const instants = stamps.flatMap((stamp) => {
    if (!stamp) return [];
    if (stamp.offsetSeconds !== undefined) return stamp.wallSeconds - stamp.offsetSeconds;
    return clock.instantOf(stamp.wallSeconds, sequence) ?? [];
  });
  return instants.slice(1).flatMap((instant, at) => Math.abs(instant - (instants[at] ?? instant)) || []);
}
