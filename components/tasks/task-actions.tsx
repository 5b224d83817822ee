"use client";

import { useRouter } from "next/navigation";
import { useTransition } from "react";
import { Button } from "@/components/ui/button";
import { useToast } from "@/components/ui/toast";
import type { Action } from "@/lib/action";
import type { TaskState } from "@/lib/db/schema/tasks";
import type { BulkResult } from "@/lib/tasks/schemas";

export interface TaskVerbs {
  retry: Action<BulkResult>;
  cancel: Action<BulkResult>;
}

/** Calls a verb for tasks by id and says what came of it. */
export function useTaskVerbs({ retry, cancel }: TaskVerbs) {
  const toast = useToast();
  const router = useRouter();
  const [isBusy, startTransition] = useTransition();
  const run = (verb: Action<BulkResult>, input: object, done: (count: number) => string, after?: () => void) =>
    startTransition(async () => {
      const answer = await verb(null, input);
      if (answer.ok) toast({ title: done(answer.data.affected) });
      else toast({ title: "Refused", detail: answer.message, state: "failed" });
      if (answer.ok) after?.();
      router.refresh();
    });
  const words = (count: number, what: string) => `${count} ${count === 1 ? "task" : "tasks"} ${what}`;
  return {
    isBusy,
    retry: (taskIds: string[], options: { force?: boolean; after?: () => void } = {}) =>
      run(retry, { taskIds, force: options.force ?? false }, (count) => words(count, "queued"), options.after),
    cancel: (taskIds: string[], options: { after?: () => void } = {}) =>
      run(cancel, { taskIds }, (count) => words(count, "cancelled"), options.after),
  };
}

/** Retry, ask again and cancel of one task, at the head of its page. */
export function TaskActions(props: TaskVerbs & { taskId: string; state: TaskState; stage: string }) {
  const { taskId, state, stage, ...verbs } = props;
  const { retry, cancel, isBusy } = useTaskVerbs(verbs);
  const isOpen = state === "pending" || state === "queued" || state === "running" || state === "waiting";
  return (
    <>
      {isOpen && (
        <Button icon="close" busy={isBusy} onClick={() => cancel([taskId])}>
          Cancel
        </Button>
      )}
      {!isOpen && (
        <Button icon="bolt" busy={isBusy} onClick={() => retry([taskId], { force: true })}>
          Fetch again
        </Button>
      )}
      {(!isOpen || state === "waiting") && (
        <Button variant="primary" icon="retry" busy={isBusy} onClick={() => retry([taskId])}>
          {isOpen ? "Retry now" : `Retry from ${stage}`}
        </Button>
      )}
    </>
  );
}
