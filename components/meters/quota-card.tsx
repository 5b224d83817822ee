import { Card, CardBody, CardHead } from "@/components/ui/card";
import { formatNumber } from "@/components/ui/format";
import { State } from "@/components/ui/state";
import { Time } from "@/components/ui/time";
import type { MeterQuota } from "@/lib/quotas/meter-quota";

/** Calls of today of the account that the meter uses with others. */
export function QuotaCard({ quota }: { quota: MeterQuota }) {
  const { hint, used, limit, resetAt, meters } = quota;
  const isSpent = used >= limit;
  return (
    <Card>
      <CardHead
        title="Quota"
        note={<code>{hint}</code>}
        end={
          resetAt && (
            <span className="qq">
              resets <Time at={resetAt} zone="UTC" style="time" named />
            </span>
          )
        }
      />
      <CardBody>
        <p className="row">
          <b className="strong">{formatNumber(used)}</b> of {formatNumber(limit)} calls
          <span className="push">
            {isSpent ? (
              <State state="waiting" ink>
                Spent
              </State>
            ) : (
              `${formatNumber(limit - used)} left`
            )}
          </span>
        </p>
        <span className="bar quota">
          <i
            className={isSpent ? "waiting" : undefined}
            style={{ width: `${Math.min(100, (used / Math.max(1, limit)) * 100)}%` }}
          />
        </span>
        <p className="q">{meters === 1 ? "Used by this meter alone." : `Shared by ${formatNumber(meters)} meters.`}</p>
      </CardBody>
    </Card>
  );
}
