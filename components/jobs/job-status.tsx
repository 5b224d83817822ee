import { State, type StateName } from "@/components/ui/state";
import type { TaskState, WaitReason } from "@/lib/db/schema/tasks";

const statuses = {
  active: { state: "succeeded", word: "Active" },
  paused: { state: "paused", word: "Paused" },
  ended: { state: "cancelled", word: "Ended" },
} as const satisfies Record<string, { state: StateName; word: string }>;

/** A job of uploads is neither running nor over: it does something when a person brings a file. */
export function JobStatus(props: { status: keyof typeof statuses; trigger: "schedule" | "upload"; ink?: boolean }) {
  const { state, word } =
    props.trigger === "upload" ? ({ state: "pending", word: "By upload" } as const) : statuses[props.status];
  return (
    <State state={state} ink={props.ink}>
      {word}
    </State>
  );
}

const waits: Record<WaitReason, string> = {
  retry: "Waiting to retry",
  quota: "Waiting for quota",
  data: "Waiting for data",
  review: "To review",
};

export function taskStateLook(state: TaskState, waitReason?: WaitReason | null): { state: StateName; word?: string } {
  if (state !== "waiting" || !waitReason) return { state };
  return { state: waitReason === "review" ? "person" : "waiting", word: waits[waitReason] };
}

/** Shape and word of a task's state, with what it waits for. */
export function TaskStateMark({
  state,
  waitReason,
  ink = true,
}: {
  state: TaskState;
  waitReason?: WaitReason | null;
  ink?: boolean;
}) {
  const look = taskStateLook(state, waitReason);
  return (
    <State state={look.state} ink={ink}>
      {look.word}
    </State>
  );
}
