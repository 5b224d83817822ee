"use client";

import { useState, useTransition } from "react";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose } from "@/components/ui/dialog";
import { formatNumber } from "@/components/ui/format";
import { Note } from "@/components/ui/note";
import { SkeletonRows } from "@/components/ui/skeleton";
import type { Action } from "@/lib/action";
import type { QueueItem } from "@/lib/mrv/queries/queue";
import type { ApprovalPreview } from "@/lib/mrv/review/schemas";
import { PeriodName } from "./period-name";
import { decimalWords } from "./record-words";

export interface SeveralVerbs {
  preview: Action<ApprovalPreview>;
  approveAll: Action<{ approved: number }>;
}

type State = { fault: string } | { preview: ApprovalPreview } | null;

/** Shows which of the selected records would be approved, with their figures, and why not the others, before anything happens. */
export function ApproveSeveral(
  props: SeveralVerbs & {
    selected: ReadonlyMap<string, QueueItem>;
    /** Those of the list whose checks all passed, offered where nothing is selected. */
    candidates: readonly QueueItem[];
    onSelect: (items: readonly QueueItem[]) => void;
    onApproved: (approved: number) => void;
  },
) {
  const { selected, candidates, onSelect, onApproved, preview, approveAll } = props;
  const [isOpen, setOpen] = useState(false);
  const [state, setState] = useState<State>(null);
  const [isBusy, startTransition] = useTransition();
  const recordIds = [...selected.keys()];

  const look = (ids: string[]) => {
    setState(null);
    if (ids.length === 0) return;
    startTransition(async () => {
      const answer = await preview(null, { recordIds: ids });
      setState(answer.ok ? { preview: answer.data } : { fault: answer.message });
    });
  };
  const run = () =>
    startTransition(async () => {
      if (!state || !("preview" in state)) return;
      const answer = await approveAll(null, { recordIds, planToken: state.preview.planToken });
      if (!answer.ok) return setState({ fault: answer.message });
      setOpen(false);
      onApproved(answer.data.approved);
    });
  const approvable = state && "preview" in state ? state.preview.approvable : [];
  return (
    <>
      <Button
        icon="check"
        onClick={() => {
          setOpen(true);
          look(recordIds);
        }}
      >
        {selected.size > 0 ? `Approve ${formatNumber(selected.size)} selected` : "Approve several"}
      </Button>
      <Dialog
        wide
        title={selected.size === 0 ? "Approve several" : `Approve ${formatNumber(selected.size)} selected records`}
        open={isOpen}
        onOpenChange={setOpen}
        footer={
          <>
            <DialogClose>
              <Button>Cancel</Button>
            </DialogClose>
            {selected.size === 0 ? (
              <Button
                variant="primary"
                disabled={candidates.length === 0}
                onClick={() => {
                  onSelect(candidates);
                  look(candidates.map(({ id }) => id));
                }}
              >
                Select {formatNumber(candidates.length)} in view
              </Button>
            ) : (
              <Button variant="primary" busy={isBusy} disabled={approvable.length === 0} onClick={run}>
                Approve {formatNumber(approvable.length)}
              </Button>
            )}
          </>
        }
      >
        {selected.size === 0 ? (
          <p>
            Nothing is selected yet. Press X on a record, or tick it in the list. Only records whose checks all passed
            can be approved together; the others are decided one by one.
          </p>
        ) : state === null ? (
          <SkeletonRows rows={4} />
        ) : "fault" in state ? (
          <Note state="failed" title="Nothing was approved">
            {state.fault}
          </Note>
        ) : (
          <Plan preview={state.preview} selected={selected} />
        )}
      </Dialog>
    </>
  );
}

function Plan({ preview, selected }: { preview: ApprovalPreview; selected: ReadonlyMap<string, QueueItem> }) {
  const { approvable, refused } = preview;
  return (
    <>
      <p>
        {approvable.length === 0
          ? "None of these can be approved together."
          : "Each of these is signed and submitted. It is refused as a whole if one of them changed in between."}
      </p>
      {approvable.length > 0 && (
        <Lines
          label="Will be approved"
          lines={approvable.map(({ recordId }) => ({ recordId, end: figureOf(selected.get(recordId)) }))}
          selected={selected}
        />
      )}
      {refused.length > 0 && (
        <>
          <h3 className="h2">{formatNumber(refused.length)} will be left alone</h3>
          <Lines
            label="Left alone"
            lines={refused.map(({ recordId, sentence }) => ({ recordId, below: sentence }))}
            selected={selected}
          />
        </>
      )}
    </>
  );
}

function Lines(props: {
  label: string;
  lines: readonly { recordId: string; end?: string; below?: string }[];
  selected: ReadonlyMap<string, QueueItem>;
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, which keys must be able to do.
    <ul className="verdicts" aria-label={props.label} tabIndex={0}>
      {props.lines.map(({ recordId, end, below }) => {
        const item = props.selected.get(recordId);
        return (
          <li key={recordId}>
            <span className="t">
              <b>{item?.meterName ?? recordId}</b>{" "}
              {item && <PeriodName from={item.periodStart} to={item.periodEnd} zone={item.timezone} />}
              {below && <span className="d">{below}</span>}
            </span>
            {end && <span className="nw">{end}</span>}
          </li>
        );
      })}
    </ul>
  );
}

function figureOf(item: QueueItem | undefined): string {
  return item?.value ? `${decimalWords(item.value, 3)} ${item.unit}` : "no figure";
}
