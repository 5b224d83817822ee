"use client";

import { Button } from "@/components/ui/button";
import { Kbd } from "@/components/ui/kbd";
import type { MayApprove, RecordSummary } from "@/lib/mrv/schemas";
import { PeriodName } from "./period-name";
import { decimalWords, shortHash } from "./record-words";

/** What is decided now, in words, with the two ways to. It stays in view while the evidence is read. */
export function DecisionBar(props: {
  record: RecordSummary;
  may: MayApprove;
  isBusy: boolean;
  onApprove: () => void;
  onReject: () => void;
}) {
  const { record, may, isBusy, onApprove, onReject } = props;
  const failed = record.checksFailed;
  return (
    <div className="decide" role="toolbar" aria-label="Decision">
      <div className="say">
        <b className="strong">
          {may.isAllowed ? "Approve " : ""}
          {record.value === null ? "no figure" : `${decimalWords(record.value, 3)} ${record.unit}`} of{" "}
          <PeriodName from={record.periodStart} to={record.periodEnd} zone={record.timezone} />
        </b>
        <span className="d">
          {may.isAllowed
            ? `${failed > 0 ? "needs a reason, as a check failed; " : ""}binds to evidence ${shortHash(record.evidenceHash)}${failed > 0 ? "" : ", then signs and submits"}`
            : may.sentence}
        </span>
      </div>
      <div className="keys">
        <span>
          <Kbd>J</Kbd>
          <Kbd>K</Kbd> next, previous
        </span>
        <span>
          <Kbd>X</Kbd> select
        </span>
      </div>
      <Button variant="danger" keyHint="R" busy={isBusy} onClick={onReject}>
        Reject
      </Button>
      <Button variant="primary" icon="check" keyHint="A" busy={isBusy} disabled={!may.isAllowed} onClick={onApprove}>
        Approve
      </Button>
    </div>
  );
}
