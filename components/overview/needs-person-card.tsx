import Link from "next/link";
import { Card, CardBody, CardHead } from "@/components/ui/card";
import { formatNumber } from "@/components/ui/format";
import { Icon } from "@/components/ui/icon";
import { StateMark, type StateName } from "@/components/ui/state";
import { Age, Time } from "@/components/ui/time";
import type { OpenFindings } from "@/lib/findings/queries";
import type { ReviewCounts } from "@/lib/mrv/queries/queue";
import type { NeedsPerson, Queue, QuotaLine } from "@/lib/overview/queries";
import { NextDispatch, Waited } from "./countdown";

/** What waits for somebody, and how the queue stands. */
export function NeedsPersonCard(props: {
  needs: NeedsPerson;
  spent: readonly QuotaLine[];
  findings: OpenFindings;
  queue: Queue;
  records: ReviewCounts;
}) {
  const { needs, spent, findings, queue, records } = props;
  const waiting = records.toReview + records.checksFailed;
  const isQuiet =
    needs.failedTasks === 0 &&
    spent.length === 0 &&
    findings.findings === 0 &&
    waiting + records.restated + records.unknown + records.submissionFailed === 0;
  return (
    <Card span={4}>
      <CardHead
        title="Needs a person"
        end={
          <Link className="link" href="/tasks?state=failed">
            All failed tasks
          </Link>
        }
      />
      <CardBody flush data-list="">
        {isQuiet && (
          <p className="li q">
            <StateMark state="succeeded" />
            Nothing. Failed tasks, records to review, spent quotas and findings would stand here.
          </p>
        )}
        {needs.failedTasks > 0 && (
          <Line href="/tasks?state=failed" state="failed" title={plural(needs.failedTasks, "failed task")}>
            {needs.failedMeterName ?? `On ${plural(needs.failedMeters, "meter")}`}, {retryWords(needs)}
          </Line>
        )}
        <RecordLines records={records} />
        {spent.map((quota) => (
          <Line
            key={quota.accountKey}
            href={`/meters?state=waiting&type=${encodeURIComponent(quota.type)}`}
            state="waiting"
            title="Quota spent"
          >
            {quota.type} {quota.hint}, resets <Time at={quota.resetAt} style="time" named />
          </Line>
        ))}
        {findings.findings > 0 && (
          <Line
            href={findings.meter ? `/meters/${findings.meter.id}?tab=findings` : "/meters?findings=true"}
            state="person"
            title={plural(findings.findings, "open finding")}
          >
            {findings.meter?.name ?? `On ${plural(findings.meters, "meter")}`}, not looked at yet
          </Line>
        )}
      </CardBody>
      <div className="ov-sys">
        <div>
          <p className="figl">Next dispatch</p>
          <p className="strong">
            <NextDispatch />
          </p>
        </div>
        <Link href="/tasks?state=pending,queued">
          <p className="figl">Queue</p>
          <p className="strong">{plural(queue.depth, "task")}</p>
        </Link>
        <Link href="/tasks?state=pending,queued">
          <p className="figl">Oldest waiting</p>
          <p className="strong">{queue.oldestSince ? <Waited since={queue.oldestSince} /> : "none"}</p>
        </Link>
      </div>
    </Card>
  );
}

function RecordLines({ records }: { records: ReviewCounts }) {
  const { toReview, checksFailed, oldestAt, unknown, submissionFailed, restated } = records;
  return (
    <>
      {unknown > 0 && (
        <Line
          href="/mrv/records?status=submission_unknown"
          state="person"
          title={`${plural(unknown, "record")} with an unknown outcome`}
        >
          Look in the policy whether {unknown === 1 ? "it" : "they"} arrived
        </Line>
      )}
      {submissionFailed > 0 && (
        <Line
          href="/mrv/records?status=submission_failed"
          state="failed"
          title={`${plural(submissionFailed, "record")} refused by Guardian`}
        >
          Mend the cause, then submit again
        </Line>
      )}
      {toReview + checksFailed > 0 && (
        <Line href="/mrv/review" state="person" title={`${plural(toReview + checksFailed, "record")} to review`}>
          {checksFailed > 0 && `${formatNumber(checksFailed)} with failed checks, `}
          {oldestAt && (
            <>
              oldest <Age at={oldestAt} />
            </>
          )}
        </Line>
      )}
      {restated > 0 && (
        <Line
          href="/mrv/records?restated=true&acknowledged=false"
          state="person"
          title={`${plural(restated, "record")} restated`}
        >
          {restated === 1 ? "Its readings" : "Their readings"} changed after a decision
        </Line>
      )}
    </>
  );
}

function Line(props: { href: string; state: StateName; title: string; children: React.ReactNode }) {
  return (
    <Link className="li" href={props.href}>
      <StateMark state={props.state} />
      <span className="t">
        <b>{props.title}</b>
        <span>{props.children}</span>
      </span>
      <Icon name="right" small />
    </Link>
  );
}

function retryWords({ retryable, failedTasks }: NeedsPerson): string {
  if (retryable === 0) return "a retry alone will not help";
  return retryable === failedTasks ? "all can be retried" : `${formatNumber(retryable)} can be retried`;
}

export function plural(count: number, noun: string): string {
  return `${formatNumber(count)} ${noun}${count === 1 ? "" : "s"}`;
}
