import type { Reject } from "../contract";
import { SourceError } from "../source-error";
import type { Stream } from "./file-streams";
import { type Kind, kindOf } from "./reading-kind";
import type { GreenButtonSettings } from "./settings";

const NAMED = 10;
const SHORTEST_DAY_SECONDS = 82_800;

/** Streams of one slot continue each other from file to file; the slots of a direction are summed. */
export interface Slot {
  name: string;
  isReactive: boolean;
  direction: Kind["direction"];
}

export interface Chosen {
  stream: Stream;
  kind: Kind;
  slot: Slot;
  /** Of its file. */
  order: number;
}

interface File {
  name: string;
  streams: readonly Stream[];
}

/**
 * The streams that make up the meter, file by file in order, and what was left out and why. Throws `USAGE_POINT_AMBIGUOUS` and
 * `READINGS_AMBIGUOUS` where the settings have to choose. Depends on the files and never on the range.
 */
export function chosenStreams(
  files: readonly File[],
  settings: GreenButtonSettings,
): { chosen: Chosen[]; notes: Reject[] } {
  const notes: Reject[] = [];
  const usagePoint = usagePointOf(files, settings, notes);
  const chosen: Chosen[] = [];
  const left = new Map<string, string>();
  for (const [order, { streams }] of files.entries()) {
    const bySlot = new Map<string, Chosen[]>();
    for (const stream of streams) {
      if (usagePoint !== undefined && stream.usagePoint !== usagePoint) continue;
      const named = settings.meterReadings?.find((name) => hasName(stream.names, name));
      if (settings.meterReadings && named === undefined) continue;
      const kind = kindOf(stream, settings);
      if (kind && "reason" in kind) left.set(labelOf(stream), kind.reason);
      if (!kind || "reason" in kind) continue;
      const slot = slotOf(kind, named);
      const known = bySlot.get(slot.name) ?? [];
      known.push({ stream, kind, slot, order });
      bySlot.set(slot.name, known);
    }
    for (const candidates of bySlot.values()) {
      const finest = finestOf(candidates);
      for (const { stream } of candidates) {
        if (stream !== finest.stream)
          left.set(labelOf(stream), "The same energy comes in shorter intervals, which are used.");
      }
      chosen.push(finest);
    }
  }
  const kept = withOneLength(withoutNet(chosen, left), left);
  for (const [label, reason] of left) notes.push({ row: `meter reading ${label}`, reason });
  noteMissing(files, settings, usagePoint, notes);
  return { chosen: kept, notes };
}

function slotOf({ isReactive, direction }: Kind, named: string | undefined): Slot {
  return { name: [isReactive ? "reactive" : "active", direction, named ?? ""].join(" "), isReactive, direction };
}

/** The link of the meter's usage point; undefined where no file has one of energy. */
function usagePointOf(files: readonly File[], settings: GreenButtonSettings, notes: Reject[]): string | undefined {
  const asked = settings.usagePoint;
  const found = new Map<string, string>();
  const others = new Map<string, string>();
  for (const stream of files.flatMap(({ streams }) => streams)) {
    const kind = kindOf(stream, { ...settings, flows: "both" });
    const label = stream.usagePointNames[0] ?? "(without a name)";
    const isMine =
      asked !== undefined ? hasName(stream.usagePointNames, asked) : kind !== undefined && !("reason" in kind);
    (isMine ? found : others).set(stream.usagePoint, label);
  }
  if (found.size > 1) {
    throw new SourceError(
      "USAGE_POINT_AMBIGUOUS",
      `The files hold several usage points (${named([...found.values()])}). Name the one of this meter in its settings (usagePoint).`,
      { isRetryable: false },
    );
  }
  const [link] = found.keys();
  if (link === undefined && asked !== undefined && others.size > 0) {
    const reason = `The settings name the usage point ${asked}, but the files hold ${named([...others.values()])}.`;
    notes.push({ row: `usage point ${asked}`, reason });
    return "\u0000none";
  }
  return link;
}

/** Of the same energy in several lengths the shortest. */
function finestOf(candidates: readonly Chosen[]): Chosen {
  const secondsOf = ({ stream }: Chosen) => stream.usualSeconds ?? Number.POSITIVE_INFINITY;
  const shortest = Math.min(...candidates.map(secondsOf));
  const finest = candidates.filter((each) => secondsOf(each) === shortest);
  const [first] = finest;
  if (first && finest.length === 1) return first;
  const labels = finest.map(({ stream }) => labelOf(stream));
  throw new SourceError(
    "READINGS_AMBIGUOUS",
    `The usage point has several meter readings of one direction (${named(labels)}). Name those of this meter in its settings (meterReadings).`,
    { isRetryable: false },
  );
}

/** A net beside what it is made of says nothing more. */
function withoutNet(chosen: readonly Chosen[], left: Map<string, string>): Chosen[] {
  return chosen.filter(({ slot, stream }) => {
    if (slot.direction !== "net") return true;
    const hasSides = chosen.some((each) => each.slot.isReactive === slot.isReactive && each.slot.direction !== "net");
    if (hasSides)
      left.set(labelOf(stream), "It is the net of energy that also comes as delivered or received, which is used.");
    return !hasSides;
  });
}

/** In one file, energies of unlike lengths cannot be netted, and reactive energy of another length is left out. */
function withOneLength(chosen: readonly Chosen[], left: Map<string, string>): Chosen[] {
  return chosen.filter(({ slot, stream, order }) => {
    const other = chosen.find(
      (each) =>
        each.order === order && !each.slot.isReactive && !isAsLong(each.stream.usualSeconds, stream.usualSeconds),
    );
    if (!other) return true;
    const lengths = `${labelOf(other.stream)} ${other.stream.usualSeconds} s, ${labelOf(stream)} ${stream.usualSeconds} s`;
    if (!slot.isReactive) {
      throw new SourceError(
        "LENGTHS_DIFFER",
        `The meter readings last unlike long (${lengths}), so they cannot be netted. Choose one direction in the settings (flows).`,
        { isRetryable: false },
      );
    }
    left.set(labelOf(stream), `It lasts longer or shorter than the active energy (${lengths}).`);
    return false;
  });
}

/** Civil days last 23 to 25 hours. */
function isAsLong(a: number | undefined, b: number | undefined): boolean {
  return a === undefined || b === undefined || a === b || Math.min(a, b) >= SHORTEST_DAY_SECONDS;
}

function noteMissing(
  files: readonly File[],
  settings: GreenButtonSettings,
  usagePoint: string | undefined,
  notes: Reject[],
): void {
  const streams = files.flatMap((file) => file.streams).filter((stream) => stream.usagePoint === usagePoint);
  if (streams.length === 0) return;
  for (const name of settings.meterReadings ?? []) {
    if (streams.some((stream) => hasName(stream.names, name))) continue;
    const reason = `The settings name the meter reading ${name}, but the files hold ${named(streams.map(labelOf))}.`;
    notes.push({ row: `meter reading ${name}`, reason });
  }
}

function hasName(names: readonly string[], asked: string): boolean {
  return names.some((name) => name.toLowerCase() === asked.toLowerCase());
}

function labelOf({ names }: Stream): string {
  return (names[0] ?? "(without a name)").slice(0, 80);
}

function named(labels: readonly string[]): string {
  const all = [...new Set(labels)];
  const more = all.length > NAMED ? ` and ${all.length - NAMED} more` : "";
  return `${all.slice(0, NAMED).join(", ")}${more}`;
}
