import { addDuration, startOfDay } from "@/lib/time";
import { formatInstant, weekdayOf } from "../ui/format";

/**
 * Round values for a Y axis: three to five steps, 0 among them, the outermost around everything that is drawn.
 * @returns ascending ticks and the decimals their labels need.
 */
export function valueTicks(lowest: number, highest: number): { ticks: number[]; decimals: number } {
  const low = Math.min(0, lowest);
  const high = Math.max(0, highest);
  if (low === high) return { ticks: [0, 1], decimals: 0 };
  const rough = (high - low) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5, 10].find((each) => each * power >= rough * 0.999) ?? 10) * power;
  const first = Math.floor(low / step + 1e-9);
  const last = Math.ceil(high / step - 1e-9);
  const ticks = Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step);
  const decimals = [0, 1, 2, 3, 4, 5, 6].find((digits) => ticks.every((tick) => isRound(tick, digits))) ?? 6;
  return { ticks: ticks.map((tick) => Number(tick.toFixed(9))), decimals };
}

export interface TimeTick {
  at: number;
  label: string;
}

/** Room a label takes with air around it. */
const HOUR_PX = 90;
const DAY_PX = 58;
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
    if (days !== undefined) return civilTicks(from, to, zone, `P${days}D`, (at) => dayLabel(at, zone, length));
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
