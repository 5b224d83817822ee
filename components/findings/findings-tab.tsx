import type { ReactNode } from "react";
import { Card, CardHead } from "@/components/ui/card";
import { Empty } from "@/components/ui/empty";
import { formatNumber } from "@/components/ui/format";
import { Pager } from "@/components/ui/pager";
import { Segmented } from "@/components/ui/segmented";
import type { Action } from "@/lib/action";
import { type FindingDto, type FindingState, findingStates } from "@/lib/findings/schemas";
import type { Page } from "@/lib/http/cursor";
import { FindingRow } from "./finding-row";

const words: Record<FindingState, { label: string; none: string; hint: string }> = {
  open: {
    label: "Open",
    none: "No open findings",
    hint: "Every reading is checked when it comes in or changes, within a minute or two.",
  },
  acknowledged: {
    label: "Acknowledged",
    none: "None is acknowledged",
    hint: "An open finding that may stay is acknowledged with a reason.",
  },
  healed: {
    label: "Healed",
    none: "None has healed",
    hint: "A finding heals by itself when late or corrected readings come in.",
  },
};

/** A meter's findings by where they stand, the newest stretch first. */
export function FindingsTab(props: {
  findings: Page<FindingDto>;
  counts: Record<FindingState, number>;
  show: FindingState;
  cursor: string | null;
  meterId: string;
  timezone: string;
  acknowledge: Action<FindingDto> | undefined;
  /** Opens the thresholds. */
  thresholds: ReactNode;
}) {
  const { findings, counts, show, cursor, meterId, timezone, acknowledge } = props;
  const href = (state: FindingState, more = "") =>
    `/meters/${meterId}?tab=findings${state === "open" ? "" : `&show=${state}`}${more}`;
  const { nextCursor } = findings;
  return (
    <Card>
      <CardHead
        title="Findings"
        rule
        wrap
        end={
          <>
            <Segmented
              small
              label="Findings"
              value={show}
              options={findingStates.map((state) => ({
                value: state,
                label: `${words[state].label} ${formatNumber(counts[state])}`,
                href: href(state),
              }))}
            />
            {props.thresholds}
          </>
        }
      />
      {findings.items.length === 0 ? (
        <Empty title={words[show].none}>{words[show].hint}</Empty>
      ) : (
        <ul className="finds">
          {findings.items.map((finding) => (
            <FindingRow key={finding.id} finding={finding} timezone={timezone} acknowledge={acknowledge} />
          ))}
        </ul>
      )}
      {(cursor || nextCursor) && (
        <Pager
          previous={cursor ? href(show) : null}
          previousLabel="First page"
          next={nextCursor ? href(show, `&cursor=${encodeURIComponent(nextCursor)}`) : null}
        >
          <span className="q">
            {formatNumber(findings.items.length)} of {formatNumber(counts[show])}
          </span>
        </Pager>
      )}
    </Card>
  );
}
