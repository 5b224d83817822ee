import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { cache } from "react";
import { z } from "zod";
import { taskStateLook } from "@/components/jobs/job-status";
import { Live } from "@/components/shell/live";
import { IntervalHours, IntervalName } from "@/components/tasks/interval-title";
import { intervalWords } from "@/components/tasks/interval-words";
import { isDecidedOnRecord } from "@/components/tasks/record-advice";
import { SameError } from "@/components/tasks/same-error";
import { TaskActions } from "@/components/tasks/task-actions";
import { TaskArtifacts } from "@/components/tasks/task-artifacts";
import { TaskAttempts } from "@/components/tasks/task-attempts";
import { TaskFacts } from "@/components/tasks/task-facts";
import { TaskRecords } from "@/components/tasks/task-records";
import { TaskRejects, TaskRows } from "@/components/tasks/task-rows";
import { TaskTimeline } from "@/components/tasks/task-timeline";
import { WhatToDo } from "@/components/tasks/what-to-do";
import { Card } from "@/components/ui/card";
import { CopyButton } from "@/components/ui/copy-button";
import { formatNumber } from "@/components/ui/format";
import { Icon } from "@/components/ui/icon";
import { PageHeader } from "@/components/ui/page-header";
import { Badge } from "@/components/ui/state";
import { can } from "@/lib/auth/actor";
import { requireActor } from "@/lib/auth/session";
import type { Ctx } from "@/lib/ctx";
import { etlStages, mrvStages } from "@/lib/db/schema/tasks";
import { env } from "@/lib/env";
import { NotFound } from "@/lib/errors";
import { listRecords } from "@/lib/mrv/queries/records";
import { recordsOfObjects } from "@/lib/mrv/queries/trace";
import { getDb } from "@/lib/runtime";
import { getTask } from "@/lib/tasks/queries";
import { runAddress } from "@/lib/tasks/run-address";
import { tasksWithSameError } from "@/lib/tasks/same-error";
import type { TaskDetail } from "@/lib/tasks/schemas";
import { cancelTasksAction, retryTasksAction } from "../actions";

interface Props {
  params: Promise<{ id: string }>;
}

/** Once a request: the title needs it too. */
const readTask = cache(async (id: string) => {
  const actor = await requireActor();
  if (!z.uuid().safeParse(id).success) notFound();
  const task = await getTask({ db: getDb(), actor }, { taskId: id }).catch((error) => {
    if (error instanceof NotFound) notFound();
    throw error;
  });
  return { actor, task };
});

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { task } = await readTask((await params).id);
  return { title: `Task ${intervalWords(task.intervalStart, task.intervalEnd, task.timezone)}, ${task.meterName}` };
}

export default async function TaskPage({ params }: Props) {
  const { actor, task } = await readTask((await params).id);
  const ctx = { db: getDb(), actor };
  const isEtl = task.type === "etl";
  const [same, usedBy, records] = await Promise.all([
    tasksWithSameError(ctx, { taskId: task.id }),
    recordsOfObjects(ctx, { objectIds: task.artifacts.map(({ id }) => id) }),
    isEtl ? [] : recordsOf(ctx, task),
  ]);
  const record = records.find(({ replacedAt }) => replacedAt === null) ?? null;
  const look = taskStateLook(task.state, task.waitReason);
  const stages = isEtl ? etlStages : mrvStages;
  const isOpen = ["pending", "queued", "running", "waiting"].includes(task.state);
  const interval = {
    from: task.intervalStart.toISOString(),
    to: task.intervalEnd.toISOString(),
    zone: task.timezone,
  };
  const { INNGEST_DASHBOARD_URL } = env();
  const runHref = task.runId && INNGEST_DASHBOARD_URL ? runAddress(INNGEST_DASHBOARD_URL, task.runId) : null;
  return (
    <>
      <PageHeader
        title={<IntervalName {...interval} />}
        crumbs={[{ href: "/tasks", label: "Tasks" }]}
        crumb={
          <>
            {task.meterName}, <IntervalName {...interval} short />
          </>
        }
        badge={<Badge state={look.state}>{look.word}</Badge>}
        state={
          <>
            <Link className="link" href={`/meters/${task.meterId}`}>
              {task.meterName}
            </Link>
            <Link className="link" href={`/jobs/${task.jobId}`}>
              {task.jobName}
            </Link>
            <span>
              <span>
                <IntervalHours {...interval} />, {formatNumber(task.readingsExpected)}{" "}
                {task.readingsExpected === 1 ? "reading" : "readings"} expected
              </span>
            </span>
            <span className="qq">
              task{" "}
              <code title={task.id}>
                {task.id.slice(0, 8)}…{task.id.slice(-4)}
              </code>
              <CopyButton text={task.id} label="Copy the task's id" />
            </span>
          </>
        }
        actions={
          <>
            {runHref && (
              <a className="btn" href={runHref} target="_blank" rel="noreferrer">
                <Icon name="external" />
                Run
              </a>
            )}
            {can(actor, "tasks:operate") && !isDecidedOnRecord(task, record) && (
              <TaskActions
                task={{ id: task.id, state: task.state, stage: task.stage, waitReason: task.waitReason }}
                stages={stages}
                retry={retryTasksAction}
                cancel={cancelTasksAction}
              />
            )}
          </>
        }
      />
      <WhatToDo task={task} record={record} canEdit={can(actor, "meters:edit")} />
      <div className="cols">
        <div className="c8 stack">
          <Card>
            <TaskTimeline task={task} stages={stages} now={new Date().toISOString()} />
            {isEtl && <TaskRows task={task} />}
          </Card>
          {task.executionErrs.length > 0 && <TaskAttempts task={task} />}
          {task.rejects.length > 0 && <TaskRejects task={task} />}
        </div>
        <div className="c4 stack">
          {isEtl ? <TaskArtifacts task={task} usedBy={usedBy} /> : <TaskRecords records={records} />}
          <TaskFacts task={task} runHref={runHref} />
          {same.total > 0 && <SameError code={task.executionErrs.at(-1)?.code ?? ""} {...same} />}
        </div>
      </div>
      {isOpen && <Live seconds={5} />}
    </>
  );
}

/** Those of its interval: a task makes another one for a correction, and where the first was rejected. */
async function recordsOf(ctx: Ctx, { id, jobId, intervalStart, intervalEnd }: TaskDetail) {
  const range = { from: intervalStart.toISOString(), to: intervalEnd.toISOString() };
  const { items } = await listRecords(ctx, { jobId, ...range, limit: 20 });
  return items.filter(({ taskId }) => taskId === id);
}
