"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Empty } from "@/components/ui/empty";
import { Pager } from "@/components/ui/pager";
import type { TaskDto } from "@/lib/tasks/schemas";
import { type TaskVerbs, useTaskVerbs } from "./task-actions";
import { TaskTable } from "./task-table";

/** One page of tasks with the bar that acts on those checked. */
export function TaskList(
  props: TaskVerbs & { tasks: TaskDto[]; canOperate: boolean; nextHref: string | null; firstHref: string | null },
) {
  const { tasks, canOperate, nextHref, firstHref, ...verbs } = props;
  const [selected, setSelected] = useState<Set<string>>(new Set());
  const { retry, cancel, isBusy } = useTaskVerbs(verbs);
  const clear = () => setSelected(new Set());
  if (tasks.length === 0) {
    return (
      <Card>
        <Empty title="No tasks here">
          A job makes a task for each interval as soon as it is due. Take a filter off to see others.
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
            <span>Finished tasks are collected again</span>
          </div>
          <Button variant="quiet" icon="retry" busy={isBusy} onClick={() => retry([...selected], { after: clear })}>
            Retry
          </Button>
          <Button
            variant="quiet"
            icon="bolt"
            busy={isBusy}
            onClick={() => retry([...selected], { force: true, after: clear })}
          >
            Fetch again
          </Button>
          <Button variant="quiet" icon="close" busy={isBusy} onClick={() => cancel([...selected], { after: clear })}>
            Cancel
          </Button>
        </div>
      )}
    </>
  );
}
