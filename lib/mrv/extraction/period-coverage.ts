import type { EvidenceReading } from "../evidence/canonical-rows";
import { counts } from "../evidence/figures";
import type { EvidenceManifest } from "../evidence/manifest";

const LISTED_STRETCHES = 100;

/**
 * How much of a period its readings cover, in elapsed time: a day on which clocks are put back expects 25 hours of readings. How long a reading is
 * they say themselves; `usualSeconds` is for a period without any. What does not count (a forecast, a reading without the metric) is missing.
 */
export function periodCoverage(
  readings: readonly (EvidenceReading & { startAt: number })[],
  { from, to }: { from: Date; to: Date },
  usualSeconds: number,
): EvidenceManifest["coverage"] {
  const own = readings.filter(counts);
  const length = usualLength(own) ?? usualSeconds;
  const [start, end] = [from.getTime() / 1000, to.getTime() / 1000];
  const gaps: { from: number; to: number }[] = [];
  let covered = start;
  for (const { startAt, durationSeconds } of [...own, { startAt: end, durationSeconds: 0 }]) {
    // Less than one reading is none: a clock that is seconds off leaves no hole.
    if (startAt - covered >= length) gaps.push({ from: covered, to: startAt });
    covered = Math.max(covered, startAt + durationSeconds);
  }
  const missing = gaps.reduce((sum, gap) => sum + Math.round((gap.to - gap.from) / length), 0);
  const present = own.length;
  const expected = Math.max(1, present + missing);
  const longest = Math.max(0, ...gaps.map((gap) => gap.to - gap.from));
  return {
    expected,
    present,
    // Rounded down: what is not whole must not read as whole.
    ratio: (Math.floor((present * 1e6) / expected) / 1e6).toFixed(6),
    longestGapMinutes: Math.round((longest / 60) * 100) / 100,
    missing: gaps.slice(0, LISTED_STRETCHES).map((gap) => ({ from: iso(gap.from), to: iso(gap.to) })),
  };
}

const iso = (epochSeconds: number) => new Date(epochSeconds * 1000).toISOString();

/** The length that most readings have; of two the shorter. */
function usualLength(readings: readonly { durationSeconds: number }[]): number | undefined {
  const times = new Map<number, number>();
  for (const { durationSeconds } of readings) times.set(durationSeconds, (times.get(durationSeconds) ?? 0) + 1);
  return [...times].sort(([a, x], [b, y]) => y - x || a - b)[0]?.[0];
}
