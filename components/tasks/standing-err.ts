import type { ExecutionErr } from "@/lib/db/schema/tasks";
import type { TaskDto } from "@/lib/tasks/schemas";

/** The error a task stands with: its newest, unless it is over. What a task waited for is no error once it waits for it no more. */
export function standingErr({
  state,
  waitReason,
  executionErrs,
}: Pick<TaskDto, "state" | "waitReason" | "executionErrs">): ExecutionErr | null {
  const last = executionErrs.at(-1);
  if (!last || state === "succeeded") return null;
  if (state === "waiting" && waitReason === "review") return last.code === "SUBMISSION_UNKNOWN" ? last : null;
  return state === "cancelled" && last.waitReason === "data" ? null : last;
}
