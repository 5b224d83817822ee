import type { FactorDto } from "@/lib/factors/schemas";

const YEAR_MS = 365.25 * 86_400_000;

/** What the bars of all regions are drawn against: whole years (UTC), the running one and what comes after it included. */
export interface Axis {
  from: number;
  to: number;
  years: number[];
}

export function axisOf(factors: readonly FactorDto[], now: Date): Axis {
  const starts = factors.map(({ validFrom }) => new Date(validFrom).getUTCFullYear());
  const ends = factors.map(({ validTo }) => (validTo ? new Date(validTo).getUTCFullYear() : 0));
  const first = Math.min(now.getUTCFullYear(), ...starts);
  const last = Math.max(now.getUTCFullYear() + 1, ...starts.map((year) => year + 1), ...ends);
  const years = Array.from({ length: last - first }, (_, index) => first + index);
  return { from: Date.UTC(first, 0, 1), to: Date.UTC(last, 0, 1), years };
}

/** Percent of the axis; an open end goes to the axis's own. */
export function spanOf({ validFrom, validTo }: FactorDto, axis: Axis): { left: string; width: string } {
  const from = new Date(validFrom).getTime();
  const to = validTo ? new Date(validTo).getTime() : axis.to;
  return { left: percent(from - axis.from, axis), width: percent(to - from, axis) };
}

export function percent(length: number, { from, to }: Axis): string {
  return `${((length / (to - from)) * 100).toFixed(3)}%`;
}

export function holdsAt({ validFrom, validTo }: FactorDto, now: Date): boolean {
  return new Date(validFrom) <= now && (!validTo || new Date(validTo) > now);
}

/** Too short for its value to be read inside of the bar. */
export function isShort({ validFrom, validTo }: FactorDto, axis: Axis): boolean {
  const to = validTo ? new Date(validTo).getTime() : axis.to;
  return to - new Date(validFrom).getTime() < YEAR_MS / 2 && axis.years.length > 3;
}

export const methodWords: Record<FactorDto["method"], string> = {
  location: "location-based",
  market: "market-based",
  combined_margin: "combined margin",
  marginal: "marginal",
};
