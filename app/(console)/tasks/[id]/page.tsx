import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { z } from "zod";
import { TaskStateMark, taskStateLook } from "@/components/jobs/job-status";
import { Live } from "@/components/shell/live";
import { stageWord } from "@/components/tasks/stage-word";
import { TaskActions } from "@/components/tasks/task-actions";
import { TaskAttempts } from "@/components/tasks/task-attempts";
import { TaskTimeline } from "@/components/tasks/task-timeline";
import { Card, CardBody, CardHead } from "@/components/ui/card";
import { formatNumber } from "@/components/ui/format";
import { KeyFigure } from "@/components/ui/key-figure";
import { Note } from "@/components/ui/note";
import { PageHeader } from "@/components/ui/page-header";
import { Badge } from "@/components/ui/state";
import { Time } from "@/components/ui/time";
import { can } from "@/lib/auth/actor";
import { requireActor } from "@/lib/auth/session";
import { etlStages, mrvStages } from "@/lib/db/schema/tasks";
import { NotFound } from "@/lib/errors";
import { getDb } from "@/lib/runtime";
import { getTask } from "@/lib/tasks/queries";
import type { TaskDetail } from "@/lib/tasks/schemas";
import { cancelTasksAction, retryTasksAction } from "../actions";

export const metadata: Metadata = { title: "Task" };

export default async function TaskPage({ params }: { params: Promise<{ id: string }> }) {
  const actor = await requireActor();
  const { id } = await params;
  if (!z.uuid().safeParse(id).success) notFound();
  const task = await getTask({ db: getDb(), actor }, { taskId: id }).catch((error) => {
    if (error instanceof NotFound) notFound();
    throw error;
  });
  const look = taskStateLook(task.state, task.waitReason);
  const isOpen = ["pending", "queued", "running", "waiting"].includes(task.state);
  const lastErr = task.executionErrs.at(-1);
  return (
    <>
      <PageHeader
        title={task.meterName}
        crumbs={[{ href: "/tasks", label: "Tasks" }]}
        badge={<Badge state={look.state}>{look.word}</Badge>}
        state={
          <>
            <span>
              <Time at={task.intervalStart} until={task.intervalEnd} named />
            </span>
            <Link className="link" href={`/meters/${task.meterId}`}>
              Meter
            </Link>
            <Link className="link" href={`/jobs/${task.jobId}`}>
              {task.jobName}
            </Link>
            <span>
              {task.readingsExpected === 1 ? "1 reading" : `${formatNumber(task.readingsExpected)} readings`} expected
            </span>
          </>
        }
        actions={
          can(actor, "tasks:operate") && (
            <TaskActions
              taskId={task.id}
              state={task.state}
              stage={task.stage}
              retry={retryTasksAction}
              cancel={cancelTasksAction}
            />
          )
        }
      />
      {lastErr && task.state !== "succeeded" && (
        <Note state={task.state === "failed" ? "failed" : "waiting"} title={lastErr.code}>
          <p>{lastErr.message}</p>
          {task.waitUntil && (
            <p>
              Next attempt <Time at={task.waitUntil} style="full" named />.
            </p>
          )}
        </Note>
      )}
      <div className="cols">
        <div className="c8 stack">
          <Card>
            <CardHead title="Timeline" rule />
            <CardBody>
              <TaskTimeline task={task} stages={task.type === "etl" ? etlStages : mrvStages} />
            </CardBody>
            <div className="m-figs flat">
              <KeyFigure label="Rows read" value={formatNumber(task.rowsRead)} />
              <KeyFigure label="Written" value={formatNumber(task.rowsWritten)} />
              <KeyFigure label="Changed" value={formatNumber(task.rowsChanged)} />
              <KeyFigure label="Rejected" value={formatNumber(task.rowsRejected)} />
            </div>
          </Card>
          {task.executionErrs.length > 0 && (
            <Card>
              <CardHead title="Attempts that did not succeed" note={String(task.executionErrs.length)} rule />
              <TaskAttempts task={task} />
            </Card>
          )}
          {task.rejects.length > 0 && (
            <Card>
              <CardHead title="Rejected rows" note={`${task.rejects.length} of ${task.rowsRejected}`} rule />
              <CardBody>
                {task.rejects.map(({ row, reason }) => (
                  <p key={`${row} ${reason}`}>
                    <code>{row}</code> {reason}
                  </p>
                ))}
              </CardBody>
            </Card>
          )}
        </div>
        <div className="c4 stack">
          <Card>
            <CardHead title="Task" rule />
            <CardBody>
              <TaskFacts task={task} />
            </CardBody>
          </Card>
          <Card>
            <CardHead title="Artifacts" note={String(task.artifacts.length)} rule />
            <CardBody>
              {task.artifacts.length === 0 && <p className="qq">Nothing is archived yet.</p>}
              {task.artifacts.map((artifact) => (
                <div key={artifact.id} className="hashrow">
                  <b>{artifact.kind === "raw" ? "Raw answer" : "Transformed readings"}</b>
                  <span className="qq">{formatNumber(artifact.sizeBytes / 1024, 1)} KiB</span>
                  <code title={artifact.key}>{artifact.key}</code>
                  <code title={artifact.sha256}>sha256 {artifact.sha256}</code>
                </div>
              ))}
            </CardBody>
          </Card>
        </div>
      </div>
      {isOpen && <Live seconds={5} />}
    </>
  );
}

function TaskFacts({ task }: { task: TaskDetail }) {
  return (
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
      <dt>Readings</dt>
      <dd>
        {formatNumber(task.readingsPresent)} of {formatNumber(task.readingsExpected)}
      </dd>
      <dt>Due</dt>
      <dd>
        <Time at={task.dueAt} />
      </dd>
      <dt>Run</dt>
      <dd>{task.runId ? <code className="clip">{task.runId}</code> : "not started"}</dd>
    </dl>
  );
}
