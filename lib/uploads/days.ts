import type { Readings } from "../connectors/readings";
import { addDuration, civilDate, startOfDay } from "../time";

/** A civil day of the meter that an upload has readings of: the interval of one task. */
export interface UploadDay {
  day: string;
  from: Date;
  to: Date;
  readings: number;
}

/** A reading belongs to the day it starts in. */
export function daysOf(readings: Readings, timezone: string): UploadDay[] {
  const days: UploadDay[] = [];
  let last: UploadDay | undefined;
  for (const startEpochSeconds of readings.startEpochSeconds) {
    const at = startEpochSeconds * 1000;
    if (!last || at >= last.to.getTime()) {
      const from = startOfDay(new Date(at), timezone);
      last = { day: civilDate(from, timezone), from, to: addDuration(from, "P1D", timezone), readings: 0 };
      days.push(last);
    }
    last.readings += 1;
  }
  return days;
}
