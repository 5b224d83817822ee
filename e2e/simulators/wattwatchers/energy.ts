import { computeDay, type DeviceDay, INTERVAL_SECONDS, PER_DAY } from "./curves";
import type { SimulatedDevice } from "./fleet";

const DAY_SECONDS = INTERVAL_SECONDS * PER_DAY;
/** About 60 kB each. */
const MAX_CACHED_DAYS = 600;

/** Energies of one interval or bucket: joules per channel; volts per phase and amperes per channel, lowest and highest. */
export interface EnergyRow {
  /** As the vendor labels it: the END of a five-minute interval; the first of those ENDS for anything coarser. */
  timestamp: number;
  duration: number;
  positive: number[];
  negative: number[];
  reactive: number[];
  vMin: number[];
  vMax: number[];
  iMin: number[];
  iMax: number[];
}

export interface EnergySource {
  /** Five-minute rows whose ENDS lie in `[fromTs, toTs)`, oldest first. */
  rows(device: SimulatedDevice, fromTs: number, toTs: number): EnergyRow[];
}

/** `historyFactor` is 1 unless a test changes what was told before. */
export function createEnergySource(
  seed: number,
  historyFactor: (deviceId: string, start: number) => number,
): EnergySource {
  const days = new Map<string, DeviceDay>();

  function dayOf(device: SimulatedDevice, dayStart: number): DeviceDay {
    const key = `${device.id} ${dayStart}`;
    let day = days.get(key);
    if (!day) {
      day = computeDay(seed, device, dayStart);
      const oldest = days.size >= MAX_CACHED_DAYS ? days.keys().next().value : undefined;
      if (oldest !== undefined) days.delete(oldest);
      days.set(key, day);
    }
    return day;
  }

  function rows(device: SimulatedDevice, fromTs: number, toTs: number): EnergyRow[] {
    const result: EnergyRow[] = [];
    const first = Math.ceil(fromTs / INTERVAL_SECONDS) * INTERVAL_SECONDS;
    for (let end = first; end < toTs; end += INTERVAL_SECONDS) {
      const start = end - INTERVAL_SECONDS;
      const dayStart = Math.floor(start / DAY_SECONDS) * DAY_SECONDS;
      const at = (start - dayStart) / INTERVAL_SECONDS;
      result.push(rowAt(dayOf(device, dayStart), at, end, historyFactor(device.id, start)));
    }
    return result;
  }

  return { rows };
}

function rowAt(day: DeviceDay, at: number, timestamp: number, factor: number): EnergyRow {
  const pick = (arrays: Float64Array[]) => arrays.map((array) => array[at] ?? 0);
  const energy = (arrays: Float64Array[]) =>
    factor === 1 ? pick(arrays) : arrays.map((array) => Math.round((array[at] ?? 0) * factor));
  return {
    timestamp,
    duration: INTERVAL_SECONDS,
    positive: energy(day.positive),
    negative: energy(day.negative),
    reactive: energy(day.reactive),
    vMin: pick(day.vMin),
    vMax: pick(day.vMax),
    iMin: pick(day.iMin),
    iMax: pick(day.iMax),
  };
}

/**
 * Buckets of five-minute rows. The vendor groups by the rows' stamps, so a bucket labelled 10:00 holds the rows stamped
 * 10:00, 10:05 and 10:10: it starts five minutes early. `bucketOf` gives the label and the bucket's length in seconds.
 */
export function toBuckets(
  rows: readonly EnergyRow[],
  bucketOf: (timestamp: number) => { label: number; duration: number },
): EnergyRow[] {
  const buckets: EnergyRow[] = [];
  for (const row of rows) {
    const { label, duration } = bucketOf(row.timestamp);
    const last = buckets.at(-1);
    if (last?.timestamp !== label) {
      buckets.push({ ...row, timestamp: label, duration });
      continue;
    }
    last.positive = combine(last.positive, row.positive, (a, b) => a + b);
    last.negative = combine(last.negative, row.negative, (a, b) => a + b);
    last.reactive = combine(last.reactive, row.reactive, (a, b) => a + b);
    last.vMin = combine(last.vMin, row.vMin, Math.min);
    last.vMax = combine(last.vMax, row.vMax, Math.max);
    last.iMin = combine(last.iMin, row.iMin, Math.min);
    last.iMax = combine(last.iMax, row.iMax, Math.max);
  }
  return buckets;
}

function combine(a: readonly number[], b: readonly number[], how: (a: number, b: number) => number): number[] {
  return a.map((value, index) => how(value, b[index] ?? value));
}
