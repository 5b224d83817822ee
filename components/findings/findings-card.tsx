import Link from "next/link";
import { Card, CardHead } from "@/components/ui/card";
import { StateMark } from "@/components/ui/state";
import { Count } from "@/components/ui/tag";
import { Age, Time } from "@/components/ui/time";
import type { FindingDto } from "@/lib/findings/schemas";
import { FindingMark } from "./finding-mark";

/** The newest open findings of a meter; all of them are a tab. */
export function FindingsCard(props: {
  findings: readonly FindingDto[];
  open: number;
  acknowledged: number;
  meterId: string;
  timezone: string;
}) {
  const { findings, open, acknowledged, meterId, timezone } = props;
  const tab = `/meters/${meterId}?tab=findings`;
  return (
    <Card id="findings">
      <CardHead
        title={<>Findings {open > 0 && <Count>{open}</Count>}</>}
        rule
        end={
          <Link className="link" href={tab}>
            All
          </Link>
        }
      />
      {findings.length === 0 && (
        <p className="find q">
          <StateMark state="succeeded" />
          <span>
            No open findings
            {acknowledged > 0 && <span className="d">{acknowledged} acknowledged</span>}
          </span>
        </p>
      )}
      {findings.map((finding) => (
        <Link key={finding.id} className="find" href={`${tab}#${finding.id}`}>
          <FindingMark finding={finding} />
          <span>
            <b>{finding.label}</b>{" "}
            <span className="q">
              <Time at={finding.from} until={finding.to} zone={timezone} />
            </span>
          </span>
          <span className="tm">
            <Age at={finding.from} zone={timezone} />
          </span>
          <span className="d">{finding.sentence}</span>
        </Link>
      ))}
    </Card>
  );
}
