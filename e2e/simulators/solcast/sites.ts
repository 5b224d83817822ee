import { shareOf } from "../faults";

export interface SimulatedSite {
  id: string;
  /** Nameplate, kW AC. */
  capacityKw: number;
  /** Hours that its sun is ahead of UTC. */
  sunOffsetHours: number;
}

export interface SolcastAccount {
  key: string;
  site: SimulatedSite;
  /** Calls a day; 0: spent before the first. */
  perDay: number;
}

export const PERIOD_SECONDS = 1800;

/** A free account with its one site, and one whose calls are always spent; they follow from the seed alone. */
export function createSites(seed: number, perDay = 10): { usual: SolcastAccount; spent: SolcastAccount } {
  const account = (name: string, calls: number): SolcastAccount => ({
    key: `sim-${name}-${hex(seed, `${name} key`, 4)}`,
    site: { id: hex(seed, `${name} site`, 4, "-"), capacityKw: name === "usual" ? 12 : 20, sunOffsetHours: 10 },
    perDay: calls,
  });
  return { usual: account("usual", perDay), spent: account("spent", 0) };
}

/** Mean kW of the period that starts here, to four decimals as the vendor writes them: a clear day with clouds drawn over it. */
export function estimateKw(seed: number, site: SimulatedSite, start: number): number {
  const hour = ((start + PERIOD_SECONDS / 2) / 3600 + site.sunOffsetHours) % 24;
  const sun = Math.max(0, Math.sin(((hour - 6) / 12) * Math.PI));
  return toDigits(site.capacityKw * 0.85 * sun ** 1.3 * (0.35 + 0.65 * shareOf(seed, `${site.id} ${start}`)));
}

/** A forecast is off by up to a fifth, and says so. */
export function forecastKw(seed: number, site: SimulatedSite, start: number) {
  const kw = toDigits(estimateKw(seed, site, start) * (0.8 + 0.4 * shareOf(seed, `forecast ${site.id} ${start}`)));
  return { pv_estimate: kw, pv_estimate10: toDigits(kw * 0.75), pv_estimate90: toDigits(kw * 1.2) };
}

function toDigits(kw: number): number {
  return Math.round(kw * 10_000) / 10_000;
}

function hex(seed: number, name: string, groups: number, between = ""): string {
  const group = (index: number) => Math.floor(shareOf(seed, `${name} ${index}`) * 65_536);
  return Array.from({ length: groups }, (_, index) => group(index).toString(16).padStart(4, "0")).join(between);
}
