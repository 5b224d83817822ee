import type { StateName } from "@/components/ui/state";
import type { ExecutionErr, Stage } from "@/lib/db/schema/tasks";
import type { TaskDetail } from "@/lib/tasks/schemas";

/** One line of the timeline: an attempt, or the wait after one. */
export interface Bar {
  key: string;
  label: string;
  /** Epoch milliseconds. */
  from: number;
  to: number;
  tone: "succeeded" | "failed" | "waiting" | "running";
  kind: "attempt" | "wait";
  note: string | null;
}

export interface StageRows {
  stage: Stage;
  state: StateName;
  bars: Bar[];
}

/** Every stage of a task with its attempts and waits in order of time. `now`: until when what is under way is drawn. */
export function stageRows(task: TaskDetail, stages: readonly Stage[], now: number): StageRows[] {
  return stages.map((stage) => ({ stage, state: stageState(task, stage, stages), bars: barsOf(task, stage, now) }));
}

/** Counted over the task's whole history: attempts that failed and those that worked. */
export function attemptNumber(task: Pick<TaskDetail, "timings">, err: ExecutionErr): number {
  const worked = task.timings.filter((timing) => timing.stage === err.stage && timing.outcome === "succeeded");
  return err.attempt + worked.filter((timing) => timing.endedAt <= err.startedAt).length;
}

function barsOf(task: TaskDetail, stage: Stage, now: number): Bar[] {
  const failures = task.executionErrs.filter((err) => err.stage === stage);
  const successes = task.timings.filter((timing) => timing.stage === stage && timing.outcome === "succeeded");
  const attempts: Bar[] = [
    ...failures.map((err) => ({
      key: `f${err.attempt} ${err.at}`,
      label: `Attempt ${attemptNumber(task, err)}`,
      from: Date.parse(err.startedAt),
      to: Date.parse(err.at),
      tone: isLook(err) ? ("waiting" as const) : ("failed" as const),
      kind: "attempt" as const,
      note: err.answer?.status ? `${err.answer.status} ${err.code}` : err.code,
    })),
    ...successes.map((timing, index) => {
      const before = failures.filter((err) => err.at <= timing.startedAt);
      return {
        key: `s${timing.startedAt} ${index}`,
        label: `Attempt ${(before.at(-1)?.attempt ?? 0) + index + 1}`,
        from: Date.parse(timing.startedAt),
        to: Date.parse(timing.endedAt),
        tone: "succeeded" as const,
        kind: "attempt" as const,
        note: index === successes.length - 1 ? resultOf(task, stage) : null,
      };
    }),
  ].sort((a, b) => a.from - b.from);
  if (task.state === "running" && task.stage === stage) attempts.push(underWay(task, attempts.length, now));
  const starts = attempts.map((attempt) => attempt.from);
  const waits = failures.flatMap((err) => waitOf(err, starts, now, task.state === "waiting"));
  return [...attempts, ...waits].sort((a, b) => a.from - b.from || a.to - b.to);
}

/** It looked, found that what it needs is not there yet, and waited: nothing failed. */
export function isLook({ waitReason }: ExecutionErr): boolean {
  return waitReason === "quota" || waitReason === "data";
}

function underWay(task: TaskDetail, attemptsBefore: number, now: number): Bar {
  const last = task.timings.at(-1)?.endedAt ?? task.startedAt?.toISOString() ?? task.updatedAt.toISOString();
  const queued = task.queuedAt?.getTime() ?? 0;
  return {
    key: "now",
    label: `Attempt ${attemptsBefore + 1}`,
    from: Math.min(now, Math.max(Date.parse(last), queued)),
    to: now,
    tone: "running",
    kind: "attempt",
    note: "under way",
  };
}

const waitWords = {
  retry: "Back-off",
  quota: "Waited for quota",
  data: "Waited for data",
  review: "Waited for review",
};

/** Until the next attempt began, or (a wait that goes on) until it is over. */
function waitOf(err: ExecutionErr, starts: readonly number[], now: number, isWaiting: boolean): Bar[] {
  if (!err.waitUntil) return [];
  const from = Date.parse(err.at);
  const until = Date.parse(err.waitUntil);
  const next = starts.find((start) => start >= from);
  const to = next ?? (isWaiting ? until : Math.min(until, now));
  if (to <= from) return [];
  const reason = err.waitReason ?? "retry";
  return [
    {
      key: `w${err.attempt} ${err.at}`,
      label: next === undefined && isWaiting ? waitWords[reason].replace("Waited", "Waits") : waitWords[reason],
      from,
      to,
      tone: "waiting",
      kind: "wait",
      note: err.waitUntil,
    },
  ];
}

/** What a stage that worked brought. */
function resultOf(task: TaskDetail, stage: Stage): string | null {
  const count = (number: number, word: string) => `${number.toLocaleString("en")} ${word}`;
  switch (stage) {
    case "collection": {
      const raw = task.artifacts.filter((artifact) => artifact.kind === "raw").length;
      return raw === 0 ? null : count(raw, raw === 1 ? "object" : "objects");
    }
    case "transformation":
      return `${count(task.rowsRead, "read")}, ${count(task.rowsRejected, "rejected")}`;
    case "ingestion":
      return `${count(task.rowsWritten, "written")}, ${count(task.rowsChanged, "changed")}`;
    default:
      return null;
  }
}

function stageState(task: TaskDetail, stage: Stage, stages: readonly Stage[]): StateName {
  const position = stages.indexOf(stage) - stages.indexOf(task.stage);
  if (position < 0 || task.state === "succeeded") return "succeeded";
  if (position > 0) return "pending";
  return task.state === "waiting" && task.waitReason === "review" ? "person" : task.state;
}
