import { LinkButton } from "@/components/ui/button";
import { StateMark, type StateName, states } from "@/components/ui/state";
import { Time } from "@/components/ui/time";
import type { RecordSummary } from "@/lib/mrv/schemas";
import type { TaskDetail } from "@/lib/tasks/schemas";
import { adviceOf } from "./advice";

/**
 * On top of a task that did not succeed: what is wrong, what happens or is to be done next, and the way to the cause. `record`: the newest that an
 * MRV task made.
 */
export function WhatToDo(props: { task: TaskDetail; record: RecordSummary | null; canEdit: boolean }) {
  const { task, record, canEdit } = props;
  const err = task.executionErrs.at(-1);
  if (task.waitReason === "review" && err?.code !== "SUBMISSION_UNKNOWN") return <OfItsRecord record={record} />;
  if (task.state === "succeeded" || task.state === "cancelled" || !err) return null;
  const state: StateName = task.state === "failed" ? "failed" : task.waitReason === "review" ? "person" : "waiting";
  const advice = adviceOf(task, err, record);
  const link = advice?.link && (canEdit || !advice.link.isEdit) ? advice.link : null;
  const [title, ...rest] = sentencesOf(err.message);
  return (
    <section className={`what ${states[state].tone}`} aria-label="What to do">
      <StateMark state={state} />
      <h2>{title?.replace(/\.$/, "")}</h2>
      <p>
        {rest.length > 0 && `${rest.join(" ")} `}
        {advice?.words}
        {task.state === "waiting" && task.waitUntil && (
          <>
            {nextWords(task)} <Time at={task.waitUntil} zone={task.timezone} style="date-time" seconds named />, by
            itself.
          </>
        )}
        {["pending", "queued", "running"].includes(task.state) && "It is being tried again."}
      </p>
      {link && (
        <div className="row">
          <LinkButton icon={link.icon} href={link.href}>
            {link.label}
          </LinkButton>
        </div>
      )}
    </section>
  );
}

/** Whatever it waited for before: now its record waits for a person, or is on its way. */
function OfItsRecord({ record }: { record: RecordSummary | null }) {
  if (record?.status === "approved" || record?.status === "submitting") {
    return (
      <section className={`what ${states.running.tone}`} aria-label="What to do">
        <StateMark state="running" />
        <h2>Its record was approved</h2>
        <p>It is signed and sent as soon as a place is free, by itself.</p>
      </section>
    );
  }
  return (
    <section className={`what ${states.person.tone}`} aria-label="What to do">
      <StateMark state="person" />
      <h2>A person decides about its record</h2>
      <p>It goes on when the record is approved, and ends when it is rejected.</p>
      <div className="row">
        <LinkButton icon="review" href={record ? `/mrv/review?record=${record.id}` : "/mrv/review"}>
          MRV review
        </LinkButton>
      </div>
    </section>
  );
}

function nextWords({ type, waitReason }: TaskDetail): string {
  if (waitReason === "quota") return "It goes on when the quota is back,";
  if (waitReason === "data") return type === "mrv" ? "It looks again" : "It asks again";
  return "It is tried again";
}

function sentencesOf(message: string): string[] {
  return message.split(/(?<=[.!?])\s+(?=[A-Z])/);
}
