import Link from "next/link";
import { JobStatus, TaskStateMark } from "@/components/jobs/job-status";
import { Num } from "@/components/ui/num";
import { Strip } from "@/components/ui/strip";
import { Time } from "@/components/ui/time";
import type { MeterJobRow } from "@/lib/fleet/meter-jobs";

/** The jobs of one meter, in a card on its page. */
export function MeterJobs({ jobs, timezone }: { jobs: readonly MeterJobRow[]; timezone: string }) {
  return (
    <table className="tbl" aria-label="Jobs">
      <thead>
        <tr>
          <th>Job</th>
          <th>State</th>
          <th className="p0">Newest task</th>
          <th className="p1">Next due</th>
          <th>Last 30 days</th>
          <th className="r">%</th>
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
              <JobStatus status={job.status} trigger={job.trigger} ink />
            </td>
            <td className="p0 m3">
              {job.newestTask ? (
                <Link className="row tasklink" href={`/tasks/${job.newestTask.id}`}>
                  <Time at={job.newestTask.intervalStart} zone={timezone} />
                  <TaskStateMark state={job.newestTask.state} waitReason={job.newestTask.waitReason} ink={false} />
                </Link>
              ) : (
                <span className="qq">no task yet</span>
              )}
            </td>
            <td className="p1">
              {job.nextDueAt ? (
                <Time at={job.nextDueAt} zone={timezone} />
              ) : (
                <span className="qq">{job.trigger === "upload" ? "with a file" : "not planned"}</span>
              )}
            </td>
            <td className="m3">
              {job.coverage === null ? (
                <span className="qq">no tasks</span>
              ) : (
                <Strip days={job.strip} label={`Coverage of ${job.name}, last 30 days`} />
              )}
            </td>
            <td className="r">
              <Num value={job.coverage === null ? null : job.coverage * 100} decimals={1} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
