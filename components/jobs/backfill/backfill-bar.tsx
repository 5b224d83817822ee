import type { CSSProperties } from "react";
import { formatNumber } from "@/components/ui/format";
import { Age } from "@/components/ui/time";
import type { BackfillDto } from "@/lib/jobs/backfill/schemas";

/** Tasks that are not finished. */
export function leftOf({ tasksByState }: BackfillDto): number {
  const of = (state: keyof BackfillDto["tasksByState"]) => tasksByState[state] ?? 0;
  return of("pending") + of("queued") + of("running") + of("waiting");
}

/** Done, failed and left as one bar and in words, with the rate and when it is about to end. */
export function BackfillBar({ backfill }: { backfill: BackfillDto }) {
  const of = (state: keyof BackfillDto["tasksByState"]) => backfill.tasksByState[state] ?? 0;
  const left = leftOf(backfill);
  const running = of("running") + of("queued");
  const whole = Math.max(1, backfill.taskCount);
  const words = [
    `${formatNumber(of("succeeded"))} done`,
    of("failed") > 0 && `${formatNumber(of("failed"))} failed`,
    of("cancelled") > 0 && `${formatNumber(of("cancelled"))} cancelled`,
    of("waiting") > 0 && `${formatNumber(of("waiting"))} waiting`,
    left > 0 && `${formatNumber(left)} of ${formatNumber(backfill.taskCount)} left`,
  ].filter(Boolean);
  return (
    <div className="bf-bar">
      <div className="bf-track" role="img" aria-label={words.join(", ")}>
        <i className="succeeded" style={share(of("succeeded") / whole)} />
        <i className="failed" style={share(of("failed") / whole)} />
        <i className="running" style={share(running / whole)} />
        <i className="waiting" style={share(of("waiting") / whole)} />
      </div>
      <p className="figs">
        {words.join(", ")}
        {backfill.tasksPerMinute !== null && backfill.tasksPerMinute > 0 && left > 0 && (
          <span className="qq">
            {"; "}
            {formatNumber(backfill.tasksPerMinute, backfill.tasksPerMinute < 10 ? 1 : 0)} a minute
            {backfill.expectedEndAt && (
              <>
                , over <Age at={backfill.expectedEndAt} />
              </>
            )}
          </span>
        )}
      </p>
    </div>
  );
}

function share(of: number): CSSProperties {
  return { flexGrow: of, flexBasis: 0 };
}
