import type { Temporal } from "temporal-polyfill";
import type { IntervalEnergy } from "./day-energy";

/** Numbers from 1 of the half hours for which the first file has substitutes: from 15:30 to 19:30. */
const SUBSTITUTED = { first: 32, last: 39 };

export interface Nem12Day {
  nmi: string;
  day: Temporal.PlainDate;
  /** Half-hours, taken and sent. */
  intervals: readonly IntervalEnergy[];
  /** Of the same half hours a week before; absent: the file is of metered values throughout. */
  substitutes?: readonly IntervalEnergy[];
  updatedAt: Temporal.PlainDateTime;
}

/** A file of one NMI and day with what was taken (E1) and sent (B1), as a meter data provider writes it. */
export function nem12Day(file: Nem12Day): string {
  const { nmi, updatedAt } = file;
  const created = digits(updatedAt).slice(0, 12);
  const stream = (suffix: string, wh: (interval: IntervalEnergy) => number) => [
    `200,${nmi},B1E1,${suffix},${suffix},N1,60311842,kWh,30,`,
    ...recordsOf(file, wh),
  ];
  const lines = [
    `100,NEM12,${created},SIMMDP,SIMRET`,
    ...stream("B1", ({ sentWh }) => sentWh),
    ...stream("E1", ({ takenWh }) => takenWh),
    "900",
  ];
  return `${lines.join("\r\n")}\r\n`;
}

function recordsOf({ day, intervals, substitutes, updatedAt }: Nem12Day, wh: (interval: IntervalEnergy) => number) {
  const values = intervals.map((interval, index) => {
    const isSubstituted = index + 1 >= SUBSTITUTED.first && index + 1 <= SUBSTITUTED.last;
    return (wh((isSubstituted ? substitutes?.[index] : undefined) ?? interval) / 1000).toFixed(3);
  });
  const date = digits(day);
  const updated = digits(updatedAt);
  const record = (quality: string) => `300,${date},${values.join(",")},${quality},,,${updated},${updated}`;
  if (!substitutes) return [record("A")];
  const { first, last } = SUBSTITUTED;
  return [
    record("V"),
    `400,1,${first - 1},A,,`,
    // Method 14, like day; reason 27, telecommunications equipment.
    `400,${first},${last},S14,27,`,
    `400,${last + 1},48,A,,`,
  ];
}

function digits(date: Temporal.PlainDate | Temporal.PlainDateTime): string {
  return date.toString().replaceAll(/[-:T]/g, "");
}
