import type { RawInput } from "../contract";
import { fault, readXml } from "./xml";

/** One IntervalReading as written. Texts are empty where the file has none. */
export interface RawReading {
  /** `line 12, reading 3`, both counted from 1 in the file. */
  row: string;
  start: string;
  duration: string;
  value: string;
  qualities: string[];
}

/** A ReadingType's codes as written, empty where it has none. */
export interface ReadingType {
  uom: string;
  powerOfTenMultiplier: string;
  flowDirection: string;
  commodity: string;
  accumulationBehaviour: string;
  defaultQuality: string;
  intervalLength: string;
}

export type Resource = "UsagePoint" | "MeterReading" | "ReadingType" | "IntervalBlock";

/** An Atom entry: what it holds, and how it is linked. Links are without scheme and host. */
export interface Entry {
  resource: Resource | undefined;
  id: string;
  title: string;
  self: string | undefined;
  up: string[];
  related: string[];
  readingType: ReadingType | undefined;
  /** Of a usage point: the kind of its service category, empty where it has none. */
  service: string;
  /** Of an interval block: the unit that some exports write into it instead of a reading type (`kWH`). */
  unit: string;
}

const ROOTS = new Set(["feed", "entry", "UsagePoint", "MeterReading", "ReadingType", "IntervalBlock"]);
const RESOURCES = new Set<string>(["UsagePoint", "MeterReading", "ReadingType", "IntervalBlock"]);
/** Of the same vocabulary: a file of these alone is a Green Button file without readings. */
const OTHER_RESOURCES = new Set(["LocalTimeParameters", "UsageSummary", "ElectricPowerUsageSummary"]);
const MOST_LINKS = 32;

/**
 * The entries of a Green Button file, streamed. `onReading` gets the readings of a block before `onEntry` gets the entry with its
 * links: whose they are is known only then. Throws SourceError, `NOT_GREEN_BUTTON` for XML of another kind.
 */
export async function readEntries(
  input: RawInput,
  onReading: (reading: RawReading) => void,
  onEntry: (entry: Entry) => void,
): Promise<void> {
  const path: string[] = [];
  let entry: Entry | undefined;
  let reading: RawReading | undefined;
  let entryDepth = 0;
  let readings = 0;
  let isGreenButton = false;
  /** Length of the block's intervals, where it is written once for all of them. */
  let blockSeconds = "";

  await readXml(input, {
    root(name) {
      if (!ROOTS.has(name))
        throw notGreenButton(input.name, `its outermost element is ${name.slice(0, 60)}, not feed or entry`);
    },
    open(name, attributes, line) {
      const parent = path.at(-1);
      path.push(name);
      if (name === "entry" || (!entry && RESOURCES.has(name))) {
        entry = {
          resource: undefined,
          id: "",
          title: "",
          self: undefined,
          up: [],
          related: [],
          readingType: undefined,
          service: "",
          unit: "",
        };
        entryDepth = path.length;
      }
      if (!entry) return;
      if (name === "link" && parent === "entry") addLink(entry, attributes);
      else if (RESOURCES.has(name)) {
        isGreenButton = true;
        entry.resource = name as Resource;
        if (name === "ReadingType") entry.readingType = emptyType();
        if (name === "IntervalBlock") blockSeconds = "";
      } else if (OTHER_RESOURCES.has(name)) isGreenButton = true;
      else if (name === "IntervalReading" && parent === "IntervalBlock") {
        readings += 1;
        reading = {
          row: `line ${line}, reading ${readings}`,
          start: "",
          duration: blockSeconds,
          value: "",
          qualities: [],
        };
      }
    },
    close(name, text) {
      path.pop();
      const parent = path.at(-1);
      if (reading) {
        if (name === "IntervalReading") {
          onReading(reading);
          reading = undefined;
        } else if (parent === "timePeriod") {
          if (name === "start") reading.start = text;
          else if (name === "duration") reading.duration = text;
        } else if (name === "value" && parent === "IntervalReading") reading.value = text;
        else if (name === "quality" && parent === "ReadingQuality") reading.qualities.push(text);
        else if (name === "readingQuality" && parent === "IntervalReading") reading.qualities.push(text.toUpperCase());
        return;
      }
      if (!entry) return;
      if (parent === "ReadingType" && entry.readingType && Object.hasOwn(entry.readingType, name)) {
        entry.readingType[name as keyof ReadingType] = text;
      } else if (parent === "entry") {
        if (name === "id") entry.id = text;
        else if (name === "title") entry.title = text;
      } else if (parent === "interval") {
        if (name === "secondsPerInterval") blockSeconds = text;
        else if (name === "unitOfMeasure") entry.unit = text;
      } else if (parent === "ServiceCategory" && name === "kind") entry.service = text;
      if (path.length < entryDepth) {
        onEntry(entry);
        entry = undefined;
      }
    },
  });
  if (!isGreenButton) throw notGreenButton(input.name, "it holds no usage point, meter reading or interval block");
}

function addLink(entry: Entry, attributes: Readonly<Record<string, string>>): void {
  const { rel, href } = attributes;
  if (href === undefined || entry.related.length + entry.up.length > MOST_LINKS) return;
  const link = href
    .trim()
    .replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, "")
    .replace(/^\/+|\/+$/g, "");
  if (rel === "self") entry.self = link;
  else if (rel === "up") entry.up.push(link);
  else if (rel === "related") entry.related.push(link);
}

export function emptyType(): ReadingType {
  return {
    uom: "",
    powerOfTenMultiplier: "",
    flowDirection: "",
    commodity: "",
    accumulationBehaviour: "",
    defaultQuality: "",
    intervalLength: "",
  };
}

function notGreenButton(name: string, why: string) {
  return fault("NOT_GREEN_BUTTON", name, `is XML, but no Green Button file: ${why}`);
}
