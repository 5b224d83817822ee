import type { TaskDetail } from "@/lib/tasks/schemas";

/** Whether the source is asked although its bytes are archived; null of an MRV task, which asks none. */
export function askedAgainWords({ type, isForced, forcedBy }: Pick<TaskDetail, "type" | "isForced" | "forcedBy">) {
  if (type === "mrv") return null;
  return `${isForced ? "yes" : "as the job is set"}${forcedBy ? `, last forced by ${forcedBy}` : ""}`;
}

/** What its count of readings says: of those it stored, or that its record is made of. */
export function readingsWord({ type }: Pick<TaskDetail, "type">): string {
  return type === "mrv" ? "Readings used" : "Readings stored";
}
