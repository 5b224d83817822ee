import type { TaskState, WaitReason } from "../db/schema/tasks";

/**
 * Why readings are missing. `vendor`: asked for and not given; `failed`, `quota`, `retry`, `data`, `working`, `cancelled`: where
 * the task of that time stands; `paused`, `ended`: its job; `uncollected`: no task has it.
 */
export type GapReason =
  | "vendor"
  | "failed"
  | "quota"
  | "retry"
  | "data"
  | "working"
  | "cancelled"
  | "paused"
  | "ended"
  | "uncollected";

export interface Gap {
  from: Date;
  to: Date;
  reason: GapReason;
  /** The only task behind it; null where there are several or none. */
  taskId: string | null;
  /** When a wait ends, where that is known. */
  until: Date | null;
}

export interface TaskOfGap {
  id: string;
  from: Date;
  to: Date;
  state: TaskState;
  waitReason: WaitReason | null;
  waitUntil: Date | null;
}

export interface JobOfGap {
  status: "active" | "paused" | "ended";
  /** Where its tasks end. */
  nextIntervalAt: Date;
}

/** What most needs looking at first: of several tasks over one time it decides. */
const order: GapReason[] = [
  "failed",
  "quota",
  "retry",
  "data",
  "working",
  "vendor",
  "cancelled",
  "paused",
  "ended",
  "uncollected",
];

/** The gap that says most about a range without any reading: tasks that queue behind a spent quota are not what it is about. */
export function mostTelling<G extends { reason: GapReason }>(gaps: readonly G[]): G | undefined {
  return [...gaps].sort((a, b) => order.indexOf(a.reason) - order.indexOf(b.reason))[0];
}

/** Splits missing stretches where their reason changes. Tasks may overlap; jobs say what no task does. */
export function explainGaps(
  missing: readonly { from: Date; to: Date }[],
  tasks: readonly TaskOfGap[],
  jobs: readonly JobOfGap[],
): Gap[] {
  const inOrder = [...tasks].sort((a, b) => a.from.getTime() - b.from.getTime());
  const longest = Math.max(0, ...tasks.map(({ from, to }) => to.getTime() - from.getTime()));
  const gaps: Gap[] = [];
  let first = 0;
  for (const { from, to } of missing) {
    while (first < inOrder.length && Number(inOrder[first]?.from) + longest <= from.getTime()) first++;
    const over: TaskOfGap[] = [];
    for (let index = first; index < inOrder.length; index++) {
      const task = inOrder[index];
      if (!task || task.from >= to) break;
      if (task.to > from) over.push(task);
    }
    const edges = new Set([from.getTime(), to.getTime()]);
    for (const task of over) {
      for (const edge of [task.from.getTime(), task.to.getTime()]) {
        if (edge > from.getTime() && edge < to.getTime()) edges.add(edge);
      }
    }
    const cuts = [...edges].sort((a, b) => a - b);
    for (const [index, start] of cuts.slice(0, -1).entries()) {
      add(gaps, pieceOf(new Date(start), new Date(cuts[index + 1] ?? start), over, jobs));
    }
  }
  return gaps;
}

function add(gaps: Gap[], piece: Gap): void {
  const last = gaps.at(-1);
  if (!last || last.reason !== piece.reason || last.to.getTime() !== piece.from.getTime()) {
    gaps.push(piece);
    return;
  }
  last.to = piece.to;
  if (last.taskId !== piece.taskId) last.taskId = null;
  if (last.until && piece.until && piece.until > last.until) last.until = piece.until;
}

function pieceOf(from: Date, to: Date, tasks: readonly TaskOfGap[], jobs: readonly JobOfGap[]): Gap {
  const looks = tasks
    .filter((task) => task.from < to && task.to > from)
    .map((task) => ({ task, reason: reasonOf(task) }))
    .sort((a, b) => order.indexOf(a.reason) - order.indexOf(b.reason));
  const [worst] = looks;
  if (worst) return { from, to, reason: worst.reason, taskId: worst.task.id, until: worst.task.waitUntil };
  const beyond = jobs.filter(({ nextIntervalAt }) => from >= nextIntervalAt);
  const reason = beyond.some(({ status }) => status === "active")
    ? "uncollected"
    : beyond.some(({ status }) => status === "paused")
      ? "paused"
      : beyond.length > 0
        ? "ended"
        : "uncollected";
  return { from, to, reason, taskId: null, until: null };
}

function reasonOf({ state, waitReason }: TaskOfGap): GapReason {
  if (state === "succeeded") return "vendor";
  if (state === "failed" || state === "cancelled") return state;
  if (state === "waiting" && waitReason !== "review" && waitReason !== null) return waitReason;
  return "working";
}
