"use client";

import Link from "next/link";
import { type Column, DataTable, type Sort } from "@/components/ui/data-table";
import { formatLength } from "@/components/ui/format";
import { Num } from "@/components/ui/num";
import { Age, Time } from "@/components/ui/time";
import type { TaskDto } from "@/lib/tasks/schemas";
import { TaskStateMark } from "../jobs/job-status";
import { IntervalName } from "./interval-title";
import { stageWord } from "./stage-word";
import { standingErr } from "./standing-err";

/** Tasks of one page; checked ones are acted on by the bar below. */
export function TaskTable(props: {
  tasks: readonly TaskDto[];
  sort: Sort;
  onSort: (sort: Sort) => void;
  selected?: ReadonlySet<string>;
  onSelect?: (ids: Set<string>) => void;
}) {
  return (
    <DataTable
      label="Tasks"
      columns={columns}
      rows={props.tasks}
      sort={props.sort}
      onSort={props.onSort}
      selected={props.selected}
      onSelect={props.onSelect}
      rowLabel={(task) => `${task.meterName}, ${task.intervalStart.toISOString()}`}
    />
  );
}

const columns: readonly Column<TaskDto>[] = [
  {
    id: "state",
    header: "State",
    list: 2,
    cell: (task) => <TaskStateMark state={task.state} waitReason={task.waitReason} />,
  },
  {
    id: "meter",
    header: "Meter",
    list: 1,
    cell: (task) => (
      <Link className="strong" href={`/tasks/${task.id}`}>
        {task.meterName}
      </Link>
    ),
  },
  { id: "job", header: "Job", drop: 3, cell: (task) => <span className="q">{task.jobName}</span> },
  {
    id: "interval",
    header: "Interval",
    list: 3,
    sortValue: (task) => task.intervalStart.getTime(),
    cell: (task) => (
      <span className="q">
        <IntervalName
          from={task.intervalStart.toISOString()}
          to={task.intervalEnd.toISOString()}
          zone={task.timezone}
          short={task.intervalEnd.getTime() - task.intervalStart.getTime() >= 82_800_000}
        />
      </span>
    ),
  },
  { id: "stage", header: "Stage", drop: 2, cell: (task) => <span className="q">{stageWord(task.stage)}</span> },
  { id: "reason", header: "Reason", drop: 1, list: 3, clip: true, cell: (task) => <Reason task={task} /> },
  {
    id: "retries",
    header: "Retries",
    right: true,
    drop: 3,
    sortValue: (task) => task.retryCount,
    cell: (task) => <Num value={task.retryCount} />,
  },
  {
    id: "worked",
    header: "Worked",
    right: true,
    drop: 2,
    sortValue: workedMs,
    cell: (task) => <span className="q">{workedWords(workedMs(task))}</span>,
  },
  {
    id: "changed",
    header: "Changed",
    right: true,
    drop: 0,
    sortValue: (task) => task.updatedAt.getTime(),
    cell: (task) => (
      <span className="q">
        <Age at={task.updatedAt} zone={task.timezone} />
      </span>
    ),
  },
];

/** Why it stands as it does. */
function Reason({ task }: { task: TaskDto }) {
  const err = standingErr(task);
  if (err) {
    return (
      <>
        <code className="q mr-2">{err.code}</code>
        <span className="q" title={err.message}>
          {err.message}
        </span>
        {task.waitUntil && (
          <span className="qq">
            {" until "}
            <Time at={task.waitUntil} zone={task.timezone} />
          </span>
        )}
      </>
    );
  }
  if (task.state === "waiting" && task.waitReason === "review") {
    return <span className="q">A person decides about its record</span>;
  }
  if (task.state === "succeeded" && task.rowsRejected > 0) {
    return <span className="q">{task.rowsRejected.toLocaleString("en")} rows rejected</span>;
  }
  if (task.state === "succeeded" && task.readingsPresent < task.readingsExpected) {
    const missing = task.readingsExpected - task.readingsPresent;
    return <span className="q">{missing.toLocaleString("en")} readings are missing</span>;
  }
  return null;
}

/** Of all attempts, without waits. */
function workedMs(task: TaskDto): number {
  return task.timings.reduce((sum, timing) => sum + Date.parse(timing.endedAt) - Date.parse(timing.startedAt), 0);
}

function workedWords(ms: number): string {
  if (ms === 0) return "";
  return ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : formatLength(ms / 1000);
}
