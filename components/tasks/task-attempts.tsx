import { StateMark } from "@/components/ui/state";
import { Tag } from "@/components/ui/tag";
import { Time } from "@/components/ui/time";
import type { TaskDetail } from "@/lib/tasks/schemas";
import { stageWord } from "./stage-word";

/** Attempts that failed, newest first, with what the source was asked and said. */
export function TaskAttempts({ task }: { task: TaskDetail }) {
  return task.executionErrs.toReversed().map((err) => (
    <div key={`${err.stage} ${err.attempt} ${err.at}`} className="find">
      <StateMark state={err.waitReason === "quota" || err.waitReason === "data" ? "waiting" : "failed"} />
      <span>
        <b>
          {stageWord(err.stage)}, attempt {err.attempt}
        </b>{" "}
        <code>{err.code}</code> <Tag>{whatFollowed(err)}</Tag>
      </span>
      <span className="tm">
        <Time at={err.at} style="full" />
      </span>
      <span className="d">{err.message}</span>
      {err.answer && (
        <pre className="raw d">
          {[
            err.answer.request,
            err.answer.status ? `answered ${err.answer.status}` : null,
            ...Object.entries(err.answer.headers ?? {}).map(([name, value]) => `${name}: ${value}`),
            err.answer.body,
          ]
            .filter(Boolean)
            .join("\n")}
        </pre>
      )}
    </div>
  ));
}

function whatFollowed(err: TaskDetail["executionErrs"][number]): string {
  if (err.waitReason === "quota" || err.waitReason === "data") return "Waited, no retry spent";
  if (err.waitUntil) return "Retried after a wait";
  return err.isRetryable ? "Out of retries" : "A retry alone does not help";
}
