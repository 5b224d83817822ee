"use client";

import { useRouter } from "next/navigation";
import { useEffect, useState, useTransition } from "react";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose } from "@/components/ui/dialog";
import { Effect, EffectLine } from "@/components/ui/effect";
import { formatNumber } from "@/components/ui/format";
import { Note } from "@/components/ui/note";
import { Skeleton } from "@/components/ui/skeleton";
import { states } from "@/components/ui/state";
import { Time } from "@/components/ui/time";
import { useToast } from "@/components/ui/toast";
import type { Action } from "@/lib/action";
import type { BulkResult } from "@/lib/tasks/schemas";

/** Which tasks: checked ones, or those of a job that failed in a range. */
export type RetryOrder =
  | { taskIds: string[] }
  | { filter: { jobId: string; from: string; to: string; state: string[] } };

/** What a retry of many tasks would do, counted now, and the button that does exactly that or is refused. */
export function RetryDialog(props: {
  orders: readonly RetryOrder[];
  /** Ask the source again, whatever is archived. */
  force: boolean;
  retry: Action<BulkResult>;
  onClose: () => void;
  onDone?: () => void;
}) {
  const { orders, force, retry, onClose, onDone } = props;
  const router = useRouter();
  const toast = useToast();
  const [counted, setCounted] = useState<{ plans: BulkResult[]; at: Date } | { problem: string } | null>(null);
  const [isRunning, startTransition] = useTransition();
  const count = async () => {
    const answers = await Promise.all(orders.map((order) => retry(null, { ...order, force, dryRun: true })));
    const refused = answers.find((answer) => !answer.ok);
    setCounted(
      refused && !refused.ok
        ? { problem: refused.message }
        : { plans: answers.flatMap((answer) => (answer.ok ? [answer.data] : [])), at: new Date() },
    );
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: counted once; a refusal counts again.
  useEffect(() => void count(), []);

  const plans = counted && "plans" in counted ? counted.plans : null;
  const tasks = plans?.reduce((sum, { affected }) => sum + affected, 0) ?? 0;
  const words = plans ? `${formatNumber(tasks)} ${tasks === 1 ? "task" : "tasks"}` : "tasks";
  const run = () =>
    startTransition(async () => {
      let queued = 0;
      for (const [index, plan] of (plans ?? []).entries()) {
        if (plan.affected === 0) continue;
        const answer = await retry(null, { ...orders[index], force, planToken: plan.planToken });
        if (!answer.ok) {
          toast({ title: "Refused", detail: answer.message, state: "failed" });
          await count();
          return;
        }
        queued += answer.data.affected;
      }
      toast({ title: `${formatNumber(queued)} ${queued === 1 ? "task" : "tasks"} queued` });
      onDone?.();
      onClose();
      router.refresh();
    });

  return (
    <Dialog
      title={force ? `Fetch ${words} again` : `Retry ${words}`}
      open
      onOpenChange={(open) => !open && onClose()}
      footer={
        <>
          <DialogClose>
            <Button>Leave them</Button>
          </DialogClose>
          <Button variant="primary" busy={isRunning} disabled={tasks === 0} onClick={run}>
            {tasks === 0 ? "Nothing to run" : `Run ${words}`}
          </Button>
        </>
      }
    >
      {counted === null && <Skeleton height="120px" width="100%" />}
      {counted && "problem" in counted && (
        <Note state="failed" title="It cannot be planned">
          {counted.problem}
        </Note>
      )}
      {counted && "plans" in counted && (
        <>
          <RetryEffect plans={counted.plans} tasks={tasks} />
          <Note icon="lock">
            <p>
              Counted at <Time at={counted.at} style="seconds" />. If any of this changed when you run it, it is refused
              and counted again.
            </p>
          </Note>
        </>
      )}
    </Dialog>
  );
}

function RetryEffect({ plans, tasks }: { plans: readonly BulkResult[]; tasks: number }) {
  const sum = (pick: (plan: BulkResult) => number | undefined) =>
    plans.reduce((total, plan) => total + (pick(plan) ?? 0), 0);
  const leftAlone = sum(({ matching, affected }) => matching - affected);
  const quota = plans.map(({ effect }) => effect?.quota).find((each) => each);
  return (
    <Effect>
      <EffectLine name="Tasks" value={formatNumber(tasks)} note={stateWords(plans)} />
      {leftAlone > 0 && (
        <EffectLine name="Left alone" value={formatNumber(leftAlone)} note="Pending or under way, or archived" />
      )}
      <EffectLine name="Vendor calls, at most" value={formatNumber(sum(({ effect }) => effect?.vendorCalls))} />
      {quota && <EffectLine name="Quota left" value={`${formatNumber(quota.left)} of ${formatNumber(quota.limit)}`} />}
      <EffectLine
        name="Readings that may change"
        value={formatNumber(sum(({ effect }) => effect?.readingsOverwritten))}
        note="A changed value keeps the old one as a revision"
      />
    </Effect>
  );
}

/** `3 failed, 1 succeeded`: what is selected, before. */
function stateWords(plans: readonly BulkResult[]): string {
  const counts = new Map<keyof BulkResult["tasksByState"], number>();
  for (const { tasksByState } of plans) {
    for (const [state, count] of Object.entries(tasksByState) as [keyof typeof tasksByState, number][]) {
      counts.set(state, (counts.get(state) ?? 0) + count);
    }
  }
  return [...counts].map(([state, count]) => `${formatNumber(count)} ${states[state].word.toLowerCase()}`).join(", ");
}
