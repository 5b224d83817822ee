import { sql } from "drizzle-orm";
import { authorise } from "../auth/actor";
import type { Ctx } from "../ctx";
import { addDuration, startOfDay } from "../time";
import { inScope, iso } from "./scope";

export interface EnergyHour {
  /** START of a UTC hour. */
  hour: string;
  energyKwh: number | null;
  carbonTons: number | null;
  readings: number;
  estimated: number;
  restated: number;
}

export interface EnergyToday {
  dayStart: string;
  dayEnd: string;
  /** Start of the same weekday a week earlier: 7 civil days, so 167 to 169 hours, before `dayStart`. */
  lastWeekStart: string;
  today: EnergyHour[];
  /** The same weekday a week earlier, all of it. */
  lastWeek: EnergyHour[];
  /** Meters that have a reading of today. */
  metersHeard: number;
}

/**
 * Energy and carbon of the whole fleet by hour, of the civil day in `zone` that holds `now` and of the same weekday last week.
 * An hour belongs to the day it starts in. Hours without any reading are absent.
 */
export async function energyToday(ctx: Ctx, zone: string, now = new Date()): Promise<EnergyToday> {
  authorise(ctx.actor, "fleet:read");
  const dayStart = startOfDay(now, zone);
  const dayEnd = addDuration(dayStart, "P1D", zone);
  const earlierStart = addDuration(dayStart, "-P7D", zone);
  const earlierEnd = addDuration(earlierStart, "P1D", zone);
  const [today, lastWeek, heard] = await Promise.all([
    hoursBetween(ctx, dayStart, dayEnd),
    hoursBetween(ctx, earlierStart, earlierEnd),
    ctx.db.execute<{ meters: number }>(sql`
      select count(distinct h.meter_id)::int as meters from meter_data_hourly h join meters m on m.id = h.meter_id
      where h.hour >= ${iso(dayStart)} and h.hour < ${iso(dayEnd)} and h.readings > 0
        and m.archived_at is null and ${inScope(ctx)}`),
  ]);
  return {
    dayStart: dayStart.toISOString(),
    dayEnd: dayEnd.toISOString(),
    lastWeekStart: earlierStart.toISOString(),
    today,
    lastWeek,
    metersHeard: heard[0]?.meters ?? 0,
  };
}

async function hoursBetween(ctx: Ctx, from: Date, to: Date): Promise<EnergyHour[]> {
  const rows = await ctx.db.execute<{
    hour: string;
    energy: number | null;
    carbon: number | null;
    readings: number;
    estimated: number;
    restated: number;
  }>(sql`
    select h.hour, sum(h.e_real_kwh)::float8 as energy, sum(h.carbon_tons)::float8 as carbon,
      sum(h.readings)::int as readings, sum(h.estimated)::int as estimated, sum(h.restated)::int as restated
    from meter_data_hourly h join meters m on m.id = h.meter_id
    where h.hour >= ${iso(from)} and h.hour < ${iso(to)} and h.e_real_kwh is not null
      and m.archived_at is null and ${inScope(ctx)}
    group by h.hour order by h.hour`);
  return rows.map(({ hour, energy, carbon, ...counts }) => ({
    hour: new Date(hour).toISOString(),
    energyKwh: energy,
    carbonTons: carbon,
    ...counts,
  }));
}

export interface SoFar {
  /** END of what is compared. */
  until: Date;
  /** Null where last week has nothing, or 0, to compare with. */
  energyPercent: number | null;
  carbonPercent: number | null;
}

/**
 * Today against last week up to the same time of day. The newest hour of today is left out: more of it may still come, and
 * half an hour against a whole one would say that energy fell. Null while there is no whole hour.
 */
export function compareSoFar({ today, lastWeek, dayStart, lastWeekStart }: EnergyToday): SoFar | null {
  const newest = today.at(-1);
  if (!newest || today.length < 2) return null;
  const until = new Date(newest.hour).getTime();
  const earlierUntil = until - new Date(dayStart).getTime() + new Date(lastWeekStart).getTime();
  const now = today.filter(({ hour }) => new Date(hour).getTime() < until);
  const before = lastWeek.filter(({ hour }) => new Date(hour).getTime() < earlierUntil);
  return {
    until: new Date(until),
    energyPercent: percentOf(totalOf(now, "energyKwh"), totalOf(before, "energyKwh")),
    carbonPercent: percentOf(totalOf(now, "carbonTons"), totalOf(before, "carbonTons")),
  };
}

/** Null where no hour has a value. */
export function totalOf(hours: readonly EnergyHour[], key: "energyKwh" | "carbonTons"): number | null {
  const values = hours.flatMap((hour) => hour[key] ?? []);
  return values.length === 0 ? null : values.reduce((total, value) => total + value, 0);
}

function percentOf(now: number | null, before: number | null): number | null {
  if (now === null || before === null || before === 0) return null;
  return ((now - before) / Math.abs(before)) * 100;
}
