import type { Range, RawInput } from "../contract";
import type { ReadingLimit } from "../reading-limit";
import { type Entry, emptyType, type RawReading, type ReadingType, readEntries } from "./entries";

/** Longest interval that is kept: a civil day of 25 hours. Longer ones are bills. */
export const LONGEST_SECONDS = 90_000;
const MOST_BAD_ROWS = 5_000;
const MOST_LENGTHS = 100;

/** A reading near the range, its times read and its value as written. */
export interface HeldReading {
  row: string;
  start: number;
  /** Undefined: the reading type's interval length holds. */
  duration: number | undefined;
  value: string;
  qualities: string[];
}

export interface BadReading {
  row: string;
  reason: string;
}

/** One meter reading of a file: the values of its blocks, whatever their order in the file. */
export interface Stream {
  /** Link of the usage point without scheme and host; empty where the file tells none. */
  usagePoint: string;
  /** What the settings may call the usage point: link, id, entry id, title. */
  usagePointNames: string[];
  /** What the settings may call the meter reading; the first is its id. */
  names: string[];
  /** `several`: the file has different ones under one link. */
  type: ReadingType | "several" | undefined;
  /** What its usage point supplies: a kind of service, 0 for electricity; empty where the file does not say. */
  service: string;
  readings: HeldReading[];
  bad: BadReading[];
  /** Seconds most of its readings last; undefined where neither they nor the type say. */
  usualSeconds: number | undefined;
}

interface Blocks {
  /** Links that may be those of their meter reading. */
  links: string[];
  /** Links of their collection as written. */
  up: string[];
  readings: HeldReading[];
  bad: BadReading[];
  /** How many readings last how long, also those outside the range. */
  lengths: Map<number, number>;
  /** That stand in them instead of a reading type. */
  units: Set<string>;
}

/** The streams of one file. Only readings within a day of the range are held. */
export async function readStreams(input: RawInput, range: Range, limit: ReadingLimit): Promise<Stream[]> {
  const entries = new Map<string, Entry[]>([
    ["UsagePoint", []],
    ["MeterReading", []],
    ["ReadingType", []],
  ]);
  const seen = new Set<string>();
  const blocks = new Map<string, Blocks>();
  let open = emptyBlocks();
  const from = range.from.getTime() / 1000 - LONGEST_SECONDS;
  const to = range.to.getTime() / 1000 + LONGEST_SECONDS;

  const onReading = (reading: RawReading) => {
    const held = timesOf(reading);
    if ("reason" in held) {
      if (open.bad.length < MOST_BAD_ROWS) open.bad.push(held);
      return;
    }
    if (held.duration !== undefined && (open.lengths.size < MOST_LENGTHS || open.lengths.has(held.duration))) {
      open.lengths.set(held.duration, (open.lengths.get(held.duration) ?? 0) + 1);
    }
    if (held.start < from || held.start >= to) return;
    limit.take(1);
    open.readings.push(held);
  };
  await readEntries(input, onReading, (entry) => {
    if (entry.resource === "IntervalBlock") {
      open.links = meterReadingLinks(entry);
      open.up = entry.up;
      if (entry.unit !== "") open.units.add(entry.unit);
      addTo(blocks, open.links.join("\n"), open);
      open = emptyBlocks();
    } else if (entry.resource) {
      // Some exports repeat an entry for every day.
      const same = JSON.stringify([
        entry.resource,
        entry.self,
        entry.up,
        entry.related,
        entry.title,
        entry.readingType,
      ]);
      if (entry.self !== undefined && seen.has(same)) return;
      seen.add(same);
      entries.get(entry.resource)?.push(entry);
    }
  });
  return streamsOf([...blocks.values()], entries);
}

function timesOf({ row, start, duration, value, qualities }: RawReading): HeldReading | BadReading {
  if (!/^\d{1,10}$/.test(start)) {
    return {
      row,
      reason:
        start === "" ? "The reading has no start." : `The start "${start.slice(0, 40)}" is no time in Unix seconds.`,
    };
  }
  if (duration !== "" && !/^\d{1,9}$/.test(duration)) {
    return { row, reason: `The duration "${duration.slice(0, 40)}" is no number of seconds.` };
  }
  return { row, start: Number(start), duration: duration === "" ? undefined : Number(duration), value, qualities };
}

function emptyBlocks(): Blocks {
  return { links: [], up: [], readings: [], bad: [], lengths: new Map(), units: new Set() };
}

function addTo(blocks: Map<string, Blocks>, key: string, block: Blocks): void {
  const known = blocks.get(key);
  if (!known) {
    blocks.set(key, block);
    return;
  }
  for (const reading of block.readings) known.readings.push(reading);
  for (const bad of block.bad) if (known.bad.length < MOST_BAD_ROWS) known.bad.push(bad);
  for (const unit of block.units) known.units.add(unit);
  for (const [seconds, count] of block.lengths) known.lengths.set(seconds, (known.lengths.get(seconds) ?? 0) + count);
}

/** `…/MeterReading/1/IntervalBlock/7` and `…/MeterReading/1/IntervalBlock` are of `…/MeterReading/1`. */
function meterReadingLinks({ self, up }: Entry): string[] {
  return [...up, self ?? ""].map((link) => link.replace(/\/?IntervalBlock(\/.*)?$/, "")).filter((link) => link !== "");
}

/** One stream for each meter reading, whichever of its links its blocks have. */
function streamsOf(all: readonly Blocks[], entries: ReadonlyMap<string, readonly Entry[]>): Stream[] {
  const byLink = new Map<string, Blocks>();
  const meterReadings = new Map<string, Entry>();
  for (const blocks of all) {
    const meterReading = findMeterReading(blocks, entries.get("MeterReading") ?? []);
    const link = meterReading?.self ?? blocks.links[0] ?? "";
    if (meterReading) meterReadings.set(link, meterReading);
    addTo(byLink, link, blocks);
  }
  return [...byLink].map(([link, blocks]) => streamOf(link, blocks, meterReadings.get(link), entries));
}

function streamOf(
  link: string,
  blocks: Blocks,
  meterReading: Entry | undefined,
  entries: ReadonlyMap<string, readonly Entry[]>,
): Stream {
  const type = findType(meterReading, link, entries.get("ReadingType") ?? []) ?? typeOfUnits(blocks.units);
  const usagePoint = findUsagePoint(link, meterReading, entries.get("UsagePoint") ?? []);
  const usual = [...blocks.lengths].sort(([a, timesA], [b, timesB]) => timesB - timesA || a - b)[0]?.[0];
  const told =
    type && type !== "several" && /^\d{1,9}$/.test(type.intervalLength) ? Number(type.intervalLength) : undefined;
  return {
    usagePoint: usagePoint.link,
    usagePointNames: namesOf(usagePoint.link, usagePoint.entry),
    names: namesOf(link, meterReading),
    type,
    service: usagePoint.entry?.service ?? "",
    readings: blocks.readings,
    bad: blocks.bad,
    usualSeconds: usual ?? told,
  };
}

function namesOf(link: string, entry: Entry | undefined): string[] {
  const id = link.slice(link.lastIndexOf("/") + 1);
  return [id, link, entry?.id.replace(/^urn:uuid:/i, "") ?? "", entry?.title ?? ""].filter((name) => name !== "");
}

function findMeterReading({ links, up }: Blocks, meterReadings: readonly Entry[]): Entry | undefined {
  const tails = new Set(links.filter((link) => /MeterReading\/[^/]+$/.test(link)).map(tailOf));
  return (
    meterReadings.find(({ self }) => self !== undefined && links.includes(self)) ??
    meterReadings.find(({ related }) => up.some((link) => related.includes(link))) ??
    only(meterReadings.filter(({ self }) => self !== undefined && tails.has(tailOf(self)))) ??
    (links.length === 0 ? only(meterReadings) : undefined)
  );
}

/**
 * The reading type that the meter reading links to, that lies alone in the collection it links to, or that links to it; where no
 * link says anything, the file's only one.
 */
function findType(
  meterReading: Entry | undefined,
  link: string,
  types: readonly Entry[],
): ReadingType | "several" | undefined {
  const links = (meterReading?.related ?? []).filter((each) => each.includes("ReadingType"));
  const isLinked = ({ self }: Entry) => self !== undefined && links.includes(self);
  const isInside = ({ self }: Entry) => self !== undefined && links.some((each) => self.startsWith(`${each}/`));
  const isTail = ({ self }: Entry) => self !== undefined && links.some((each) => tailOf(each) === tailOf(self));
  const pointsBack = ({ up }: Entry) => link !== "" && up.includes(link);
  for (const fits of [isLinked, isInside, isTail, pointsBack]) {
    const found = types.filter(fits);
    if (found.length > 0) return sameType(found);
  }
  return links.length === 0 && types.length > 0 ? sameType(types) : undefined;
}

/** The unit of the blocks as a type; a direction it does not tell. */
function typeOfUnits(units: ReadonlySet<string>): ReadingType | "several" | undefined {
  const [unit] = units;
  if (unit === undefined) return undefined;
  if (units.size > 1) return "several";
  const exponent = new Map([
    ["kwh", "3"],
    ["wh", "0"],
  ]).get(unit.toLowerCase());
  return exponent === undefined
    ? { ...emptyType(), uom: unit }
    : { ...emptyType(), uom: "72", powerOfTenMultiplier: exponent };
}

function sameType(entries: readonly Entry[]): ReadingType | "several" | undefined {
  const [first, ...others] = entries.map(({ readingType }) => readingType);
  return others.every((each) => JSON.stringify(each) === JSON.stringify(first)) ? first : "several";
}

function findUsagePoint(
  link: string,
  meterReading: Entry | undefined,
  usagePoints: readonly Entry[],
): { link: string; entry: Entry | undefined } {
  const inPath = /^(?:.*\/)?UsagePoint\/[^/]+(?=\/|$)/.exec(link)?.[0];
  if (inPath !== undefined) return { link: inPath, entry: usagePoints.find(({ self }) => self === inPath) };
  const up = meterReading?.up ?? [];
  const entry =
    usagePoints.find(({ self }) => self !== undefined && up.includes(self)) ??
    usagePoints.find(({ related }) => [link, ...up].some((each) => each !== "" && related.includes(each))) ??
    only(usagePoints);
  return { link: entry?.self ?? "", entry };
}

/** Kind and id: exports mix links that begin differently. */
function tailOf(link: string): string {
  return link.split("/").slice(-2).join("/");
}

function only<T>(list: readonly T[]): T | undefined {
  return list.length === 1 ? list[0] : undefined;
}
