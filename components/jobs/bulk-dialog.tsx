"use client";

import { useRouter } from "next/navigation";
import { useCallback, useEffect, useState, useTransition } from "react";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose } from "@/components/ui/dialog";
import { formatNumber } from "@/components/ui/format";
import { Note } from "@/components/ui/note";
import { Skeleton } from "@/components/ui/skeleton";
import { State, type StateName, states } from "@/components/ui/state";
import { Time } from "@/components/ui/time";
import { useToast } from "@/components/ui/toast";
import type { BulkResult } from "@/lib/tasks/schemas";
import type { TaskVerbs } from "../tasks/task-actions";

export type BulkKind = "retry" | "force" | "cancel";

const words: Record<BulkKind, { title: string; verb: string; done: string; what: string; untouched: string }> = {
  retry: {
    title: "Retry failed tasks",
    verb: "Retry",
    done: "queued",
    what: "They start again at the stage where they failed, and their retries are counted anew.",
    untouched: "Other tasks of the selection are left alone.",
  },
  force: {
    title: "Force tasks",
    verb: "Force",
    done: "queued",
    what: "They start again at collection and ask the source, whatever is archived. A changed value keeps the old one as a revision.",
    untouched: "Tasks that are pending or under way are left alone.",
  },
  cancel: {
    title: "Cancel tasks",
    verb: "Cancel",
    done: "cancelled",
    what: "What they have not collected stays missing until it is retried or backfilled.",
    untouched: "Finished tasks are left alone.",
  },
};

const wanted: Record<BulkKind, readonly string[]> = {
  retry: ["failed"],
  force: ["succeeded", "failed", "cancelled", "waiting"],
  cancel: ["pending", "queued", "running", "waiting"],
};

/** Shows what a verb would do to the tasks of some ranges, counted now, and does exactly that or counts again. */
export function BulkDialog(
  props: TaskVerbs & {
    kind: BulkKind;
    jobId: string;
    timezone: string;
    ranges: readonly { from: string; to: string }[];
    onClose: (done: boolean) => void;
  },
) {
  const { kind, jobId, timezone, ranges, onClose, retry, cancel } = props;
  const router = useRouter();
  const toast = useToast();
  const [counted, setCounted] = useState<{ plan: BulkResult; at: Date } | { problem: string } | null>(null);
  const [notice, setNotice] = useState<string | null>(null);
  const [isBusy, startTransition] = useTransition();
  const verb = kind === "cancel" ? cancel : retry;
  const ask = useCallback(
    (how: object) =>
      verb(null, {
        filter: { jobId, ranges, state: wanted[kind] },
        ...(kind !== "cancel" && { force: kind === "force" }),
        ...how,
      }),
    [verb, jobId, ranges, kind],
  );
  const count = useCallback(async () => {
    const answer = await ask({ dryRun: true });
    setCounted(answer.ok ? { plan: answer.data, at: new Date() } : { problem: answer.message });
  }, [ask]);
  useEffect(() => {
    void count();
  }, [count]);

  const plan = counted && "plan" in counted ? counted.plan : null;
  const tasks = plan?.affected ?? 0;
  const run = () =>
    startTransition(async () => {
      if (!plan) return;
      const answer = await ask({ planToken: plan.planToken });
      if (!answer.ok) {
        setNotice(answer.message);
        await count();
        return;
      }
      const { affected } = answer.data;
      toast({
        title: `${formatNumber(affected)} ${affected === 1 ? "task" : "tasks"} ${words[kind].done}`,
        link: { href: `/jobs/${jobId}?tab=list`, label: "Follow" },
      });
      router.refresh();
      onClose(true);
    });

  return (
    <Dialog
      title={words[kind].title}
      open
      onOpenChange={(open) => !open && onClose(false)}
      footer={
        <>
          <DialogClose>
            <Button>Leave as it is</Button>
          </DialogClose>
          <Button
            variant={kind === "cancel" ? "danger-solid" : "primary"}
            busy={isBusy}
            disabled={tasks === 0}
            onClick={run}
          >
            {tasks === 0
              ? "Nothing to do"
              : `${words[kind].verb} ${formatNumber(tasks)} ${tasks === 1 ? "task" : "tasks"}`}
          </Button>
        </>
      }
    >
      {notice && (
        <Note state="waiting" title="It was refused and counted again">
          {notice}
        </Note>
      )}
      <p>{words[kind].what}</p>
      {counted === null && <Skeleton width="100%" height="76px" />}
      {counted && "problem" in counted && (
        <Note state="failed" title="It cannot be counted">
          {counted.problem}
        </Note>
      )}
      {counted && "plan" in counted && (
        <>
          <div className="effect">
            <div>
              <span>Tasks</span>
              <b>{formatNumber(tasks)}</b>
              <small>{words[kind].untouched}</small>
            </div>
            {Object.entries(counted.plan.tasksByState).map(([state, count]) => (
              <div key={state}>
                <span>
                  <State state={state as StateName}>{states[state as StateName].word} now</State>
                </span>
                <b>{formatNumber(count)}</b>
              </div>
            ))}
          </div>
          <p className="figs qq">
            Counted at <Time at={counted.at} zone={timezone} style="seconds" />. If any of it changed when you run it,
            it is refused and counted again.
          </p>
        </>
      )}
    </Dialog>
  );
}
