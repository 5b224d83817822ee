"use client";

import { useRouter } from "next/navigation";
import { useTransition } from "react";
import { Button } from "@/components/ui/button";
import { useToast } from "@/components/ui/toast";
import type { Action } from "@/lib/action";
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

/** Retries the failed tasks of a job in these ranges: planned first, so that what changed in between is refused. */
export function useRangeRetry({ retry }: TaskVerbs) {
  const toast = useToast();
  const router = useRouter();
  const [isBusy, startTransition] = useTransition();
  const retryRange = (jobId: string, ranges: readonly { from: string; to: string }[]) =>
    startTransition(async () => {
      let queued = 0;
      for (const range of ranges) {
        const filter = { jobId, ...range, state: ["failed"] };
        const plan = await retry(null, { filter, dryRun: true });
        if (plan.ok && plan.data.affected === 0) continue;
        const answer = plan.ok ? await retry(null, { filter, planToken: plan.data.planToken }) : plan;
        if (!answer.ok) {
          toast({ title: "Refused", detail: answer.message, state: "failed" });
          break;
        }
        queued += answer.data.affected;
      }
      if (queued > 0) toast({ title: `${queued} ${queued === 1 ? "task" : "tasks"} queued` });
      router.refresh();
    });
  return { retryRange, isBusy };
}

/** Retry, ask again and cancel of one task, at the head of its page. */
export function TaskActions({
  taskId,
  canCancel,
  stage,
  ...verbs
}: TaskVerbs & { taskId: string; canCancel: boolean; stage: string }) {
  const { retry, cancel, isBusy } = useTaskVerbs(verbs);
  return canCancel ? (
    <Button icon="close" busy={isBusy} onClick={() => cancel([taskId])}>
      Cancel
    </Button>
  ) : (
    <>
      <Button icon="bolt" busy={isBusy} onClick={() => retry([taskId], { force: true })}>
        Fetch again
      </Button>
      <Button variant="primary" icon="retry" busy={isBusy} onClick={() => retry([taskId])}>
        Retry from {stage}
      </Button>
    </>
  );
}
