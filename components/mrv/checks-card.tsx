import Link from "next/link";
import { Card, CardBody, CardHead } from "@/components/ui/card";
import { Badge, State } from "@/components/ui/state";
import type { CheckResult } from "@/lib/mrv/check-result";
import type { RecordSummary } from "@/lib/mrv/schemas";
import { checkWords } from "./check-words";

/** What the checks said of a record: each with its figure, what it was held against, and what that means. */
export function ChecksCard(props: { checks: readonly CheckResult[]; record: RecordSummary; jobName: string }) {
  const { checks, record, jobName } = props;
  const failed = checks.filter(({ result }) => result === "failed");
  const words = checkWords(record);
  return (
    <Card>
      <CardHead
        title="Checks"
        badge={words && <Badge state={failed.length > 0 ? "failed" : "succeeded"}>{words}</Badge>}
        end={
          <Link className="link settings-of" href={`/jobs/${record.jobId}?tab=settings`} title={jobName}>
            Settings of {jobName}
          </Link>
        }
        rule
        wrap
      />
      {checks.length === 0 ? (
        <CardBody className="narrow">
          <p className="q pt-3">The checks run as soon as the record is extracted.</p>
        </CardBody>
      ) : (
        <table className="tbl tight" aria-label="Checks">
          <thead>
            <tr>
              <th>Check</th>
              <th className="r">Figure</th>
              <th className="p0">Threshold</th>
              <th>What it says</th>
              <th>Result</th>
            </tr>
          </thead>
          <tbody>
            {[...failed, ...checks.filter(({ result }) => result !== "failed")].map((check) => (
              <tr key={check.check}>
                <td className="m1">
                  <b className="strong">{check.label}</b>
                </td>
                <td className="r">{check.figure ?? <span className="qq">none</span>}</td>
                <td className="q p0">{check.threshold}</td>
                <td className="m3 says q">
                  <span className="m-only">
                    {check.figure && <b className="strong text-ink">{check.figure}</b>}
                    {check.threshold && `${check.figure ? ", " : ""}${check.threshold}`}
                    {(check.figure || check.threshold) && ". "}
                  </span>
                  {check.sentence}
                </td>
                <td className="m2">
                  <Result check={check} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Card>
  );
}

function Result({ check }: { check: CheckResult }) {
  if (check.result === "passed") {
    return (
      <State state="succeeded" ink>
        Passed
      </State>
    );
  }
  if (check.result === "not_applicable") {
    return (
      <State state="no-data">
        <span className="q">Not applicable</span>
      </State>
    );
  }
  return (
    <State state="failed" ink>
      {check.isBlocking ? "Failed, blocking" : "Failed"}
    </State>
  );
}
