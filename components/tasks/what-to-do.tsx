import { LinkButton } from "@/components/ui/button";
import { StateMark, type StateName, states } from "@/components/ui/state";
import { Time } from "@/components/ui/time";
import type { ExecutionErr } from "@/lib/db/schema/tasks";
import type { TaskDetail } from "@/lib/tasks/schemas";

/** On top of a task that did not succeed: what is wrong, what happens or is to be done next, and the way to the cause. */
export function WhatToDo({ task, canEdit }: { task: TaskDetail; canEdit: boolean }) {
  const err = task.executionErrs.at(-1);
  if (task.waitReason === "review" && err?.code !== "SUBMISSION_UNKNOWN") return <Decide />;
  if (task.state === "succeeded" || task.state === "cancelled" || !err) return null;
  const state: StateName = task.state === "failed" ? "failed" : task.waitReason === "review" ? "person" : "waiting";
  const fix = task.state === "failed" ? fixOf(err) : null;
  const [title, ...rest] = sentencesOf(err.message);
  return (
    <section className={`what ${states[state].tone}`} aria-label="What to do">
      <StateMark state={state} />
      <h2>{title?.replace(/\.$/, "")}</h2>
      <p>
        {rest.length > 0 && `${rest.join(" ")} `}
        {fix?.advice}
        {task.state === "waiting" && task.waitUntil && (
          <>
            {nextWords(task)} <Time at={task.waitUntil} zone={task.timezone} style="date-time" seconds named />, by
            itself.
          </>
        )}
        {["pending", "queued", "running"].includes(task.state) && "It is being tried again."}
      </p>
      {fix?.button && canEdit && (
        <div className="row">
          <LinkButton icon="edit" href={`/meters/${task.meterId}/edit`}>
            {fix.button}
          </LinkButton>
        </div>
      )}
    </section>
  );
}

/** Whatever it waited for before: now its record waits for a person. */
function Decide() {
  return (
    <section className={`what ${states.person.tone}`} aria-label="What to do">
      <StateMark state="person" />
      <h2>A person decides about its record</h2>
      <p>It goes on when the record is approved, and ends when it is rejected.</p>
      <div className="row">
        <LinkButton icon="review" href="/mrv/review">
          MRV review
        </LinkButton>
      </div>
    </section>
  );
}

/** Where only the meter's settings or credential help; everything else heals at the source or here. */
const settingsCodes = /^(CHANNEL_MISSING|NMI_|METER_SETUP|NO_API|NOT_A_DEVICE|SUFFIX|COLUMN|MAPPING)/;
const accessCodes =
  /^(CREDENTIALS_|UNAUTHORI|NOT_PERMITTED|ACCESS_DENIED|EXPIRED|WRONG_REGION|NO_SUCH_BUCKET|NOT_FOUND|INVALID_KEY|SIGNATURE)/;

function fixOf(err: ExecutionErr): { advice: string; button: string | null } {
  const retry = retryWords(err.stage);
  if (err.code === "CHANNEL_MISSING")
    return { advice: `Correct the channels of this meter, then ${retry}`, button: "Edit channels" };
  if (settingsCodes.test(err.code))
    return { advice: `Correct the settings of this meter, then ${retry}`, button: "Edit settings" };
  if (accessCodes.test(err.code))
    return { advice: `Correct the source or the credential of this meter, then ${retry}`, button: "Edit meter" };
  if (err.isRetryable) return { advice: `All retries are spent. When the cause is gone, ${retry}`, button: null };
  return { advice: `A retry alone does not help: remove the cause, then ${retry}`, button: "Edit meter" };
}

function retryWords(stage: ExecutionErr["stage"]): string {
  if (stage === "collection") return "retry from collection: the source is asked again.";
  return `retry from ${stage}. The archived bytes are used again, so no vendor call is made.`;
}

function nextWords({ waitReason }: TaskDetail): string {
  if (waitReason === "quota") return "It goes on when the quota is back,";
  return waitReason === "data" ? "It asks again" : "It is tried again";
}

function sentencesOf(message: string): string[] {
  return message.split(/(?<=[.!?])\s+(?=[A-Z])/);
}
