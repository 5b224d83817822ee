"use client";

import { useRouter } from "next/navigation";
import { useEffect, useMemo, useRef, useTransition } from "react";
import { type Key, useKeys } from "@/components/shell/keys";
import { Button } from "@/components/ui/button";
import { Menu, MenuItem, MenuRule } from "@/components/ui/menu";
import { useToast } from "@/components/ui/toast";
import type { Action } from "@/lib/action";
import { etlStages, type Stage } from "@/lib/db/schema/tasks";
import type { BulkResult, TaskDetail } from "@/lib/tasks/schemas";
import { stageWord } from "./stage-word";
import { startWords } from "./start-words";

export interface TaskVerbs {
  retry: Action<BulkResult>;
  cancel: Action<BulkResult>;
}

/** Calls a verb for tasks by id and says what came of it. */
export function useTaskVerbs({ retry, cancel }: TaskVerbs) {
  const toast = useToast();
  const router = useRouter();
  const [isBusy, startTransition] = useTransition();
  const run = (verb: Action<BulkResult>, input: object, done: (count: number) => string) =>
    startTransition(async () => {
      const answer = await verb(null, input);
      if (answer.ok)
        toast({ title: done(answer.data.affected), detail: verb === retry ? startWords(answer) : undefined });
      else toast({ title: "Refused", detail: answer.message, state: "failed" });
      router.refresh();
    });
  const words = (count: number, what: string) => `${count} ${count === 1 ? "task" : "tasks"} ${what}`;
  return {
    isBusy,
    retry: (taskIds: string[], options: { force?: boolean; fromStage?: Stage } = {}) =>
      run(retry, { taskIds, force: options.force ?? false, fromStage: options.fromStage }, (count) =>
        words(count, "queued"),
      ),
    cancel: (taskIds: string[]) => run(cancel, { taskIds }, (count) => words(count, "cancelled")),
  };
}

/** At the head of a task's page: retry from where it stands, or (in the menu) from an earlier stage, ask again, cancel. */
export function TaskActions({
  task,
  stages,
  ...verbs
}: TaskVerbs & { task: Pick<TaskDetail, "id" | "state" | "stage" | "waitReason">; stages: readonly Stage[] }) {
  const { retry, cancel, isBusy } = useTaskVerbs(verbs);
  const { id, state, stage, waitReason } = task;
  const isUnderWay = ["pending", "queued", "running"].includes(state);
  const canCancel = isUnderWay || state === "waiting";
  const reached = stages.slice(0, stages.indexOf(stage) + 1);
  const latest = useRef({ retry, cancel });
  useEffect(() => {
    latest.current = { retry, cancel };
  });
  const isEtl = stages.includes("collection");
  const keys = useMemo<Key[]>(
    () =>
      isUnderWay
        ? [{ key: "c", label: "Cancel this task", run: () => latest.current.cancel([id]) }]
        : [
            { key: "r", label: `Retry from ${stage}`, run: () => latest.current.retry([id], fromOf(stage)) },
            ...(isEtl
              ? [{ key: "f", label: "Fetch again", run: () => latest.current.retry([id], { force: true }) }]
              : []),
          ],
    [id, stage, isUnderWay, isEtl],
  );
  useKeys("This task", keys);

  if (isUnderWay) {
    return (
      <Button icon="close" keyHint="C" busy={isBusy} onClick={() => cancel([id])}>
        Cancel
      </Button>
    );
  }
  return (
    <>
      <Menu align="end" trigger={<Button icon="more" aria-label="More ways to run it again" />}>
        {(isEtl ? reached.toReversed() : []).map((each) => (
          <MenuItem key={each} icon="retry" onSelect={() => retry([id], { fromStage: each })}>
            {each === "collection" ? "Retry from collection, as the job is set" : `Retry from ${each}`}
          </MenuItem>
        ))}
        {isEtl && (
          <MenuItem icon="bolt" keyHint="F" onSelect={() => retry([id], { force: true })}>
            Fetch again from the source
          </MenuItem>
        )}
        {canCancel && (
          <>
            <MenuRule />
            <MenuItem icon="close" danger onSelect={() => cancel([id])}>
              Cancel this task
            </MenuItem>
          </>
        )}
      </Menu>
      <Button
        variant={state === "succeeded" || waitReason === "review" ? "default" : "primary"}
        icon="retry"
        keyHint="R"
        busy={isBusy}
        onClick={() => retry([id], fromOf(stage))}
      >
        {state === "waiting" ? "Retry now" : !isEtl ? "Retry" : `Retry from ${stageWord(stage).toLowerCase()}`}
      </Button>
    </>
  );
}

/** A task that makes a record always begins at its first stage. */
function fromOf(stage: Stage): { fromStage?: Stage } {
  return (etlStages as readonly Stage[]).includes(stage) ? { fromStage: stage } : {};
}
