"use client";

import Link from "next/link";
import { type Column, DataTable, type Sort } from "@/components/ui/data-table";
import { formatNumber } from "@/components/ui/format";
import { Num } from "@/components/ui/num";
import { State } from "@/components/ui/state";
import { Strip } from "@/components/ui/strip";
import { Age, Time } from "@/components/ui/time";
import type { JobListRow } from "@/lib/jobs/job-list-row";
import { durationWords } from "./duration-words";
import { JobStatus, TaskStateMark } from "./job-status";
import { OpenRows } from "./open-rows";

/** The jobs of one page; a press anywhere on a row opens its job, sorted by the server, as the URL says. */
export function JobTable(props: { rows: JobListRow[]; sort: Sort; onSort: (sort: Sort) => void }) {
  return (
    <OpenRows>
      <DataTable label="Jobs" columns={columns} rows={props.rows} sort={props.sort} onSort={props.onSort} twoLines />
    </OpenRows>
  );
}

const columns: readonly Column<JobListRow>[] = [
  {
    id: "job",
    header: "Job",
    list: 1,
    sortValue: (row) => row.meterName,
    cell: (row) => (
      <Link className="two lead" href={`/jobs/${row.id}`} title={row.meterName}>
        <b>{row.meterName}</b>
        <span>{row.name}</span>
      </Link>
    ),
  },
  {
    id: "type",
    header: "Type",
    drop: 3,
    cell: (row) => (
      <span className="two">
        {row.type.toUpperCase()}
        <span>{row.meterType}</span>
      </span>
    ),
  },
  {
    id: "interval",
    header: "Interval",
    drop: 2,
    sortValue: (row) => row.interval,
    cell: (row) => (
      <span className="two">
        {durationWords(row.interval)}
        <span className="mono">{row.interval}</span>
      </span>
    ),
  },
  {
    id: "status",
    header: "Status",
    list: 2,
    sortValue: (row) => row.status,
    cell: (row) => (
      <span className="two">
        <JobStatus status={row.status} trigger={row.trigger} ink />
        {row.backfill ? (
          <Link className="link sub" href={`/jobs/${row.id}?tab=backfills`}>
            Backfill {row.backfill}
          </Link>
        ) : (
          row.pauseReason && row.status === "paused" && <span>{row.pauseReason}</span>
        )}
      </span>
    ),
  },
  {
    id: "due",
    header: "Next due",
    drop: 1,
    sortValue: (row) => row.nextDueAt,
    cell: (row) =>
      row.nextDueAt ? (
        <span className="two">
          <Time at={row.nextDueAt} zone={row.timezone} />
          <span>
            <Age at={row.nextDueAt} zone={row.timezone} />
          </span>
        </span>
      ) : (
        <span className="qq">
          {row.status === "paused" ? "when resumed" : row.trigger === "upload" ? "with a file" : "never"}
        </span>
      ),
  },
  {
    id: "newest",
    header: "Newest task",
    drop: 0,
    sortValue: (row) => row.newestTask?.intervalStart ?? null,
    cell: (row) =>
      row.newestTask ? (
        <span className="two">
          <TaskStateMark state={row.newestTask.state} waitReason={row.newestTask.waitReason} />
          <span>
            <NewestLink row={row} />
          </span>
        </span>
      ) : (
        <span className="qq">none yet</span>
      ),
  },
  { id: "open", header: "Open", right: true, drop: 3, cell: (row) => <Num value={row.open} /> },
  {
    id: "failed",
    header: "Failed",
    right: true,
    drop: 1,
    sortValue: (row) => row.failed,
    cell: (row) => <Failed row={row} />,
  },
  {
    id: "week",
    header: "7 days, % succeeded",
    right: true,
    list: 3,
    cell: (row) => (
      <>
        <span className="mrow">
          <span>
            {row.failed > 0 ? (
              <State state="failed" ink>
                {formatNumber(row.failed)} failed
              </State>
            ) : row.nextDueAt ? (
              <>
                Due <Age at={row.nextDueAt} zone={row.timezone} />
              </>
            ) : (
              durationWords(row.interval)
            )}
          </span>
          <span>
            {row.weekShare === null ? "nothing finished" : <Num value={row.weekShare * 100} decimals={1} unit="%" />}
          </span>
        </span>
        <span className="week">
          <Strip days={row.week.map(dayShare)} label={weekWords(row)} />
          <span className="m-hide">
            <Num value={row.weekShare === null ? null : row.weekShare * 100} decimals={1} />
          </span>
        </span>
      </>
    ),
  },
];

function NewestLink({ row }: { row: JobListRow }) {
  const task = row.newestTask;
  if (!task) return null;
  return (
    <Link className="link" href={`/tasks/${task.id}`}>
      <Time at={task.intervalStart} until={task.intervalEnd} zone={row.timezone} />
    </Link>
  );
}

function Failed({ row }: { row: JobListRow }) {
  if (row.failed === 0) return <Num value={0} />;
  return (
    <Link className="link" href={`/jobs/${row.id}?tab=list&state=failed`}>
      <Num value={row.failed} />
    </Link>
  );
}

function dayShare({ day, succeeded, failed }: JobListRow["week"][number]) {
  return { day, coverage: succeeded + failed > 0 ? succeeded / (succeeded + failed) : null };
}

function weekWords({ week, weekShare }: JobListRow): string {
  if (weekShare === null) return "Tasks of the last 7 days: none finished";
  const failed = week.reduce((sum, day) => sum + day.failed, 0);
  return `Tasks of the last 7 days: ${formatNumber(weekShare * 100, 1)} % succeeded, ${formatNumber(failed)} failed`;
}
