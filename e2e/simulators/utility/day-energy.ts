import type { Temporal } from "temporal-polyfill";
import { createEnergySource } from "../wattwatchers/energy";
import type { FileSite } from "./sites";

/** Energy of one interval through the connection point, whole watt-hours. */
export interface IntervalEnergy {
  /** Unix seconds. */
  start: number;
  durationSeconds: number;
  takenWh: number;
  sentWh: number;
}

export type DayEnergy = (site: FileSite, day: Temporal.PlainDate, minutes: number) => IntervalEnergy[];

/** First and last instant of a file's day, Unix seconds. */
export function boundsOf({ fileZone }: FileSite, day: Temporal.PlainDate): { from: number; to: number } {
  const startOf = (date: Temporal.PlainDate) => date.toZonedDateTime(fileZone).epochMilliseconds / 1000;
  return { from: startOf(day), to: startOf(day.add({ days: 1 })) };
}

/** What the meter of a site counted on a day of its files, in intervals of so many minutes. */
export function createDayEnergy(seed: number): DayEnergy {
  const source = createEnergySource(seed, () => 1);
  return (site, day, minutes) => {
    const { from, to } = boundsOf(site, day);
    const seconds = minutes * 60;
    const intervals: IntervalEnergy[] = [];
    for (let start = from; start < to; start += seconds) {
      // The source names its rows by their ends. The first channel is the one at the grid.
      const rows = source.rows(site.device, start + 1, start + seconds + 1);
      const wh = (joules: number) => Math.round(joules / 3600);
      const taken = rows.reduce((sum, row) => sum + (row.positive[0] ?? 0), 0);
      const sent = rows.reduce((sum, row) => sum + (row.negative[0] ?? 0), 0);
      intervals.push({ start, durationSeconds: seconds, takenWh: wh(taken), sentWh: wh(sent) });
    }
    return intervals;
  };
}
