import Link from "next/link";
import { formatNumber } from "@/components/ui/format";
import { State } from "@/components/ui/state";
import type { BackfillDto } from "@/lib/jobs/backfill/schemas";
import { leftOf } from "./backfill-bar";

/** In the row of tabs, which is always there: it comes and goes without moving the grid. Holding and ending is behind it. */
export function BackfillsUnderWay({ backfills, href }: { backfills: readonly BackfillDto[]; href: string }) {
  const isPaused = backfills.every(({ status }) => status === "paused");
  const all = backfills.reduce((sum, { taskCount }) => sum + taskCount, 0);
  const left = backfills.reduce((sum, backfill) => sum + leftOf(backfill), 0);
  const what = backfills.length === 1 ? "Backfill" : `${formatNumber(backfills.length)} backfills`;
  return (
    <Link className="under-way" href={href} scroll={false}>
      <State state={isPaused ? "paused" : "running"} ink>
        {what} {isPaused ? "paused" : "running"}
      </State>
      <span className="figs">
        {formatNumber(left)} of {formatNumber(all)} left
      </span>
    </Link>
  );
}
