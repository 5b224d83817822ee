import type { Parsed } from "../../connectors/contract";
import { Readings } from "../../connectors/readings";
import { connectorOf } from "../../connectors/registry";
import type { Took } from "../../db/schema/archive";
import type { Factor } from "../../factors/factors-for";
import { type PackedFile, withUnpacked } from "../../sources/unpack";
import { readingRows } from "./reading-rows";

/** What a transformation makes of bytes, and from what. All of it is kept with the object, but for the bytes themselves. */
export interface Transformation {
  meterId: string;
  /** Meter type. */
  connector: string;
  took: Took;
  /** Oldest first: a later one wins. */
  files: readonly PackedFile[];
}

/**
 * Archived bytes to the rows of a transformed object: pure, no database and no clock, so that evidence is checked with what made it. Throws what
 * parsers throw, and what the files throw while they are read.
 */
export async function transformBytes({
  meterId,
  connector: type,
  took,
  files,
}: Transformation): Promise<{ parsed: Parsed; bytes: Uint8Array }> {
  const connector = connectorOf(type);
  const { settings, dataSource, dataSourceType, timezone } = took;
  const range = { from: new Date(took.from), to: new Date(took.to) };
  const context = { settings, dataSource, dataSourceType, timezone, range };
  const until = Date.parse(took.until);
  // A bucket without a file for the range is no broken file. Parsers read to the end, where damage to the archived bytes shows.
  const parsed = await withUnpacked<Parsed>(files, async (inputs) =>
    inputs.length > 0
      ? withoutLaterReadings(await connector.parse(inputs, context), until)
      : { readings: Readings.none, rejects: [], rowsRead: 0 },
  );
  return { parsed, bytes: readingRows(meterId, parsed.readings, took.factors.map(asFactor)) };
}

/** Past the range's end only forecasts are its own: readings there belong to intervals with tasks of their own. */
function withoutLaterReadings(parsed: Parsed, end: number): Parsed {
  const own = parsed.readings.countBefore(end / 1000);
  const isOwn = (index: number) => index < own || parsed.readings.qualityAt(index) === "forecast";
  return { ...parsed, readings: parsed.readings.filter(isOwn) };
}

function asFactor({ id, value, from, to }: Took["factors"][number]): Factor {
  return { id, value, from: Date.parse(from), to: to === null ? Number.POSITIVE_INFINITY : Date.parse(to) };
}

export function factorTaken({ id, value, from, to }: Factor): Took["factors"][number] {
  return {
    id,
    value,
    from: new Date(from).toISOString(),
    to: Number.isFinite(to) ? new Date(to).toISOString() : null,
  };
}
