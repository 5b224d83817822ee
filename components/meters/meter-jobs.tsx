import Link from "next/link";
import { Num } from "@/components/ui/num";
import { State, type StateName } from "@/components/ui/state";
import { Time } from "@/components/ui/time";
import type { MeterJobRow } from "@/lib/fleet/meter-overview";

const statuses: Record<MeterJobRow["status"], { state: StateName; word: string }> = {
  active: { state: "succeeded", word: "Active" },
  paused: { state: "paused", word: "Paused" },
  ended: { state: "cancelled", word: "Ended" },
};

/** The jobs of one meter, in a card on its page. */
export function MeterJobs({ jobs, timezone }: { jobs: readonly MeterJobRow[]; timezone: string }) {
  return (
    <table className="tbl" aria-label="Jobs">
      <thead>
        <tr>
          <th>Job</th>
          <th>State</th>
          <th className="p1">Newest task</th>
          <th className="p2">Next due</th>
          <th className="r">30 days, %</th>
        </tr>
      </thead>
      <tbody>
        {jobs.map((job) => (
          <tr key={job.id}>
            <td className="m1">
              <Link className="link" href={`/jobs/${job.id}`}>
                {job.name}
              </Link>{" "}
              <code className="qq">{job.interval}</code>
            </td>
            <td className="m2">
              <State state={statuses[job.status].state} ink>
                {statuses[job.status].word}
              </State>
            </td>
            <td className="p1">
              {job.newestTask ? (
                <Link className="link" href={`/tasks/${job.newestTask.id}`}>
                  <Time at={job.newestTask.intervalStart} until={job.newestTask.intervalEnd} zone={timezone} />
                </Link>
              ) : (
                <span className="qq">none yet</span>
              )}
            </td>
            <td className="p2">
              {job.nextDueAt ? <Time at={job.nextDueAt} zone={timezone} /> : <span className="qq">not planned</span>}
            </td>
            <td className="r">
              <Num value={job.successShare === null ? null : job.successShare * 100} decimals={1} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
