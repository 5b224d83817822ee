import Link from "next/link";
import { IntervalName } from "@/components/tasks/interval-title";
import { stageWord } from "@/components/tasks/stage-word";
import { Card, CardHead } from "@/components/ui/card";
import { formatNumber } from "@/components/ui/format";
import { State, StateMark } from "@/components/ui/state";
import { Age, Time } from "@/components/ui/time";
import type { TroubleLine } from "@/lib/overview/queries";

const waits = {
  quota: "Waiting for quota",
  retry: "Waiting to retry",
  data: "Waiting for data",
  review: "Needs a person",
};

/** What failed or waits: a line a meter and reason, each a link to the newest task of it. */
export function TroubleCard({ trouble }: { trouble: readonly TroubleLine[] }) {
  return (
    <Card span={12}>
      <CardHead
        title="Trouble now"
        rule={trouble.length > 0}
        end={
          <Link className="link" href="/tasks">
            All tasks
          </Link>
        }
      />
      {trouble.length === 0 ? (
        <p className="li q">
          <StateMark state="succeeded" />
          Nothing failed, and nothing waits for a source, a quota or data.
        </p>
      ) : (
        <table className="tbl" aria-label="Trouble now">
          <thead>
            <tr>
              <th className="w-39">State</th>
              <th>Meter</th>
              <th>Interval</th>
              <th className="p2">Stage</th>
              <th>Reason</th>
              <th className="r p2">Retries</th>
              <th className="r p1">Changed</th>
            </tr>
          </thead>
          <tbody>
            {trouble.map((line) => (
              <tr key={line.id}>
                <td className="m2">
                  <State state={line.waitReason === "review" ? "person" : line.state} ink>
                    {line.state === "waiting" && line.waitReason ? waits[line.waitReason] : undefined}
                  </State>
                </td>
                <td className="m1">
                  <Link className="one strong" href={`/tasks/${line.id}`} title={line.meterName}>
                    {line.meterName}
                  </Link>
                </td>
                <td className="q">
                  {line.type.toUpperCase()},{" "}
                  <IntervalName from={line.intervalStart} to={line.intervalEnd} zone={line.timezone} short />
                  {line.alike > 1 && (
                    <Link className="link" href={`/tasks?meter=${line.meterId}&type=${line.type}&state=${line.state}`}>
                      {` and ${formatNumber(line.alike - 1)} more`}
                    </Link>
                  )}
                </td>
                <td className="q p2">{stageWord(line.stage)}</td>
                <td className="m3 clip">
                  {line.error && <code className="q mr-2">{line.error.code}</code>}
                  <span className="q" title={line.error?.message}>
                    {line.error?.message ?? (line.waitUntil ? "Waits" : "No reason was recorded")}
                  </span>
                  {line.waitUntil && (
                    <span className="qq">
                      {" until "}
                      <Time at={line.waitUntil} zone={line.timezone} style="date-time" />
                    </span>
                  )}
                </td>
                <td className="r q p2">{line.retryCount}</td>
                <td className="r q p1">
                  <Age at={line.changedAt} zone={line.timezone} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Card>
  );
}
