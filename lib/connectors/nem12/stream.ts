import { mvarhToKvarh, mwhToKwh, varhToKvarh, whToKwh } from "../../units";
import type { Nem12Record } from "./records";

/** Where a stream's energy goes. `taken` from the grid, `sent` to it; reactive likewise. */
export type Direction = "taken" | "sent" | "reactiveTaken" | "reactiveSent";

/** What a 200 record announces for the interval records after it. */
export interface Stream {
  nmi: string;
  /** `E1`: letter for the direction, digit for the meter's register. */
  suffix: string;
  /** Undefined for suffixes that carry no energy (`V1`). */
  direction: Direction | undefined;
  /** Suffixes of the NMI configuration (`E1B1Q1`); empty where the field is. */
  configured: string[];
  unit: string;
  intervalMinutes: number;
  line: number;
}

const DIRECTIONS: Record<string, Direction | undefined> = {
  E: "taken",
  B: "sent",
  Q: "reactiveTaken",
  K: "reactiveSent",
};

/** The conversion of what is in kWh or kvarh already. */
export const asWritten = (value: number) => value;

/** Units in lower case to kWh or kvarh. Maps, because a file can name a unit `constructor`. */
const TO_KWH = new Map<string, (value: number) => number>([
  ["kwh", asWritten],
  ["wh", whToKwh],
  ["mwh", mwhToKwh],
]);
const TO_KVARH = new Map<string, (value: number) => number>([
  ["kvarh", asWritten],
  ["varh", varhToKvarh],
  ["mvarh", mvarhToKvarh],
]);

const LENGTHS = new Set([5, 10, 15, 30]);

export function streamOf({ fields, line }: Nem12Record): Stream {
  const suffix = (fields[4] ?? "").toUpperCase();
  return {
    nmi: (fields[1] ?? "").toUpperCase(),
    suffix,
    direction: directionOf(suffix),
    configured: (fields[2] ?? "").toUpperCase().match(/[A-Z][A-Z0-9]/g) ?? [],
    unit: fields[7] ?? "",
    intervalMinutes: Number(fields[8]),
    line,
  };
}

export function directionOf(suffix: string): Direction | undefined {
  return DIRECTIONS[suffix.slice(0, 1)];
}

/** To kWh, or to kvarh for reactive energy; undefined where the unit is not one of energy. */
export function conversionOf(stream: Stream): ((value: number) => number) | undefined {
  const isReactive = stream.direction === "reactiveTaken" || stream.direction === "reactiveSent";
  return (isReactive ? TO_KVARH : TO_KWH).get(stream.unit.toLowerCase());
}

/** Why no interval of the stream can be used, or undefined. */
export function wrongWithStream(stream: Stream): string | undefined {
  if (!stream.direction) return `Suffix ${stream.suffix} carries no energy; choose E, B, Q or K suffixes.`;
  if (!LENGTHS.has(stream.intervalMinutes)) {
    return `The interval length of suffix ${stream.suffix} is ${stream.intervalMinutes} minutes; 5, 10, 15 and 30 are read.`;
  }
  if (!conversionOf(stream)) {
    const unit = stream.unit === "" ? "has no unit" : `has the unit ${stream.unit}`;
    return `Suffix ${stream.suffix} ${unit}, which is none of energy.`;
  }
  return undefined;
}
