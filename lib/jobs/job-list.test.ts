import { describe, expect, it } from "vitest";
import type { Actor } from "../auth/actor";
import { testDatabase } from "../db/testing";
import { Forbidden } from "../errors";
import { newId } from "../ids";
import { aBackfill, aJob, aMeter, aTask } from "../testing/builders";
import { jobList } from "./job-list";
import { jobSummary } from "./job-summary";

const database = testDatabase();
const viewer: Actor = { kind: "user", id: newId(), name: "Vera", roles: ["viewer"] };
const ctx = () => ({ db: database.db, actor: viewer });
/** Noon in Sydney, in winter. */
const now = new Date("2026-07-10T02:00:00Z");
const midnight = (daysAgo: number) => new Date(Date.UTC(2026, 6, 9 - daysAgo, 14));
/** Only the jobs of these meters: suites share nothing, but the tests of one file share a database. */
const namesOf = async (prefix: string, filter: Parameters<typeof jobList>[1]) =>
  (await jobList(ctx(), { search: prefix, ...filter }, now)).rows.map(({ meterName }) => meterName);

async function aDay(job: Awaited<ReturnType<typeof aJob>>, daysAgo: number, state: "succeeded" | "failed" | "running") {
  return aTask(database.db, { job, state, intervalStart: midnight(daysAgo), intervalEnd: midnight(daysAgo - 1) });
}

describe("jobList", () => {
  it("finds by meter, job and id at the source, by status, meter type and failed tasks", async () => {
    const roof = await aMeter(database.db, { name: "Findme roof", dataSource: "DFINDME1" });
    const hall = await aMeter(database.db, { name: "Findme hall", type: "NEM12" });
    const failing = await aJob(database.db, { meterId: roof.id, name: "Collect the roof" });
    await aJob(database.db, { meterId: hall.id, status: "paused" });
    await aDay(failing, 2, "failed");
    expect(await namesOf("findme", {})).toEqual(["Findme hall", "Findme roof"]);
    expect(await namesOf("DFINDME1", {})).toEqual(["Findme roof"]);
    expect(await namesOf("collect the roof", {})).toEqual(["Findme roof"]);
    expect(await namesOf("findme", { status: "paused" })).toEqual(["Findme hall"]);
    expect(await namesOf("findme", { meterType: "NEM12" })).toEqual(["Findme hall"]);
    expect(await namesOf("findme", { onlyFailed: true })).toEqual(["Findme roof"]);
    expect(await namesOf("find_e", {})).toEqual([]);
  });

  it("sorts by what is asked, with what has no value last", async () => {
    const add = async (name: string, values: object) => {
      const meter = await aMeter(database.db, { name: `Sorted ${name}` });
      return aJob(database.db, { meterId: meter.id, ...values });
    };
    const b = await add("b", { interval: "PT1H", nextIntervalAt: midnight(1) });
    await add("a", { status: "paused", interval: "P1M" });
    const c = await add("c", { nextIntervalAt: midnight(3) });
    await aDay(c, 2, "failed");
    await aDay(b, 2, "succeeded");
    const letters = async (filter: object) => (await namesOf("sorted", filter)).map((name) => name.at(-1)).join("");
    expect(await letters({})).toBe("abc");
    expect(await letters({ descending: true })).toBe("cba");
    expect(await letters({ sort: "interval" })).toBe("bca");
    expect(await letters({ sort: "due" })).toBe("cba");
    expect(await letters({ sort: "due", descending: true })).toBe("bca");
    expect(await letters({ sort: "failed", descending: true })).toBe("cab");
  });

  it("gives the week by civil days of the job, and when it is due over a change of clocks", async () => {
    const meter = await aMeter(database.db, { name: "Weekly" });
    const job = await aJob(database.db, { meterId: meter.id, nextIntervalAt: midnight(0) });
    await aDay(job, 0, "running");
    await aDay(job, 1, "failed");
    await aDay(job, 2, "succeeded");
    await aDay(job, 3, "succeeded");
    await aDay(job, 8, "failed");
    const [row] = (await jobList(ctx(), { search: "weekly" }, now)).rows;
    expect(row?.week.map(({ day, succeeded, failed }) => [day.slice(5), succeeded, failed])).toEqual([
      ["07-04", 0, 0],
      ["07-05", 0, 0],
      ["07-06", 0, 0],
      ["07-07", 1, 0],
      ["07-08", 1, 0],
      ["07-09", 0, 1],
      ["07-10", 0, 0],
    ]);
    expect(row).toMatchObject({ weekShare: 2 / 3, open: 1, failed: 2, nextDueAt: midnight(-1).toISOString() });
    const clocks = await aMeter(database.db, { name: "Clocks forward" });
    await aJob(database.db, { meterId: clocks.id, nextIntervalAt: new Date("2026-10-03T14:00:00Z") });
    // The day has 23 hours.
    expect((await jobList(ctx(), { search: "clocks" }, now)).rows[0]?.nextDueAt).toBe("2026-10-04T13:00:00.000Z");
  });

  it("shows a token its own meters only", async () => {
    const mine = await aMeter(database.db, { name: "Scoped mine" });
    const other = await aMeter(database.db, { name: "Scoped other" });
    await aJob(database.db, { meterId: mine.id });
    const hidden = await aJob(database.db, { meterId: other.id });
    const token: Actor = { kind: "token", id: newId(), name: "t", roles: ["viewer"], meterIds: [mine.id] };
    const list = await jobList({ db: database.db, actor: token }, { search: "scoped" }, now);
    expect(list.rows.map(({ meterName }) => meterName)).toEqual(["Scoped mine"]);
    expect(list.counts).toEqual({ active: 1, paused: 0, ended: 0 });
    await expect(jobSummary({ db: database.db, actor: token }, { jobId: hidden.id }, now)).rejects.toThrow(Forbidden);
  });
});

it("sums up a job: newest interval whatever was made last, open tasks, the week, backfills", async () => {
  const job = await aJob(database.db);
  const newest = await aDay(job, 1, "running");
  await aDay(job, 3, "succeeded");
  await aBackfill(database.db, { jobId: job.id, status: "done" });
  await aBackfill(database.db, { jobId: job.id, status: "paused" });
  expect(await jobSummary(ctx(), { jobId: job.id }, now)).toEqual({
    newestTask: {
      id: newest.id,
      state: "running",
      waitReason: null,
      intervalStart: midnight(1).toISOString(),
      intervalEnd: midnight(0).toISOString(),
    },
    weekShare: 1,
    openTasks: 1,
    hasTasks: true,
    backfills: { all: 2, open: 1 },
  });
});
