"use client";

import Link from "next/link";
import { type Column, DataTable } from "@/components/ui/data-table";
import { Num } from "@/components/ui/num";
import { Age, Time } from "@/components/ui/time";
import type { TaskDto } from "@/lib/tasks/schemas";
import { TaskStateMark } from "../jobs/job-status";
import { stageWord } from "./stage-word";

/** Tasks of one page; checked ones are acted on by the bar below. */
export function TaskTable(props: {
  tasks: TaskDto[];
  selected?: ReadonlySet<string>;
  onSelect?: (ids: Set<string>) => void;
}) {
  return (
    <DataTable
      label="Tasks"
      columns={columns}
      rows={props.tasks}
      selected={props.selected}
      onSelect={props.onSelect}
      rowLabel={(task) => `${task.meterName}, ${task.intervalStart}`}
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
      <Link href={`/tasks/${task.id}`}>
        <b>{task.meterName}</b>
      </Link>
    ),
  },
  {
    id: "interval",
    header: "Interval",
    list: 3,
    cell: (task) => <Time at={task.intervalStart} until={task.intervalEnd} />,
  },
  { id: "stage", header: "Stage", drop: 2, cell: (task) => stageWord(task.stage) },
  {
    id: "reason",
    header: "Reason",
    drop: 1,
    clip: true,
    cell: (task) => {
      const last = task.executionErrs.at(-1);
      if (!last || task.state === "succeeded") return <span className="qq">none</span>;
      return (
        <>
          <code>{last.code}</code> {last.message}
        </>
      );
    },
  },
  {
    id: "readings",
    header: "Readings",
    right: true,
    drop: 2,
    cell: (task) => (
      <>
        <Num value={task.readingsPresent} /> <span className="qq">of {task.readingsExpected}</span>
      </>
    ),
  },
  { id: "retries", header: "Retries", right: true, drop: 3, cell: (task) => <Num value={task.retryCount} /> },
  { id: "changed", header: "Changed", right: true, drop: 0, cell: (task) => <Age at={task.updatedAt} /> },
];
