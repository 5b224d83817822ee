import type { Db } from "../../db/client";
import type { mrvRecords } from "../../db/schema";
import { rowsHash } from "../evidence/canonical-rows";
import { figuresOf } from "../evidence/figures";
import { type AskedPeriod, type PeriodReading, readingsOfPeriods } from "./period-readings";
import { valuesHash } from "./values-hash";

/** What the readings of a record's period give now. */
export interface ReadingsNow {
  /** Of the canonical rows: equal to the evidence's where nothing changed. */
  sha256: string;
  /** Equal to the record's where they say what they said, from whichever objects. */
  valuesHash: string;
  value: string | null;
  carbonTons: string | null;
  readings: number;
}

export async function readingsNow(
  db: Db,
  { id, meterId, metric, periodStart: from, periodEnd: to }: typeof mrvRecords.$inferSelect,
): Promise<ReadingsNow> {
  const period = { id, meterId, metric, from, to };
  const readings = await readingsOfPeriods(db, [period]);
  return summed(period, readings.get(id) ?? []);
}

export function summed({ metric }: Pick<AskedPeriod, "metric">, readings: readonly PeriodReading[]): ReadingsNow {
  return { sha256: rowsHash(metric, readings), valuesHash: valuesHash(metric, readings), ...figuresOf(readings) };
}
