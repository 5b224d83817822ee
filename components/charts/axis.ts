import { addDuration, startOfDay } from "@/lib/time";
import { formatInstant, weekdayOf } from "../ui/format";

export interface ValueAxis {
  /** Ascending round values, 0 among them. */
  ticks: number[];
  /** That the labels of the ticks need. */
  decimals: number;
  /** What is drawn: from the lowest to the highest, around everything. */
  domain: [number, number];
}

/**
 * A Y axis with three to five steps of round values from 0. The smaller side of 0 gets a step of its own only where it fills
 * half of one: a meter that draws a few watts at night is drawn below the base line to scale, but moves no axis.
 */
export function valueAxis(lowest: number, highest: number): ValueAxis {
  const low = Math.min(0, lowest);
  const high = Math.max(0, highest);
  if (low === high) return { ticks: [0, 1], decimals: 0, domain: [0, 1] };
  const rough = (high - low) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5, 10].find((each) => each * power >= rough * 0.999) ?? 10) * power;
  const first = -low < step / 2 && high > 0 ? 0 : Math.floor(low / step + 1e-9);
  const last = high < step / 2 && low < 0 ? 0 : Math.ceil(high / step - 1e-9);
  const ticks = Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toFixed(9)));
  const decimals = [0, 1, 2, 3, 4, 5, 6].find((digits) => ticks.every((tick) => isRound(tick, digits))) ?? 6;
  return { ticks, decimals, domain: [Math.min(low, first * step), Math.max(high, last * step)] };
}

export interface TimeTick {
  at: number;
  label: string;
}

/** Room a label takes with air around it; days get their noon where two would fit. */
const HOUR_PX = 90;
const DAY_PX = 58;
const NOON_PX = 150;
const HOURS = [1, 2, 3, 4, 6, 8, 12];
const DAYS = [1, 2, 3, 7, 14];
const MONTHS = [1, 2, 3, 6, 12, 24];
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Whole hours, days or months of the zone, as many as the width has room for. A day's end is 24:00, not the next 00:00. */
export function timeTicks(from: number, to: number, zone: string, widthPx: number): TimeTick[] {
  const length = to - from;
  if (length <= 2.1 * DAY_MS) {
    const hours = HOURS.find((each) => length / (each * HOUR_MS) <= Math.max(2, widthPx / HOUR_PX)) ?? 24;
    return hourTicks(from, to, zone, hours);
  }
  const room = Math.max(2, Math.floor(widthPx / DAY_PX));
  if (length <= 190 * DAY_MS) {
    const days = DAYS.find((each) => length / (each * DAY_MS) <= room);
    if (days !== undefined) {
      const ticks = civilTicks(from, to, zone, `P${days}D`, (at) => dayLabel(at, zone, length));
      return (widthPx * DAY_MS) / length >= NOON_PX ? withNoons(ticks, from, to, zone) : ticks;
    }
  }
  const months = MONTHS.find((each) => length / (each * 30.4 * DAY_MS) <= room) ?? 60;
  return civilTicks(monthStart(from, zone), to, zone, `P${months}M`, (at) => monthLabel(at, zone)).filter(
    (tick) => tick.at >= from,
  );
}

function hourTicks(from: number, to: number, zone: string, step: number): TimeTick[] {
  const ticks: TimeTick[] = [];
  for (let day = startOfDay(new Date(from), zone); day.getTime() <= to; day = addDuration(day, "P1D", zone)) {
    const next = addDuration(day, "P1D", zone).getTime();
    for (let at = day.getTime(); at < next && at <= to; at += HOUR_MS) {
      const label = formatInstant(new Date(at), zone, "time");
      const isRoundHour = label.endsWith(":00") && Number(label.slice(0, 2)) % step === 0;
      const isEnd = at === to && label === "00:00" && to - from <= 1.1 * DAY_MS;
      if (at >= from && isRoundHour) ticks.push({ at, label: isEnd ? "24:00" : label });
    }
  }
  return ticks;
}

function civilTicks(from: number, to: number, zone: string, step: string, label: (at: Date) => string): TimeTick[] {
  const ticks: TimeTick[] = [];
  let at = startOfDay(new Date(from), zone);
  if (at.getTime() < from && step.endsWith("D")) at = addDuration(at, "P1D", zone);
  // Not the end itself: its label would name a day that is not shown.
  for (; at.getTime() < to; at = addDuration(at, step, zone)) ticks.push({ at: at.getTime(), label: label(at) });
  return ticks;
}

function withNoons(days: readonly TimeTick[], from: number, to: number, zone: string): TimeTick[] {
  // Also of the day that a range begins in the middle of. Clocks change at night: twelve hours before midnight is noon.
  const noons = new Set(
    [startOfDay(new Date(from), zone), ...days.map(({ at }) => new Date(at))].map((day) =>
      addDuration(addDuration(day, "P1D", zone), "-PT12H", zone).getTime(),
    ),
  );
  return [...days, ...[...noons].map((at) => ({ at, label: formatInstant(new Date(at), zone, "time") }))]
    .filter(({ at }) => at >= from && at < to)
    .sort((a, b) => a.at - b.at);
}

function dayLabel(at: Date, zone: string, length: number): string {
  const date = formatInstant(at, zone, "date");
  return length <= 15 * DAY_MS ? `${weekdayOf(at, zone)} ${date.split(" ")[0]}` : date;
}

function monthLabel(at: Date, zone: string): string {
  const [, , month, year] = formatInstant(at, zone, "full-date").split(" ");
  return month === "Jan" ? `${month} ${year}` : `${month}`;
}

function monthStart(at: number, zone: string): number {
  const day = startOfDay(new Date(at), zone);
  const dayOfMonth = Number(formatInstant(day, zone, "date").split(" ")[0]);
  return addDuration(day, `-P${dayOfMonth - 1}D`, zone).getTime();
}

function isRound(value: number, decimals: number): boolean {
  return Math.abs(value - Number(value.toFixed(decimals))) < 1e-9;
}
