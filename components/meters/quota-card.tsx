import Link from "next/link";
import { Fragment } from "react";
import { Card, CardBody, CardHead } from "@/components/ui/card";
import { formatNumber } from "@/components/ui/format";
import { State } from "@/components/ui/state";
import { Time } from "@/components/ui/time";
import type { MeterQuota } from "@/lib/quotas/meter-quota";
import { taskWords, waitingHref } from "../tasks/quota-words";

const NAMED = 5;

/** Calls of today of the account that the meter uses with others. */
export function QuotaCard({ quota, meterId }: { quota: MeterQuota; meterId: string }) {
  const { hint, used, limit, resetAt, meters, accountKey, tasksWaiting, disagreeing } = quota;
  const others = meters.filter(({ id }) => id !== meterId);
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
        {tasksWaiting > 0 && (
          <p className="q">
            <Link className="link" href={waitingHref(accountKey)}>
              {taskWords(tasksWaiting)}
            </Link>{" "}
            for it.
          </p>
        )}
        {disagreeing.length > 0 && (
          <p className="q">
            Meters on this key say that it allows {disagreeing.map(formatNumber).join(" or ")} calls a day: the lowest
            holds for all of them. Give them the same number in their settings.
          </p>
        )}
        <p className="q">{others.length === 0 ? "Used by this meter alone." : <SharedWith meters={others} />}</p>
      </CardBody>
    </Card>
  );
}

/** The first few by name, the rest as a number. */
function SharedWith({ meters }: { meters: MeterQuota["meters"] }) {
  const more = meters.length - NAMED;
  return (
    <>
      Shared with{" "}
      {meters.slice(0, NAMED).map(({ id, name }, index) => (
        <Fragment key={id}>
          {index > 0 && ", "}
          <Link className="link" href={`/meters/${id}`}>
            {name}
          </Link>
        </Fragment>
      ))}
      {more > 0 && ` and ${formatNumber(more)} more`}.
    </>
  );
}
