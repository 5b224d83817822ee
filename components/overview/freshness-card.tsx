import Link from "next/link";
import type { ReactNode } from "react";
import { Card, CardBody, CardHead } from "@/components/ui/card";
import { formatLength, formatNumber } from "@/components/ui/format";
import { StateMark, type StateName, states } from "@/components/ui/state";
import { Time } from "@/components/ui/time";
import type { MeterState } from "@/lib/fleet/meter-states";
import type { FreshnessLine } from "@/lib/overview/queries";
import { plural } from "./needs-person-card";

const lines: readonly { state: MeterState; mark: StateName; word: string; always?: boolean }[] = [
  { state: "fresh", mark: "fresh", word: "Fresh", always: true },
  { state: "late", mark: "late", word: "Late", always: true },
  { state: "waiting", mark: "waiting", word: "Waiting for quota", always: true },
  { state: "failed", mark: "failed", word: "Failed", always: true },
  { state: "backfilling", mark: "running", word: "Backfilling" },
  { state: "paused", mark: "paused", word: "Paused", always: true },
  { state: "new", mark: "pending", word: "Nothing due yet" },
  { state: "upload", mark: "no-data", word: "By upload" },
];

/** Meters by where they stand, each line a link to them. */
export function FreshnessCard({ freshness, meters }: { freshness: readonly FreshnessLine[]; meters: number }) {
  const byState = new Map(freshness.map((line) => [line.state, line]));
  const shown = lines.filter(({ state, always }) => always || byState.has(state));
  return (
    <Card span={4}>
      <CardHead
        title="Meters by freshness"
        end={
          <Link className="link" href="/meters">
            {plural(meters, "meter")}
          </Link>
        }
      />
      <CardBody className="pb-1">
        <div className="bar tall" aria-hidden="true">
          {shown.map(({ state, mark }) => {
            const count = byState.get(state)?.meters ?? 0;
            return (
              count > 0 && <i key={state} className={states[mark].tone} style={{ flex: count }} data-state={state} />
            );
          })}
        </div>
      </CardBody>
      <CardBody flush className="ov-list" data-list="">
        {shown.map(({ state, mark, word }) => {
          const line = byState.get(state);
          return (
            <Link key={state} className="li" href={`/meters?state=${state}`}>
              <StateMark state={mark} />
              <span className="t">
                <b>{word}</b>
              </span>
              <span className="qq figs m-hide ov-why">{line && whyOf(line)}</span>
              <span className="strong ov-n">{formatNumber(line?.meters ?? 0)}</span>
            </Link>
          );
        })}
      </CardBody>
    </Card>
  );
}

function whyOf(line: FreshnessLine): ReactNode {
  switch (line.state) {
    case "fresh":
      return "newest reading within its delay";
    case "late":
      return `${line.meters === 1 ? "by" : "oldest by"} ${formatLength(line.lateBySeconds, { coarse: true })}`;
    case "waiting":
      return (
        line.waitUntil && (
          <>
            until <Time at={line.waitUntil} style="time" named />
          </>
        )
      );
    case "upload":
      return "people bring the files: nothing is ever due";
    default:
      return line.meters > line.names.length ? `${line.names[0]} and ${line.meters - 1} more` : line.names.join(", ");
  }
}
