import Link from "next/link";
import { TaskStateMark } from "@/components/jobs/job-status";
import { Card, CardBody, CardHead } from "@/components/ui/card";
import { CopyButton } from "@/components/ui/copy-button";
import { formatInstant, formatNumber } from "@/components/ui/format";
import { Time } from "@/components/ui/time";
import type { TaskDetail } from "@/lib/tasks/schemas";
import { askedAgainWords, readingsWord } from "./fact-words";
import { stageWord } from "./stage-word";

const priorities = ["live", "asked for", "catching up"];

/** The task's own facts. */
export function TaskFacts({ task, runHref }: { task: TaskDetail; runHref: string | null }) {
  const askedAgain = askedAgainWords(task);
  return (
    <Card>
      <CardHead title="Task" rule />
      <CardBody className="py-2">
        <dl className="kv">
          <dt>State</dt>
          <dd>
            <TaskStateMark state={task.state} waitReason={task.waitReason} />
          </dd>
          <dt>Stage</dt>
          <dd>{stageWord(task.stage)}</dd>
          <dt>Retries</dt>
          <dd>
            {task.retryCount} of {task.maxRetries}
          </dd>
          <dt>{readingsWord(task)}</dt>
          <dd>
            {formatNumber(task.readingsPresent)} of {formatNumber(task.readingsExpected)}
          </dd>
          <dt>Interval, UTC</dt>
          <dd>{utcWords(task)}</dd>
          <dt>Made by</dt>
          <dd>
            {task.backfillId ? (
              <Link className="link" href={`/jobs/${task.jobId}`}>
                Backfill
              </Link>
            ) : (
              "Dispatch"
            )}
            , <Time at={task.createdAt} zone={task.timezone} />
          </dd>
          <dt>Priority</dt>
          <dd>{priorities[task.priority] ?? task.priority}</dd>
          {askedAgain !== null && (
            <>
              <dt>Source is asked again</dt>
              <dd>{askedAgain}</dd>
            </>
          )}
          <dt>Run</dt>
          <dd>
            {task.runId === null && "none yet"}
            {task.runId !== null && (
              <span className="row justify-end">
                {runHref ? (
                  <a className="link" href={runHref} target="_blank" rel="noreferrer" title={task.runId}>
                    <code>{shortId(task.runId)}</code>
                  </a>
                ) : (
                  <code title={task.runId}>{shortId(task.runId)}</code>
                )}
                <CopyButton text={task.runId} label="Copy the run's id" />
              </span>
            )}
          </dd>
        </dl>
      </CardBody>
    </Card>
  );
}

function shortId(id: string): string {
  return id.length > 14 ? `${id.slice(0, 6)}…${id.slice(-4)}` : id;
}

function utcWords({ intervalStart, intervalEnd }: TaskDetail): string {
  const start = formatInstant(intervalStart, "UTC", "date-time");
  const isSameDay = formatInstant(intervalStart, "UTC", "date") === formatInstant(intervalEnd, "UTC", "date");
  return `${start} to ${formatInstant(intervalEnd, "UTC", isSameDay ? "time" : "date-time")}`;
}
