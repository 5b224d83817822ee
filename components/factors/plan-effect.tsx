"use client";

import { Effect, EffectLine } from "@/components/ui/effect";
import { formatNumber, formatSigned } from "@/components/ui/format";
import type { PlanPart, RecomputePlan } from "@/lib/factors/recompute/schemas";

const MOST_LINES = 12;

/** What a recompute changes: sums first, then each meter with its months. */
export function PlanEffect({ plan, isCounting }: { plan: RecomputePlan; isCounting?: boolean }) {
  const byMeter = new Map<string, PlanPart[]>();
  for (const part of plan.parts) byMeter.set(part.meterId, [...(byMeter.get(part.meterId) ?? []), part]);
  const more = plan.meters - MOST_LINES;
  return (
    <div className="field">
      <span className="lab">What a recompute changes</span>
      <Effect isCounting={isCounting}>
        <EffectLine
          name="Stored readings"
          value={formatNumber(plan.rows)}
          note={
            plan.rows > 0
              ? `Of ${plan.meters === 1 ? "1 meter" : `${formatNumber(plan.meters)} meters`}; each keeps what it was as a revision`
              : "Stored carbon is as the factors say"
          }
        />
        <EffectLine name="MRV records" value={formatNumber(plan.mrvRecords)} />
        {plan.rows > 0 && (
          <EffectLine
            name="Their carbon, tCO₂-e"
            value={`${formatNumber(plan.tonsBefore, 3)} to ${formatNumber(plan.tonsAfter, 3)}`}
            note={formatSigned(plan.tonsAfter - plan.tonsBefore, 3)}
          />
        )}
        {[...byMeter.values()].slice(0, MOST_LINES).map((parts) => (
          <EffectLine
            key={parts[0]?.meterId}
            name={parts[0]?.meterName}
            value={formatNumber(parts.reduce((sum, part) => sum + part.rows, 0))}
            note={`${monthsOf(parts)}; ${valuesOf(parts)}`}
          />
        ))}
        {more > 0 && (
          <div>
            <small>and {more === 1 ? "1 more meter" : `${formatNumber(more)} more meters`}</small>
          </div>
        )}
      </Effect>
    </div>
  );
}

function monthsOf(parts: readonly PlanPart[]): string {
  const months = [...new Set(parts.map(({ month }) => month))].sort();
  return months.length === 1 ? `${months[0]}` : `${months[0]} to ${months.at(-1)}`;
}

function valuesOf(parts: readonly PlanPart[]): string {
  return [...new Set(parts.map(({ fromValue, toValue }) => `${fromValue ?? "none"} to ${toValue ?? "none"}`))].join(
    ", ",
  );
}
