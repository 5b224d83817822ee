import { expect, it } from "vitest";
import { testDatabase } from "../db/testing";
import { aJob, aTask } from "../testing/builders";
import { jobGrid } from "./grid";

const database = testDatabase();
const actor = { kind: "system", name: "test" } as const;
const hour = (iso: string, count: number) => new Date(new Date(iso).getTime() + count * 3_600_000);

it("shows 25 hours in 24 cells on the day clocks go back, and says which cell holds two", async () => {
  const job = await aJob(database.db, {
    interval: "PT1H",
    anchorAt: new Date("2026-04-04T13:00:00Z"),
    nextIntervalAt: new Date("2026-04-05T14:00:00Z"),
  });
  for (let index = 0; index < 25; index++) {
    const intervalStart = hour("2026-04-04T13:00:00Z", index);
    await aTask(database.db, {
      job,
      intervalStart,
      intervalEnd: hour(intervalStart.toISOString(), 1),
      state: "succeeded",
      readingsExpected: 12,
      readingsPresent: 12,
    });
  }
  const grid = await jobGrid(
    { db: database.db, actor },
    { jobId: job.id, view: "hours", until: new Date("2026-04-05T05:00:00Z") },
  );
  const day = grid.rows[0];
  expect(day?.key).toBe("2026-04-05");
  expect(day?.cells.map(({ taskCount }) => taskCount)).toEqual([1, 1, 2, ...Array(21).fill(1)]);
  expect(day?.readingsPresent).toBe(300);
});

it("gives a cell of twelve intervals the state that most needs looking at, and its task", async () => {
  const job = await aJob(database.db, { interval: "PT5M", anchorAt: new Date("2026-07-01T00:00:00Z") });
  const at = (minutes: number) => new Date(Date.UTC(2026, 6, 1, 2, minutes));
  const cell = { job, readingsExpected: 1 };
  await aTask(database.db, {
    ...cell,
    intervalStart: at(0),
    intervalEnd: at(5),
    state: "succeeded",
    readingsPresent: 1,
  });
  const failed = await aTask(database.db, { ...cell, intervalStart: at(5), intervalEnd: at(10), state: "failed" });
  await aTask(database.db, { ...cell, intervalStart: at(10), intervalEnd: at(15), state: "running" });
  const grid = await jobGrid({ db: database.db, actor }, { jobId: job.id, view: "hours", until: at(0) });
  const found = grid.rows[0]?.cells.find(({ taskCount }) => taskCount > 0);
  expect(found).toMatchObject({ column: 12, state: "failed", taskCount: 3, failedCount: 1, taskId: failed.id });
});

it("says why a cell is empty: before the start, skipped by the clocks, paused, not due", async () => {
  const job = await aJob(database.db, {
    interval: "PT1H",
    anchorAt: new Date("2026-10-03T18:00:00Z"),
    nextIntervalAt: new Date("2026-10-03T20:00:00Z"),
    status: "paused",
  });
  const now = new Date("2026-10-03T22:30:00Z");
  const grid = await jobGrid({ db: database.db, actor }, { jobId: job.id, view: "hours", until: now }, now);
  const states = grid.rows[0]?.cells.map(({ state }) => state);
  expect(grid.rows[0]?.key).toBe("2026-10-04");
  expect(states?.[0]).toBe("outside");
  expect(states?.[2]).toBe("none");
  expect(states?.[7]).toBe("paused");
  expect(states?.[20]).toBe("not-due");
});

it("continues an interval that is longer than a cell, counted once, with the whole interval as its range", async () => {
  const job = await aJob(database.db, {
    interval: "P7D",
    anchorAt: new Date("2026-06-28T14:00:00Z"),
    nextIntervalAt: new Date("2026-07-12T14:00:00Z"),
  });
  const week = { job, state: "succeeded", readingsExpected: 2016, readingsPresent: 2016 } as const;
  const from = new Date("2026-06-28T14:00:00Z");
  const to = new Date("2026-07-05T14:00:00Z");
  const task = await aTask(database.db, { ...week, intervalStart: from, intervalEnd: to });
  const now = new Date("2026-07-20T00:00:00Z");
  const grid = await jobGrid({ db: database.db, actor }, { jobId: job.id, view: "days", until: now }, now);
  const july = grid.rows.find(({ key }) => key === "2026-07");
  expect(july?.cells.slice(0, 6).map(({ state, isContinued, taskId }) => [state, isContinued, taskId])).toEqual(
    Array(5)
      .fill(["succeeded", true, task.id])
      .concat([["missing", false, null]]),
  );
  expect(july?.cells[0]).toMatchObject({ from: from.toISOString(), to: to.toISOString(), taskCount: 0 });
  expect(grid.counts.succeeded).toBe(1);
});

it("tells apart what was passed without a task, what is due, what is not due yet and when, and what came after the end", async () => {
  const life = {
    interval: "PT1H",
    anchorAt: new Date("2026-07-01T00:00:00Z"),
    nextIntervalAt: new Date("2026-07-01T02:00:00Z"),
    delaySeconds: 600,
    timezone: "UTC",
  };
  const now = new Date("2026-07-01T04:05:00Z");
  const statesOf = async (values: object) => {
    const job = await aJob(database.db, { ...life, ...values });
    const grid = await jobGrid({ db: database.db, actor }, { jobId: job.id, view: "hours", until: now }, now);
    return grid.rows[0]?.cells.slice(1, 5) ?? [];
  };
  const cells = await statesOf({});
  expect(cells.map(({ state }) => state)).toEqual(["missing", "due", "not-due", "not-due"]);
  expect(cells[2]?.dueAt).toBe("2026-07-01T04:10:00.000Z");
  expect((await statesOf({ status: "ended" })).map(({ state }) => state)).toEqual([
    "missing",
    "outside",
    "outside",
    "outside",
  ]);
});

it("gives a failed cell the newest error of its task", async () => {
  const job = await aJob(database.db, {
    interval: "PT1H",
    anchorAt: new Date("2026-07-01T00:00:00Z"),
    timezone: "UTC",
  });
  const err = { stage: "collection", attempt: 1, startedAt: "", at: "", isRetryable: false } as const;
  await aTask(database.db, {
    job,
    state: "failed",
    intervalStart: job.anchorAt,
    intervalEnd: hour(job.anchorAt.toISOString(), 1),
    executionErrs: [
      { ...err, code: "old", message: "Earlier." },
      { ...err, code: "vendor_refused", message: "The key is not known." },
    ],
  });
  const grid = await jobGrid({ db: database.db, actor }, { jobId: job.id, view: "hours", until: job.anchorAt });
  expect(grid.rows[0]?.cells[0]?.error).toEqual({ code: "vendor_refused", message: "The key is not known." });
});

it("counts no task as one to cancel whose record waits for a person", async () => {
  const job = await aJob(database.db, {
    type: "mrv",
    interval: "P1D",
    timezone: "UTC",
    anchorAt: new Date("2026-07-01T00:00:00Z"),
  });
  const day = (index: number) => new Date(Date.UTC(2026, 6, 1 + index));
  const task = { job, type: "mrv", stage: "extraction", state: "waiting" } as const;
  await aTask(database.db, { ...task, intervalStart: day(0), intervalEnd: day(1), waitReason: "review" });
  await aTask(database.db, { ...task, intervalStart: day(1), intervalEnd: day(2), waitReason: "data" });
  const grid = await jobGrid({ db: database.db, actor }, { jobId: job.id, view: "days", until: day(2) });
  const cells = grid.rows.flatMap((row) => row.cells.filter(({ taskCount }) => taskCount > 0));
  expect(grid.type).toBe("mrv");
  expect(cells.map(({ state, openCount }) => [state, openCount])).toEqual([
    ["person", 0],
    ["waiting", 1],
  ]);
});
