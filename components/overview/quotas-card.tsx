import Link from "next/link";
import { Card, CardBody, CardHead } from "@/components/ui/card";
import { Empty } from "@/components/ui/empty";
import { formatNumber } from "@/components/ui/format";
import { State } from "@/components/ui/state";
import { Time } from "@/components/ui/time";
import type { QuotaLine } from "@/lib/overview/queries";
import { taskWords, waitingHref } from "../tasks/quota-words";

const SHOWN = 4;

/** Calls of today by source account, fullest first. */
export function QuotasCard({ quotas }: { quotas: readonly QuotaLine[] }) {
  const more = quotas.length - SHOWN;
  return (
    <Card span={4}>
      <CardHead title="Source quotas" end={more > 0 ? `${SHOWN} fullest of ${quotas.length}` : "today, UTC"} />
      <CardBody className="ov-quota">
        {quotas.length === 0 && (
          <Empty title="No calls counted yet">Each source account appears with its first call of a day.</Empty>
        )}
        {quotas.slice(0, SHOWN).map((quota) => (
          <Link
            key={quota.accountKey}
            href={
              quota.tasksWaiting > 0 ? waitingHref(quota.accountKey) : `/meters?type=${encodeURIComponent(quota.type)}`
            }
          >
            <Quota quota={quota} />
          </Link>
        ))}
      </CardBody>
    </Card>
  );
}

function Quota({ quota: { type, hint, used, limit, resetAt, meters, tasksWaiting } }: { quota: QuotaLine }) {
  const isSpent = used >= limit;
  return (
    <>
      <span className="row">
        <b className="strong">{type}</b>
        <code className="qq">{hint}</code>
        <span className="push nw">
          <b className="strong">{formatNumber(used)}</b>
          <span className="qq"> of {formatNumber(limit)}</span>
        </span>
      </span>
      <span className="bar">
        <i
          className={isSpent ? "waiting" : undefined}
          style={{ width: `${Math.min(100, (used / Math.max(1, limit)) * 100)}%` }}
        />
      </span>
      <span className="row figs">
        {isSpent ? (
          <State state="waiting" ink>
            {tasksWaiting > 0 ? `Spent, ${taskWords(tasksWaiting)} for the reset` : "Spent, waits for the reset"}
          </State>
        ) : (
          <span className="qq">
            {formatNumber(limit - used)} left, {meters === 1 ? "1 meter" : `${formatNumber(meters)} meters`}
            {tasksWaiting > 0 && `, ${taskWords(tasksWaiting)}`}
          </span>
        )}
        <span className="push qq nw">
          resets <Time at={resetAt} style="time" named />
        </span>
      </span>
    </>
  );
}
