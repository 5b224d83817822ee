import type { TaskState, WaitReason } from "../../db/schema/tasks";
import { groupBy } from "../../pipeline/etl/run-stage";

/** What a record waits for, of one job. */
export type Collecting =
  | {
      kind: "unfinished";
      job: string;
      isPaused: boolean;
      state: TaskState;
      waitReason: WaitReason | null;
      tasks: number;
      /** The earliest end of these waits. */
      until: Date | null;
    }
  | { kind: "not-created"; job: string; isPaused: boolean; collectedTo: Date; dueAt: Date };

/** `Waits for 3 tasks of Collect every day: 1 running, 2 waiting for quota until 00:00 UTC.` */
export function describeWait(collecting: readonly Collecting[], now: Date): string {
  const sentences: string[] = [];
  const unfinished = groupBy(
    collecting.filter((each) => each.kind === "unfinished"),
    ({ job }) => job,
  );
  for (const [job, parts] of unfinished) {
    const tasks = parts.reduce((sum, part) => sum + part.tasks, 0);
    const states = parts.map((part) => `${part.tasks} ${standing(part, now)}`).join(", ");
    const paused = parts.some(({ isPaused }) => isPaused) ? " The job is paused: resume it, or cancel them." : "";
    sentences.push(`Waits for ${tasks === 1 ? "1 task" : `${tasks} tasks`} of ${job}: ${states}.${paused}`);
  }
  for (const each of collecting) {
    if (each.kind !== "not-created") continue;
    const next = each.isPaused
      ? "The job is paused: resume it, or end it."
      : `Its next interval is due at ${instantWords(each.dueAt, now)}.`;
    sentences.push(`Waits for ${each.job}, which has come to ${instantWords(each.collectedTo, now)}. ${next}`);
  }
  return sentences.join(" ");
}

function standing(part: Extract<Collecting, { kind: "unfinished" }>, now: Date): string {
  if (part.state !== "waiting") return part.state;
  const until = part.until ? ` until ${instantWords(part.until, now)}` : "";
  switch (part.waitReason) {
    case "quota":
      return `waiting for quota${until}`;
    case "data":
      return `waiting for data${until}`;
    default:
      return part.until ? `to be retried at ${instantWords(part.until, now)}` : "waiting";
  }
}

const day = new Intl.DateTimeFormat("en-AU", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });

/** `00:00 UTC` of the next 24 hours, else with its day. */
function instantWords(at: Date, now: Date): string {
  const time = `${at.toISOString().slice(11, 16)} UTC`;
  const ahead = at.getTime() - now.getTime();
  return ahead >= 0 && ahead <= 86_400_000 ? time : `${day.format(at)} ${time}`;
}
