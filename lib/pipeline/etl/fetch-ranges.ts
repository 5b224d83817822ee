import { addDuration, nominalSeconds } from "../../time";
import type { StageTask } from "./stage-tasks";

/** Half-open, epoch milliseconds. */
export interface Span {
  from: number;
  to: number;
}

/** One call's worth: a range at most the vendor's longest, and the tasks that need some of it. */
export interface FetchRange extends Span {
  tasks: StageTask[];
}

/** The task's interval with the trailing intervals its job reads again, never before the job's first interval. */
export function readSpan(task: StageTask): Span {
  const { rereadIntervals, interval, timezone, anchorAt } = task.job;
  let from = task.startAt;
  if (interval.startsWith("PT")) from -= rereadIntervals * clockMilliseconds(interval);
  // Civil days and months have no fixed length: step back by the calendar.
  else for (let i = 0; i < rereadIntervals; i++) from = addDuration(new Date(from), `-${interval}`, timezone).getTime();
  return { from: Math.min(task.startAt, Math.max(from, anchorAt)), to: task.endAt };
}

const lengths = new Map<string, number>();

/** Asked several times per task, and reading a duration costs more than everything else about a range. */
function clockMilliseconds(interval: string): number {
  const known = lengths.get(interval) ?? nominalSeconds(interval) * 1000;
  lengths.set(interval, known);
  return known;
}

/** Joins what the tasks of one meter read into ranges without gaps, each with its tasks in order of their start. */
export function contiguousRanges(tasks: readonly StageTask[]): FetchRange[] {
  const spans = tasks.map((task) => ({ ...readSpan(task), task })).sort((a, b) => a.from - b.from || a.to - b.to);
  const ranges: FetchRange[] = [];
  for (const { from, to, task } of spans) {
    const last = ranges.at(-1);
    if (last && from <= last.to) {
      last.to = Math.max(last.to, to);
      last.tasks.push(task);
    } else ranges.push({ from, to, tasks: [task] });
  }
  for (const range of ranges) range.tasks.sort((a, b) => a.startAt - b.startAt || a.endAt - b.endAt);
  return ranges;
}

/**
 * Cuts a range into calls of at most `maxRange` (ISO 8601; absent: one call), at ends of task intervals where one is in
 * reach, so that most tasks are served by one object.
 */
export function splitRange(range: FetchRange, maxRange: string | undefined): FetchRange[] {
  const limit = maxRange === undefined ? Number.POSITIVE_INFINITY : nominalSeconds(maxRange) * 1000;
  const ends = range.tasks.map((task) => task.endAt).sort((a, b) => a - b);
  const parts: FetchRange[] = [];
  let next = 0;
  for (let from = range.from; from < range.to; ) {
    let to = Math.min(range.to, from + limit);
    while (next < ends.length && (ends[next] ?? 0) <= from) next++;
    let best: number | undefined;
    for (; next < ends.length && (ends[next] ?? 0) <= to; next++) best = ends[next];
    if (to < range.to && best !== undefined) to = best;
    parts.push({ from, to, tasks: [] });
    from = to;
  }
  for (const task of range.tasks) {
    const span = readSpan(task);
    for (const part of parts) if (span.from < part.to && span.to > part.from) part.tasks.push(task);
  }
  return parts;
}

/** What is left of a span after taking others away, in order. */
export function uncovered(span: Span, covers: readonly Span[]): Span[] {
  let left: Span[] = [span];
  for (const cover of covers) {
    left = left.flatMap((piece) =>
      cover.to <= piece.from || cover.from >= piece.to
        ? [piece]
        : [
            { from: piece.from, to: Math.max(piece.from, cover.from) },
            { from: Math.min(piece.to, cover.to), to: piece.to },
          ].filter((part) => part.to > part.from),
    );
  }
  return left;
}
