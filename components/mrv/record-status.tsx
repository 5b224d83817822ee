import { Badge, State } from "@/components/ui/state";
import type { RecordSummary } from "@/lib/mrv/schemas";
import { recordLooks } from "./record-words";

type Standing = Pick<RecordSummary, "status" | "replacedAt" | "restatedAt" | "restatementAcknowledgedAt">;

/** Where a record stands, as shape and word. What another took the place of is over, whatever it was. */
function lookOf({ status, replacedAt }: Standing) {
  return replacedAt
    ? ({ state: "cancelled", word: `${recordLooks[status].word}, replaced` } as const)
    : recordLooks[status];
}

export function RecordStatusMark({ record, ink }: { record: Standing; ink?: boolean }) {
  const { state, word } = lookOf(record);
  return (
    <State state={state} ink={ink}>
      {word}
    </State>
  );
}

export function RecordBadge({ record }: { record: Standing }) {
  const { state, word } = lookOf(record);
  return <Badge state={state}>{word}</Badge>;
}

/** Restated after somebody put a name under it: for a person, or for nobody any more. */
export function RestatedMark({ record }: { record: Standing }) {
  if (!record.restatedAt) return null;
  return record.restatementAcknowledgedAt ? (
    <State state="pending">Restated, acknowledged</State>
  ) : (
    <State state="person">Restated</State>
  );
}
