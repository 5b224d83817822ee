import { Card, CardHead } from "@/components/ui/card";
import { formatLength } from "@/components/ui/format";
import { StateMark } from "@/components/ui/state";
import { Time } from "@/components/ui/time";
import type { LateSpell } from "@/lib/notifications/incidents/queries";

/** When the meter was late, newest first. */
export function FreshnessHistory(props: { spells: readonly LateSpell[]; timezone: string; now: Date }) {
  const { spells, timezone, now } = props;
  return (
    <Card>
      <CardHead title="Late" note={spells.length === 1 ? "once" : `last ${spells.length} times`} rule />
      {spells.map(({ id, from, until, isHealed }) => (
        <div key={id} className="find">
          <StateMark state={until === null ? "late" : isHealed ? "fresh" : "paused"} />
          <span>
            {until === null ? (
              <>
                since <Time at={from} zone={timezone} />
              </>
            ) : (
              <Time at={from} until={until} zone={timezone} />
            )}
          </span>
          <span className="tm">
            {formatLength((new Date(until ?? now).getTime() - new Date(from).getTime()) / 1000, { coarse: true })}
          </span>
          <span className="d">
            {until === null ? "not yet fresh" : isHealed ? "then fresh" : "then paused or archived"}
          </span>
        </div>
      ))}
    </Card>
  );
}
