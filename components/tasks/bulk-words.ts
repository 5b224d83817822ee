import type { BulkResult } from "@/lib/tasks/schemas";

/** Which types are among the tasks of an order: those that collect have stages and a source, those that make records have neither to choose. */
export interface Kinds {
  etl: boolean;
  mrv: boolean;
}

export function kindsOf({ tasksByType }: Pick<BulkResult, "tasksByType">): Kinds {
  const mrv = (tasksByType.mrv ?? 0) > 0;
  return { mrv, etl: !mrv || (tasksByType.etl ?? 0) > 0 };
}

/** Where MRV tasks begin when they are retried; null where there are none. */
export function recordsBeginWords({ etl, mrv }: Kinds): string | null {
  if (!mrv) return null;
  return `${etl ? "MRV tasks" : "They"} begin at extraction, from the readings stored now, and go on to verification. Submission waits for an approval.`;
}

/** Why some of the tasks are left alone. */
export function leftAloneWords(verb: "retry" | "cancel", { mrv }: Kinds): string {
  if (verb === "cancel") return mrv ? "Finished, or their record is decided on" : "Finished";
  return mrv
    ? "Pending, under way, of an archived meter, or decided on the page of their record"
    : "Pending, under way, or of an archived meter";
}

/** The calls that a retry costs, in words. */
export function callsNote(vendorCalls: number, { etl }: Kinds): string {
  if (!etl) return "Records are made of stored readings";
  return vendorCalls === 0 ? "Archived bytes are used" : "At most; neighbours share a call";
}

/** The second way to run selected intervals again: collecting asks the source, making records takes the readings of now. */
export const forceWords = {
  etl: { button: "Force", key: "Force: ask the source again" },
  mrv: { button: "Extract again", key: "Extract again, from the readings stored now" },
} as const;
