import { Effect, EffectLine } from "@/components/ui/effect";
import { formatLength, formatNumber } from "@/components/ui/format";
import { Time } from "@/components/ui/time";
import type { BackfillPlan } from "@/lib/jobs/backfill/schemas";

/** What will happen, figure by figure. */
export function BackfillEffect(props: { plan: BackfillPlan; tasks: number; isCounting: boolean; timezone: string }) {
  const { plan, tasks, isCounting, timezone } = props;
  const { leftAlone, inFlight } = plan.intervals;
  const isEtl = plan.type === "etl";
  return (
    <div className="field">
      <span className="lab">What will happen</span>
      <Effect isCounting={isCounting}>
        <EffectLine
          name="Tasks"
          value={formatNumber(tasks)}
          note={
            leftAlone + inFlight > 0
              ? [
                  leftAlone > 0 && `${formatNumber(leftAlone)} left as they are`,
                  inFlight > 0 && `${formatNumber(inFlight)} under way already`,
                ]
                  .filter(Boolean)
                  .join(", ")
              : undefined
          }
        />
        {isEtl && (
          <EffectLine
            name="Vendor calls"
            value={plan.vendorCalls === 0 ? "none" : formatNumber(plan.vendorCalls)}
            note={plan.vendorCalls === 0 && tasks > 0 ? "What is archived, or in the bucket, is read" : undefined}
          />
        )}
        {plan.vendorCalls > 0 && (
          <EffectLine
            name={
              <>
                Quota, <code>{plan.credential}</code>
              </>
            }
            value={
              plan.quota ? `${formatNumber(plan.vendorCalls)} of ${formatNumber(plan.quota.left)} left` : "not known"
            }
            note={
              plan.quota && plan.vendorCalls > plan.quota.left && plan.quota.resetAt ? (
                <>
                  The rest waits until <Time at={plan.quota.resetAt} zone={timezone} named />
                </>
              ) : undefined
            }
          />
        )}
        <EffectLine
          name={isEtl ? "Readings expected" : "Readings recorded"}
          value={formatNumber(plan.readingsExpected)}
        />
        {isEtl && (
          <EffectLine
            name="Readings overwritten"
            value={plan.readingsOverwritten > 0 ? `up to ${formatNumber(plan.readingsOverwritten)}` : "0"}
            note="A changed value keeps the old one as a revision"
          />
        )}
        {isEtl && tasks > 0 && (
          <EffectLine
            name="About"
            value={plan.estimatedSeconds === null ? "not known yet" : formatLength(plan.estimatedSeconds)}
            note={plan.estimatedSeconds === null ? "No backfill of this meter type has run yet" : undefined}
          />
        )}
        {plan.notes.map((note) => (
          <div key={note}>
            <small>{note}</small>
          </div>
        ))}
      </Effect>
    </div>
  );
}
