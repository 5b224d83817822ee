import { formatNumber } from "@/components/ui/format";
import { State } from "@/components/ui/state";
import { Age } from "@/components/ui/time";
import type { DatedCheck } from "@/lib/audit/recent-check";

/** Whether every row still is what was written, and follows the one before. */
export function ChainMark({ check }: { check: DatedCheck }) {
  if (!check.ok) {
    return (
      <State state="failed">
        The chain is broken at row {formatNumber(check.brokenAtSeq)}. {check.reason}
      </State>
    );
  }
  return (
    <>
      <State state="succeeded">Chain verified: {formatNumber(check.rows)} rows</State>
      <span>
        <Age at={check.at} />
      </span>
      {check.rows > 0 && (
        <span>
          head <code title={check.head.hash}>{check.head.hash.slice(0, 12)}</code>
        </span>
      )}
    </>
  );
}
