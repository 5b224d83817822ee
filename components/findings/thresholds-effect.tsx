import { Effect, EffectLine } from "@/components/ui/effect";
import { formatNumber } from "@/components/ui/format";
import type { ThresholdsPreview } from "@/lib/findings/preview-thresholds";

/** What other thresholds would find in the newest month. */
export function ThresholdsEffect(props: { effect: ThresholdsPreview | null; isCounting: boolean; isChanged: boolean }) {
  const { effect, isCounting, isChanged } = props;
  if (!isChanged) return null;
  return (
    <div className="field" role="status">
      <span className="lab">Findings of the newest month with these thresholds</span>
      <Effect isCounting={isCounting}>
        {effect ? (
          <>
            <EffectLine
              name="All checks"
              value={fromTo(effect.before, effect.after)}
              note={effect.changes.length === 0 ? "No check finds more or less" : undefined}
            />
            {effect.changes.map(({ label, before, after }) => (
              <EffectLine key={label} name={label} value={fromTo(before, after)} />
            ))}
          </>
        ) : (
          <EffectLine name="All checks" value={isCounting ? "counting" : "not counted"} />
        )}
      </Effect>
    </div>
  );
}

function fromTo(before: number, after: number): string {
  return before === after ? formatNumber(after) : `${formatNumber(before)} to ${formatNumber(after)}`;
}
