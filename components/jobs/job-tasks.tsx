"use client";

import Link from "next/link";
import { useRouter } from "next/navigation";
import { useMemo, useState } from "react";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Chip, FilterMenu } from "@/components/ui/chip";
import { type Column, DataTable } from "@/components/ui/data-table";
import { Empty } from "@/components/ui/empty";
import { formatInstant, formatNumber } from "@/components/ui/format";
import { Num } from "@/components/ui/num";
import { Pager } from "@/components/ui/pager";
import { states } from "@/components/ui/state";
import { Age, Time } from "@/components/ui/time";
import type { TaskState } from "@/lib/db/schema/tasks";
import type { TaskDto } from "@/lib/tasks/schemas";
import { CheckedBar } from "../tasks/checked-bar";
import { stageWord } from "../tasks/stage-word";
import type { TaskVerbs } from "../tasks/task-actions";
import { TaskStateMark } from "./job-status";
import { OpenRows } from "./open-rows";

/** The same intervals as the grid, as a table: one page, filtered by the URL, with a bar that acts on those checked. */
export function JobTasks(
  props: TaskVerbs & {
    tasks: TaskDto[];
    counts: Partial<Record<TaskState, number>>;
    /** Of the URL. */
    state: TaskState | null;
    range: { from: string | null; to: string | null };
    timezone: string;
    canOperate: boolean;
    path: string;
    nextHref: string | null;
    firstHref: string | null;
  },
) {
  const { tasks, counts, state, range, timezone, canOperate, path, nextHref, firstHref, ...verbs } = props;
  const router = useRouter();
  const columns = useMemo(() => columnsIn(timezone), [timezone]);
  const [selected, setSelected] = useState<Set<string>>(new Set());
  const all = Object.values(counts).reduce((sum, count) => sum + (count ?? 0), 0);
  const href = (changes: { state?: string | null; from?: string | null; to?: string | null }) => {
    const given = { tab: "list", state, ...range, ...changes };
    const params = new URLSearchParams(Object.entries(given).flatMap(([key, value]) => (value ? [[key, value]] : [])));
    return `${path}?${params}`;
  };
  const isFiltered = state !== null || range.from !== null;
  return (
    <>
      <div className="filters">
        <FilterMenu
          name="State"
          value={state}
          any={`Any, ${formatNumber(all)}`}
          options={(Object.keys(counts) as TaskState[]).map((each) => ({
            value: each,
            label: states[each].word,
            note: formatNumber(counts[each] ?? 0),
          }))}
          onChange={(next) => router.replace(href({ state: next }), { scroll: false })}
        />
        {range.from && range.to && (
          <Chip
            name="Interval"
            value={<Time at={range.from} until={range.to} zone={timezone} named />}
            removeLabel="Take the range off"
            onRemove={() => router.replace(href({ from: null, to: null }), { scroll: false })}
          />
        )}
      </div>
      <Card>
        {tasks.length === 0 ? (
          <Empty
            title={isFiltered ? "No task fits these filters" : "No tasks yet"}
            action={isFiltered && <Button onClick={() => router.replace(`${path}?tab=list`)}>Clear filters</Button>}
          >
            {isFiltered
              ? "Take a filter off to see others."
              : "The job makes a task for each interval as soon as it is due."}
          </Empty>
        ) : (
          <>
            <OpenRows>
              <DataTable
                label="Intervals"
                columns={columns}
                rows={tasks}
                tight
                selected={canOperate ? selected : undefined}
                onSelect={canOperate ? setSelected : undefined}
                rowLabel={(task) => formatInstant(new Date(task.intervalStart), timezone, "date-time")}
              />
            </OpenRows>
            <Pager previous={firstHref} next={nextHref}>
              {formatNumber(tasks.length)} of {formatNumber(state ? (counts[state] ?? 0) : all)}, newest first
            </Pager>
          </>
        )}
      </Card>
      {selected.size > 0 && (
        <CheckedBar
          {...verbs}
          label="Checked intervals"
          selection={{ taskIds: [...selected] }}
          onClear={() => setSelected(new Set())}
          onDone={() => {
            setSelected(new Set());
            router.refresh();
          }}
        >
          <b className="strong">
            {formatNumber(selected.size)} {selected.size === 1 ? "interval" : "intervals"}
          </b>
          <span>Nothing happens before you have seen what</span>
        </CheckedBar>
      )}
    </>
  );
}

const columnsIn = (timezone: string): readonly Column<TaskDto>[] => [
  {
    id: "interval",
    header: "Interval",
    list: 1,
    cell: (task) => (
      <Link className="link strong lead" href={`/tasks/${task.id}`}>
        <Time at={task.intervalStart} until={task.intervalEnd} zone={timezone} />
      </Link>
    ),
  },
  {
    id: "state",
    header: "State",
    list: 2,
    cell: (task) => <TaskStateMark state={task.state} waitReason={task.waitReason} />,
  },
  {
    id: "readings",
    header: "Readings",
    right: true,
    drop: 0,
    cell: (task) => {
      const isShort = task.readingsPresent < task.readingsExpected;
      return (
        <>
          {isShort ? (
            <b className="strong">{formatNumber(task.readingsPresent)}</b>
          ) : (
            formatNumber(task.readingsPresent)
          )}{" "}
          <span className="qq">of {formatNumber(task.readingsExpected)}</span>
        </>
      );
    },
  },
  {
    id: "changed",
    header: "Restated",
    right: true,
    drop: 3,
    cell: (task) => <Num value={task.rowsChanged} />,
  },
  { id: "stage", header: "Stage", drop: 2, cell: (task) => stageWord(task.stage) },
  {
    id: "retries",
    header: "Retries",
    right: true,
    drop: 1,
    cell: (task) => <Num value={task.retryCount} />,
  },
  {
    id: "reason",
    header: "Reason",
    clip: true,
    list: 3,
    cell: (task) => <Reason task={task} timezone={timezone} />,
  },
  { id: "age", header: "Last change", right: true, drop: 1, cell: (task) => <Age at={task.updatedAt} /> },
];

function Reason({ task, timezone }: { task: TaskDto; timezone: string }) {
  const last = task.executionErrs.at(-1);
  if (task.state === "succeeded") {
    if (task.readingsPresent === 0 && task.readingsExpected > 0)
      return <span className="q">No data from the vendor</span>;
    if (task.readingsPresent < task.readingsExpected) {
      const missing = task.readingsExpected - task.readingsPresent;
      return (
        <span className="q">
          {formatNumber(missing)} {missing === 1 ? "reading" : "readings"} missing
        </span>
      );
    }
    return <span className="qq m-hide">none</span>;
  }
  return (
    <>
      {task.waitUntil && task.state === "waiting" && (
        <>
          Until <Time at={task.waitUntil} zone={timezone} style="time" />.{" "}
        </>
      )}
      {last ? (
        <>
          <code>{last.code}</code> {last.message}
        </>
      ) : (
        <span className="qq m-hide">none</span>
      )}
    </>
  );
}
