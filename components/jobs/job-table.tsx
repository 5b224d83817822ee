"use client";

import Link from "next/link";
import { type Column, DataTable } from "@/components/ui/data-table";
import { Num } from "@/components/ui/num";
import { Time } from "@/components/ui/time";
import type { JobListRow } from "@/lib/jobs/job-list";
import { JobStatus, TaskStateMark } from "./job-status";

/** The jobs of one page. */
export function JobTable({ rows }: { rows: JobListRow[] }) {
  return <DataTable label="Jobs" columns={columns} rows={rows} twoLines />;
}

const columns: readonly Column<JobListRow>[] = [
  {
    id: "job",
    header: "Job",
    list: 1,
    cell: (row) => (
      <Link className="two" href={`/jobs/${row.id}`}>
        <b>{row.meterName}</b>
        <span>{row.name}</span>
      </Link>
    ),
  },
  { id: "type", header: "Type", drop: 3, cell: (row) => row.type.toUpperCase() },
  { id: "interval", header: "Interval", drop: 2, cell: (row) => <code>{row.interval}</code> },
  { id: "status", header: "Status", list: 2, cell: (row) => <JobStatus status={row.status} ink /> },
  {
    id: "due",
    header: "Next due",
    drop: 1,
    cell: (row) =>
      row.nextDueAt ? <Time at={row.nextDueAt} zone={row.timezone} /> : <span className="qq">not planned</span>,
  },
  {
    id: "newest",
    header: "Newest task",
    list: 3,
    cell: (row) =>
      row.newestTask ? (
        <Link className="two" href={`/tasks/${row.newestTask.id}`}>
          <TaskStateMark state={row.newestTask.state} />
          <span>
            <Time at={row.newestTask.intervalStart} until={row.newestTask.intervalEnd} zone={row.timezone} />
          </span>
        </Link>
      ) : (
        <span className="qq">none yet</span>
      ),
  },
  { id: "open", header: "Open", right: true, drop: 2, cell: (row) => <Num value={row.open} /> },
  {
    id: "failed",
    header: "Failed",
    right: true,
    drop: 1,
    cell: (row) =>
      row.failed > 0 ? (
        <Link className="link" href={`/tasks?job=${row.id}&state=failed`}>
          <Num value={row.failed} />
        </Link>
      ) : (
        <Num value={0} />
      ),
  },
  {
    id: "share",
    header: "7 days, %",
    right: true,
    drop: 0,
    cell: (row) => <Num value={row.successShare === null ? null : row.successShare * 100} decimals={1} />,
  },
];
