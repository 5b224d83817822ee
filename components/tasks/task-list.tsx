"use client";

import { useRouter } from "next/navigation";
import { useQueryStates } from "nuqs";
import { useState, useTransition } from "react";
import { LinkButton } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Empty } from "@/components/ui/empty";
import { formatNumber } from "@/components/ui/format";
import { useHeldRows } from "@/components/ui/held-rows";
import { Pager } from "@/components/ui/pager";
import type { TaskDto } from "@/lib/tasks/schemas";
import { CheckedBar } from "./checked-bar";
import type { TaskVerbs } from "./task-actions";
import { type taskListSorts, taskQuery } from "./task-query";
import { TaskTable } from "./task-table";

/** One page of tasks with the bar that acts on those checked, or on all that the filter names. */
export function TaskList(
  props: TaskVerbs & {
    tasks: TaskDto[];
    /** All that the filter names, on every page. */
    total: number;
    /** The verbs' filter of this list; null: nothing narrows it, so it cannot be acted on as a whole. */
    filter: Record<string, unknown> | null;
    canOperate: boolean;
    isFiltered: boolean;
    nextHref: string | null;
    firstHref: string | null;
  },
) {
  const { total, filter, canOperate, isFiltered, nextHref, firstHref, ...verbs } = props;
  const router = useRouter();
  const [isPending, startTransition] = useTransition();
  const [query, setQuery] = useQueryStates(taskQuery, { shallow: false, startTransition, history: "push" });
  const { shown, waiting, left, showNew } = useHeldRows(props.tasks);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [isAll, setAll] = useState(false);
  const select = (ids: ReadonlySet<string>) => {
    setSelected(ids);
    setAll(false);
  };

  if (shown.length === 0) {
    return (
      <Card>
        <Empty
          title={isFiltered ? "No task fits these filters" : "No tasks yet"}
          action={!isFiltered && <LinkButton href="/jobs">See jobs</LinkButton>}
        >
          {isFiltered
            ? "Take a filter off to see others."
            : "A job makes a task for each interval as soon as it is due."}
        </Empty>
      </Card>
    );
  }
  const isPage = shown.every((task) => selected.has(task.id));
  return (
    <>
      <Card aria-busy={isPending}>
        {(waiting > 0 || left > 0) && (
          <button type="button" className="newrows" onClick={showNew}>
            {waiting > 0 ? `${formatNumber(waiting)} new` : `${formatNumber(left)} left this list`}, show the list as it
            is now
          </button>
        )}
        <TaskTable
          tasks={shown}
          sort={{ column: query.sort, descending: query.dir === "desc" }}
          onSort={({ column, descending }) =>
            void setQuery({
              sort: column as (typeof taskListSorts)[number],
              // Most first is what one looks for in a column that was not sorted before.
              dir: column === query.sort && !descending ? "asc" : "desc",
              cursor: null,
            })
          }
          selected={canOperate ? selected : undefined}
          onSelect={canOperate ? select : undefined}
        />
        <Pager previous={firstHref} next={nextHref} previousLabel="First page">
          {shown.length < total
            ? `${formatNumber(shown.length)} of ${formatNumber(total)} tasks`
            : `${formatNumber(total)} ${total === 1 ? "task" : "tasks"}`}
        </Pager>
      </Card>
      {selected.size > 0 && (
        <CheckedBar
          {...verbs}
          label="Selected tasks"
          selection={isAll && filter ? { filter } : { taskIds: [...selected] }}
          onClear={() => select(new Set())}
          onDone={() => {
            select(new Set());
            showNew();
            router.refresh();
          }}
        >
          <b className="strong">{formatNumber(isAll ? total : selected.size)} selected</b>
          {isPage && !isAll && filter && total > selected.size ? (
            <button type="button" className="link figs" onClick={() => setAll(true)}>
              Select all {formatNumber(total)} that fit
            </button>
          ) : (
            <span>{isAll ? "Every task that fits the filters" : "Nothing happens before you have seen what"}</span>
          )}
        </CheckedBar>
      )}
    </>
  );
}
