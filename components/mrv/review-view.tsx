"use client";

import { useRouter } from "next/navigation";
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState, useTransition } from "react";
import { type Key, useKeys } from "@/components/shell/keys";
import { PageHeader } from "@/components/ui/page-header";
import { useToast } from "@/components/ui/toast";
import type { Action, ActionState } from "@/lib/action";
import type { QueueItem, ReviewQueue } from "@/lib/mrv/queries/queue";
import type { MayApprove, RecordSummary } from "@/lib/mrv/schemas";
import { ApproveSeveral, type SeveralVerbs } from "./approve-several";
import { DecisionBar } from "./decision-bar";
import { ReasonDialog } from "./reason-dialog";
import { decimalWords, periodWords } from "./record-words";
import { type ReviewFilter, reviewHref } from "./review-query";
import { ReviewQueueCard } from "./review-queue";

export interface ReviewVerbs extends SeveralVerbs {
  approve: Action<RecordSummary>;
  reject: Action<RecordSummary>;
}

/** The review page around a record's evidence (`children`): the queue, the decision, the keys. */
export function ReviewView(props: {
  queue: ReviewQueue;
  filter: ReviewFilter;
  state: ReactNode;
  /** The one that is shown; `may` is null where it waits for no decision. */
  record: RecordSummary | null;
  may: MayApprove | null;
  /** Null for who may not review at all. */
  verbs: ReviewVerbs | null;
  children: ReactNode;
}) {
  const { queue, filter, state, record, may, verbs, children } = props;
  const router = useRouter();
  const toast = useToast();
  const [isBusy, startTransition] = useTransition();
  const [asking, setAsking] = useState<"approve" | "reject" | null>(null);
  const [selected, setSelected] = useState<ReadonlyMap<string, QueueItem>>(new Map());

  const isWaiting = record !== null && queue.open?.recordId === record.id;
  const previousId = isWaiting ? (queue.open?.previousId ?? null) : null;
  // Where the shown one waits no more, the queue begins at its first.
  const nextId = isWaiting ? (queue.open?.nextId ?? null) : (queue.open?.recordId ?? null);
  const open = useCallback(
    (id: string | null) => {
      if (id !== null) startTransition(() => router.push(reviewHref(filter, id)));
    },
    [router, filter],
  );
  const toggle = useCallback((item: QueueItem | undefined) => {
    if (!item) return;
    setSelected((all) => {
      const next = new Map(all);
      if (!next.delete(item.id)) next.set(item.id, item);
      return next;
    });
  }, []);

  /** The next record opens after a decision. Answers what is wrong, or null. */
  const settle = async (word: string, decide: (record: RecordSummary) => Promise<ActionState<RecordSummary>>) => {
    if (!record) return null;
    const answer = await decide(record);
    if (!answer.ok) return answer.fields.reason ?? answer.message;
    toast({
      title: `${word} ${figureOf(record)}`,
      detail: `${record.meterName}, ${periodWords(record.periodStart, record.periodEnd, record.timezone)}`,
      link: { href: `/mrv/records/${record.id}`, label: "See it" },
    });
    setSelected((all) => new Map([...all].filter(([id]) => id !== record.id)));
    startTransition(() => router.push(reviewHref(filter, nextId ?? previousId)));
    return null;
  };
  const approve = (reason?: string) =>
    settle("Approved", ({ id, evidenceHash }) => {
      if (!verbs) throw new Error("Whoever may not review has no button for it.");
      return verbs.approve(null, { recordId: id, evidenceHash, ...(reason !== undefined && { reason }) });
    });
  const reject = (reason: string) =>
    settle("Rejected", ({ id, evidenceHash }) => {
      if (!verbs) throw new Error("Whoever may not review has no button for it.");
      return verbs.reject(null, { recordId: id, evidenceHash, reason });
    });
  const onApprove = () => {
    if (!may?.isAllowed || isBusy) return;
    if (may.needsReason) return setAsking("approve");
    startTransition(async () => {
      const fault = await approve();
      if (fault !== null) toast({ title: "Not approved", detail: fault, state: "failed" });
    });
  };
  const onReject = () => {
    if (may && !isBusy) setAsking("reject");
  };
  const current = queue.items.find(({ id }) => id === record?.id);
  const onSelect = () => {
    if (current?.status === "verified") toggle(current);
    else
      toast({
        title: "Not selected",
        detail: "Bulk approval takes only records whose checks all passed.",
        state: "waiting",
      });
  };

  // Bound once; what they do is of the newest render.
  const latest = { onApprove, onReject, onSelect, next: () => open(nextId), previous: () => open(previousId) };
  useReviewKeys(latest, verbs !== null);

  return (
    <>
      <PageHeader
        title="MRV review"
        state={state}
        actions={
          verbs && queue.total > 0 ? (
            <ApproveSeveral
              {...verbs}
              selected={selected}
              candidates={queue.items.filter(({ status }) => status === "verified")}
              onSelect={(items) => setSelected(new Map(items.map((item) => [item.id, item])))}
              onApproved={(approved) => {
                toast({ title: approved === 1 ? "1 record approved" : `${approved} records approved` });
                const isGone = record !== null && selected.has(record.id);
                setSelected(new Map());
                if (isGone) router.push(reviewHref(filter, null));
                else router.refresh();
              }}
            />
          ) : undefined
        }
      />
      <div className="rv" aria-busy={isBusy}>
        <ReviewQueueCard
          queue={queue}
          recordId={record?.id ?? null}
          filter={filter}
          selected={selected}
          onSelect={verbs ? toggle : null}
        />
        <div className="stack">
          {children}
          {record && may && verbs && (
            <DecisionBar record={record} may={may} isBusy={isBusy} onApprove={onApprove} onReject={onReject} />
          )}
        </div>
      </div>
      {record && (
        <>
          <ReasonDialog
            title={`Approve ${figureOf(record)} in spite of a failed check?`}
            help="Stands in the record, in its evidence bundle and in the activity log."
            confirm="Approve"
            open={asking === "approve"}
            onOpenChange={(isOpen) => setAsking(isOpen ? "approve" : null)}
            decide={approve}
          >
            <p>
              {current?.failed
                ? `${current.failed.label} failed${current.failed.figure ? ` (${current.failed.figure})` : ""}.`
                : "A check failed."}{" "}
              Say what makes the figure right all the same.
            </p>
          </ReasonDialog>
          <ReasonDialog
            title={`Reject ${figureOf(record)} of ${record.meterName}?`}
            help="Say what is wrong with it, for whoever mends it."
            confirm="Reject"
            isDanger
            open={asking === "reject"}
            onOpenChange={(isOpen) => setAsking(isOpen ? "reject" : null)}
            decide={reject}
          >
            <p>Nothing of it is signed or sent. When what is wrong is mended, the period can be extracted again.</p>
          </ReasonDialog>
        </>
      )}
    </>
  );
}

interface Doing {
  onApprove: () => void;
  onReject: () => void;
  onSelect: () => void;
  next: () => void;
  previous: () => void;
}

function useReviewKeys(doing: Doing, canReview: boolean) {
  const latest = useRef(doing);
  useEffect(() => {
    latest.current = doing;
  }, [doing]);
  const keys = useMemo<Key[]>(
    () => [
      { key: "j", label: "Next record", run: () => latest.current.next() },
      { key: "k", label: "Previous record", run: () => latest.current.previous() },
      ...(canReview
        ? [
            { key: "a", label: "Approve", run: () => latest.current.onApprove() },
            { key: "r", label: "Reject, with a reason", run: () => latest.current.onReject() },
            { key: "x", label: "Select for bulk approval", run: () => latest.current.onSelect() },
          ]
        : []),
    ],
    [canReview],
  );
  useKeys("MRV review", keys);
}

function figureOf({ value, unit }: RecordSummary): string {
  return value === null ? "a record without a figure" : `${decimalWords(value, 3)} ${unit}`;
}
