import { State, type StateName } from "@/components/ui/state";
import type { TaskState, WaitReason } from "@/lib/db/schema/tasks";

const statuses = {
  active: { state: "succeeded", word: "Active" },
  paused: { state: "paused", word: "Paused" },
  ended: { state: "cancelled", word: "Ended" },
} as const satisfies Record<string, { state: StateName; word: string }>;

export function JobStatus({ status, ink }: { status: keyof typeof statuses; ink?: boolean }) {
  return (
    <State state={statuses[status].state} ink={ink}>
      {statuses[status].word}
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
