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
