import { describe, expect, it } from "vitest";
import { explainGaps, type JobOfGap, mostTelling, type TaskOfGap } from "./explain-gaps";

const hour = (count: number) => new Date(Date.UTC(2026, 10, 20, count));
const gap = (from: number, to: number) => ({ from: hour(from), to: hour(to) });
const task = (id: string, from: number, to: number, over: Partial<TaskOfGap> = {}): TaskOfGap => ({
  id,
  ...gap(from, to),
  state: "succeeded",
  waitReason: null,
  waitUntil: null,
  ...over,
});
const job = (status: JobOfGap["status"], next: number): JobOfGap => ({ status, nextIntervalAt: hour(next) });
const words = (gaps: ReturnType<typeof explainGaps>) =>
  gaps.map(({ from, to, reason, taskId }) =>
    `${from.getUTCHours()}-${to.getUTCHours()} ${reason} ${taskId ?? ""}`.trim(),
  );

describe("why readings are missing", () => {
  it("is the vendor's doing where the task succeeded", () => {
    expect(words(explainGaps([gap(9, 12)], [task("a", 0, 24)], []))).toEqual(["9-12 vendor a"]);
  });

  it("changes where one task ends and the next begins, and is told once where it does not", () => {
    const tasks = [
      task("a", 0, 6),
      task("b", 6, 12, { state: "failed" }),
      task("c", 12, 18, { state: "failed" }),
      task("d", 18, 23, { state: "waiting", waitReason: "quota", waitUntil: hour(23) }),
    ];
    expect(words(explainGaps([gap(4, 20)], tasks, []))).toEqual(["4-6 vendor a", "6-18 failed", "18-20 quota d"]);
  });

  it("is told of a whole range by what most needs looking at", () => {
    const tasks = [
      task("a", 0, 6, { state: "queued" }),
      task("b", 6, 12, { state: "waiting", waitReason: "quota", waitUntil: hour(24) }),
    ];
    expect(mostTelling(explainGaps([gap(0, 20)], tasks, [job("active", 12)]))).toMatchObject({ reason: "quota" });
    expect(mostTelling(explainGaps([gap(0, 20)], [], [job("active", 12)]))).toMatchObject({ reason: "uncollected" });
    expect(mostTelling([])).toBeUndefined();
  });

  it("is what most needs looking at where several tasks are over it", () => {
    const tasks = [task("a", 0, 12), task("b", 0, 12, { state: "running" }), task("c", 6, 12, { state: "failed" })];
    expect(words(explainGaps([gap(2, 10)], tasks, []))).toEqual(["2-6 working b", "6-10 failed c"]);
  });

  it("is the job's where there is no task", () => {
    expect(words(explainGaps([gap(4, 8)], [], [job("paused", 6)]))).toEqual(["4-8 uncollected"]);
    expect(words(explainGaps([gap(6, 8)], [], [job("paused", 6), job("ended", 2)]))).toEqual(["6-8 paused"]);
    expect(words(explainGaps([gap(6, 8)], [], [job("ended", 2)]))).toEqual(["6-8 ended"]);
    expect(words(explainGaps([gap(6, 8)], [], []))).toEqual(["6-8 uncollected"]);
  });

  it("is found for every gap of many", () => {
    const tasks = Array.from({ length: 20 }, (_, index) => task(`t${index}`, index, index + 1));
    const gaps = explainGaps([gap(1, 2), gap(5, 7), gap(19, 20)], tasks, []);
    expect(words(gaps)).toEqual(["1-2 vendor t1", "5-7 vendor", "19-20 vendor t19"]);
  });
});
