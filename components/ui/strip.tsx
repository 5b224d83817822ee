import type { CSSProperties } from "react";
import { formatNumber } from "./format";

export interface StripDay {
  /** `2026-11-22`. */
  day: string;
  /** Readings present over expected, 0 to 1; null: none were expected (not due, paused, before the start). */
  coverage: number | null;
}

/** Coverage by day: a bar a day, its height is the share. Usually 30 days, oldest first. */
export function Strip({ days, label }: { days: readonly StripDay[]; label?: string }) {
  return (
    <span className="strip" role="img" aria-label={label ?? coverageWords(days)}>
      {days.map(({ day, coverage }) => (
        <i key={day} className={barClass(coverage)} style={barHeight(coverage)} />
      ))}
    </span>
  );
}

function barClass(coverage: number | null): string | undefined {
  if (coverage === null) return "n";
  if (coverage >= 1) return "f";
  return coverage <= 0 ? "z" : undefined;
}

function barHeight(coverage: number | null): CSSProperties | undefined {
  if (coverage === null || coverage <= 0 || coverage >= 1) return undefined;
  // A bar that is not full must not look full, nor one that is not empty empty.
  return { "--v": `${Math.min(94, Math.max(6, coverage * 100))}%` } as CSSProperties;
}

function coverageWords(days: readonly StripDay[]): string {
  const due = days.flatMap(({ coverage }) => (coverage === null ? [] : [coverage]));
  if (due.length === 0) return `Coverage of the last ${days.length} days: nothing was due`;
  const share = due.reduce((sum, each) => sum + Math.min(1, each), 0) / due.length;
  const partial = due.filter((each) => each > 0 && each < 1).length;
  const empty = due.filter((each) => each <= 0).length;
  return `Coverage of the last ${days.length} days: ${formatNumber(share * 100, 2)} %, ${partial} partial, ${empty} empty`;
}
