import { collectReadings, startsInside } from "../collect-readings";
import { Rejects } from "../collect-rejects";
import type { ParseContext, Parsed, RawInput } from "../contract";
import { withoutOverlaps } from "../overlaps";
import { ReadingLimit } from "../reading-limit";
import { type Chosen, chosenStreams } from "./choose";
import { readingsOf, type Slots } from "./combine";
import { readStreams } from "./file-streams";
import { type Part, partsOf } from "./parts";
import type { GreenButtonSettings } from "./settings";

/**
 * Green Button files (ESPI, Atom XML) to readings. Energy in kWh (kvarh): flow direction 1, delivered by the utility, is positive, 19,
 * received by it, negative, and the net is their difference; the settings can turn it round. Starts are Unix seconds of the interval's
 * START; the file's local time parameters are for display and change nothing. Streams each file once, and holds only readings near
 * the range. Throws SourceError: the file is none (see `readXml`, `readEntries`), `USAGE_POINT_AMBIGUOUS`, `READINGS_AMBIGUOUS`,
 * `LENGTHS_DIFFER`. What was decided where the standard is silent is in the README beside this file.
 */
export async function parseGreenButton(
  inputs: readonly RawInput[],
  context: ParseContext<GreenButtonSettings>,
): Promise<Parsed> {
  const files = [];
  const limit = new ReadingLimit(context);
  for (const input of inputs) files.push({ name: input.name, streams: await readStreams(input, context.range, limit) });
  const { chosen, notes } = chosenStreams(files, context.settings);
  const rejects = new Rejects();
  for (const { name, streams } of files) {
    if (streams.length > 0) continue;
    const reason = "The file has no interval block, so no readings. Ask the utility for interval data, not a summary.";
    rejects.add({ row: `file ${name}`, reason });
  }
  for (const note of notes) rejects.add(note);
  const isSeveral = inputs.length > 1;
  const inFile = (row: string, order: number) => (isSeveral ? `${inputs[order]?.name ?? ""} ${row}` : row);
  const isOutside = (start: number | undefined) => start !== undefined && !startsInside(start, context.range);

  const parts = new Map<string, Part[]>();
  const unknown = new Map<string, number>();
  let rowsRead = 0;
  for (const { stream, kind, slot, order } of chosen) {
    const found = partsOf(stream, kind, order);
    for (const reject of found.rejects) {
      if (isOutside(reject.startEpochSeconds)) continue;
      rowsRead += 1;
      rejects.add({ ...reject, row: inFile(reject.row, order) });
    }
    rowsRead += found.parts.filter(({ start }) => !isOutside(start)).length;
    for (const [code, count] of found.unknownQualities) unknown.set(code, (unknown.get(code) ?? 0) + count);
    const known = parts.get(slot.name) ?? [];
    for (const part of found.parts) known.push(part);
    parts.set(slot.name, known);
  }
  for (const [code, count] of unknown) {
    const reason = `The standard has no quality ${code.slice(0, 20)}: ${count} intervals that carry it are kept as estimated.`;
    rejects.add({ row: `quality ${code.slice(0, 20)}`, reason });
  }
  const slots = slotsOf(chosen, parts, (part) => {
    if (isOutside(part.start)) return;
    const reason = "Its interval overlaps another one, which starts later or is from a later file and is used.";
    rejects.add({ row: inFile(part.row, part.order), reason, startEpochSeconds: part.start, kind: "duplicate" });
  });
  const readings = readingsOf(slots, (start, reason) => {
    if (isOutside(start)) return;
    const row = new Date(start * 1000).toISOString();
    rejects.add({ row, reason, startEpochSeconds: start, kind: "interval-length" });
  });
  return { readings: collectReadings(readings, context.range), rejects: rejects.list(), rowsRead };
}

/** The merged parts of every slot. */
function slotsOf(
  chosen: readonly Chosen[],
  parts: ReadonlyMap<string, Part[]>,
  onDropped: (part: Part) => void,
): Slots {
  const slots: Slots = new Map();
  for (const { slot } of chosen) {
    if (slots.has(slot.name)) continue;
    const { kept, dropped } = withoutOverlaps(parts.get(slot.name) ?? []);
    for (const part of dropped) onDropped(part);
    slots.set(slot.name, { ...slot, parts: new Map(kept.map((part) => [part.start, part])) });
  }
  return slots;
}
