import Link from "next/link";
import type { ReactNode } from "react";
import { formatNumber } from "@/components/ui/format";
import { Time } from "@/components/ui/time";
import type { RecordDto } from "@/lib/mrv/schemas";
import { RestatedFigures } from "./restated-figures";
import { What } from "./what";

/** Of a record whose readings changed after somebody had decided: what it says and what they say now, and what can be done about it. */
export function RestatedNote(props: {
  record: RecordDto;
  /** The policy takes a second record of a period, as the job says. */
  mayBeCorrected: boolean;
  /** What can be done about it. */
  action?: ReactNode;
}) {
  const { record, mayBeCorrected, action } = props;
  const { restatement, timezone, unit, correctedByIds } = record;
  const acknowledged = record.restatementAcknowledgedAt ? record.acknowledgements.at(-1) : undefined;
  const isCorrected = correctedByIds.length > 0;
  return (
    <What
      state={acknowledged ? "pending" : "person"}
      title={
        acknowledged
          ? `Its readings changed, and ${acknowledged.byName} has acknowledged it`
          : "Its readings changed after somebody had decided"
      }
      action={action}
    >
      {restatement ? (
        <>
          <p>
            {formatNumber(restatement.readings)} {restatement.readings === 1 ? "reading differs" : "readings differ"}{" "}
            from what it used, seen <Time at={restatement.seenAt} zone={timezone} named />.
          </p>
          <RestatedFigures before={restatement.before} now={restatement.now} unit={unit} />
        </>
      ) : (
        <p>What it says is no longer what its meter says.</p>
      )}
      {acknowledged && (
        <p className="wrap-anywhere">
          “{acknowledged.reason}” <Time at={acknowledged.at} zone={timezone} named />. It stays what it is; should its
          readings change once more, it needs a person again.
        </p>
      )}
      {!acknowledged && record.status === "submitted" && !mayBeCorrected && (
        <p>Its policy takes one record of a period, as the job says: it stays what it is, and says so.</p>
      )}
      {isCorrected && (
        <p>
          A correction was made of it:{" "}
          {correctedByIds.map((id, index) => (
            <Link key={id} className="link" href={`/mrv/records/${id}`}>
              {index > 0 && ", "}record {id.slice(-8)}
            </Link>
          ))}
          .
        </p>
      )}
    </What>
  );
}
