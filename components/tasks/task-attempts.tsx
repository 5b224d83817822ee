import { Card, CardHead } from "@/components/ui/card";
import { CopyButton } from "@/components/ui/copy-button";
import { formatLength } from "@/components/ui/format";
import { Pre } from "@/components/ui/pre";
import { StateMark, type StateName } from "@/components/ui/state";
import { Count, Tag } from "@/components/ui/tag";
import { Time } from "@/components/ui/time";
import type { ExecutionErr } from "@/lib/db/schema/tasks";
import type { TaskDetail } from "@/lib/tasks/schemas";
import { attemptNumber, isLook } from "./stage-rows";
import { stageWord } from "./stage-word";

/** Attempts that failed, newest first, with what the source was asked and said. */
export function TaskAttempts({ task }: { task: TaskDetail }) {
  const errs = task.executionErrs.toReversed();
  return (
    <Card>
      <CardHead
        title={
          errs.every(isLook) ? "Waits" : errs.some(isLook) ? "Attempts that failed, and waits" : "Attempts that failed"
        }
        note={<Count>{errs.length}</Count>}
        end={
          <CopyButton label="Copy all attempts" text={errs.map((err) => asText(task, err)).join("\n\n")}>
            Copy all
          </CopyButton>
        }
      />
      {errs.map((err) => (
        <div key={`${err.stage} ${err.attempt} ${err.at}`} className="att">
          <StateMark {...markOf(err)} />
          <div className="hd">
            <b>{nameOf(task, err)}</b>
            <code>{err.answer?.status ? `${err.answer.status} ${err.code}` : err.code}</code>
            <Tag>{whatFollowed(err)}</Tag>
          </div>
          <span className="tm">
            <Time at={err.at} zone={task.timezone} style="date-time" seconds />
          </span>
          <p>{err.message}</p>
          {err.answer && <Exchange answer={err.answer} />}
        </div>
      ))}
    </Card>
  );
}

/** Request, status with the headers that explain it, and the beginning of the body. */
function Exchange({ answer }: { answer: NonNullable<ExecutionErr["answer"]> }) {
  return (
    <Pre>
      {answer.request}
      {answer.status !== undefined && (
        <>
          {"\n"}
          <b>{answer.status}</b>
        </>
      )}
      {Object.entries(answer.headers ?? {}).map(([name, value]) => (
        <span key={name}>
          {"  "}
          {name}: <i>{value}</i>
        </span>
      ))}
      {answer.body && `\n${answer.body}`}
    </Pre>
  );
}

function nameOf(task: TaskDetail, err: ExecutionErr): string {
  return `${stageWord(err.stage)}, attempt ${attemptNumber(task, err)}`;
}

function markOf(err: ExecutionErr): { state: StateName; label: string } {
  if (isLook(err)) return { state: "waiting", label: "Waited" };
  return err.waitReason === "review" ? { state: "person", label: "Unknown" } : { state: "failed", label: "Failed" };
}

function whatFollowed(err: ExecutionErr): string {
  if (isLook(err)) return "Waited, no retry spent";
  if (err.waitReason === "review") return "A person decides";
  if (err.waitUntil) return `Retried after ${formatLength((Date.parse(err.waitUntil) - Date.parse(err.at)) / 1000)}`;
  return err.isRetryable ? "Out of retries" : "A retry alone does not help";
}

function asText(task: TaskDetail, err: ExecutionErr): string {
  const { answer } = err;
  return [
    `${err.at} ${nameOf(task, err)}: ${err.code}`,
    err.message,
    answer?.request,
    answer?.status !== undefined && `answered ${answer.status}`,
    ...Object.entries(answer?.headers ?? {}).map(([name, value]) => `${name}: ${value}`),
    answer?.body,
  ]
    .filter(Boolean)
    .join("\n");
}
