"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Empty } from "@/components/ui/empty";
import { Pager } from "@/components/ui/pager";
import type { TaskDto } from "@/lib/tasks/schemas";
import { RetryDialog } from "./retry-dialog";
import { type TaskVerbs, useTaskVerbs } from "./task-actions";
import { TaskTable } from "./task-table";

/** One page of tasks with the bar that acts on those checked. */
export function TaskList(
  props: TaskVerbs & {
    tasks: TaskDto[];
    canOperate: boolean;
    isFiltered: boolean;
    nextHref: string | null;
    firstHref: string | null;
  },
) {
  const { tasks, canOperate, isFiltered, nextHref, firstHref, ...verbs } = props;
  const [selected, setSelected] = useState<Set<string>>(new Set());
  /** Being previewed; `force`: ask the source again. */
  const [asked, setAsked] = useState<{ force: boolean } | null>(null);
  const { cancel, isBusy } = useTaskVerbs(verbs);
  const clear = () => setSelected(new Set());
  if (tasks.length === 0) {
    return (
      <Card>
        <Empty title={isFiltered ? "No tasks here" : "No tasks yet"}>
          A job makes a task for each interval as soon as it is due.
          {isFiltered ? " Take a filter off to see others." : " Add a job to a meter to begin."}
        </Empty>
      </Card>
    );
  }
  return (
    <>
      <Card>
        <TaskTable
          tasks={tasks}
          selected={canOperate ? selected : undefined}
          onSelect={canOperate ? setSelected : undefined}
        />
        <Pager previous={firstHref} next={nextHref}>
          {tasks.length} tasks, newest intervals first
        </Pager>
      </Card>
      {selected.size > 0 && (
        <div className="abar" role="toolbar" aria-label="Selected tasks" data-holds-refresh="">
          <div className="info">
            <b className="strong">{selected.size} selected</b>
            <span>What would happen is shown first</span>
          </div>
          <Button variant="quiet" icon="retry" onClick={() => setAsked({ force: false })}>
            Retry
          </Button>
          <Button variant="quiet" icon="bolt" onClick={() => setAsked({ force: true })}>
            Fetch again
          </Button>
          <Button variant="quiet" icon="close" busy={isBusy} onClick={() => cancel([...selected], { after: clear })}>
            Cancel
          </Button>
        </div>
      )}
      {asked && (
        <RetryDialog
          orders={[{ taskIds: [...selected] }]}
          force={asked.force}
          retry={verbs.retry}
          onClose={() => setAsked(null)}
          onDone={clear}
        />
      )}
    </>
  );
}
