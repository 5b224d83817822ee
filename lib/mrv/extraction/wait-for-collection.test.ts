import { eq, sql } from "drizzle-orm";
import { expect, it } from "vitest";
import { meterJobs, meterTasks } from "../../db/schema";
import { testDatabase } from "../../db/testing";
import { aBatchOf, runStages, taskOf } from "../../pipeline/etl/testing";
import { extract } from "../../pipeline/mrv/extract";
import { aDay, aSite, batchOf, recordOf, recordsOf, recordTasks } from "../../pipeline/mrv/testing";
import { settleBatch } from "../../tasks/settle-batch";
import { wakeWaitingTasks } from "../../tasks/wake-waiting-tasks";
import { aJob, aTask } from "../../testing/builders";

const database = testDatabase();
const now = new Date("2026-06-01T10:00:00Z");
const minutes = (count: number) => new Date(now.getTime() + count * 60_000);

async function aWaitingSite() {
  const site = await aSite(database.db, { now: () => now });
  const [task] = (await recordTasks(database.db, site)).tasks;
  const look = async () => {
    await extract(site.worker, await batchOf(database.db, task?.id ?? ""));
    return taskOf(database.db, task?.id ?? "");
  };
  return { site, taskId: task?.id ?? "", look };
}

it("says what it waits for, comes back by itself, and tells a hundred looks as one", async () => {
  const { site, look } = await aWaitingSite();
  const hourly = await aJob(database.db, {
    meterId: site.meter.id,
    name: "Collect every hour",
    interval: "PT1H",
    status: "ended",
  });
  const hour = (index: number) => new Date(Date.parse(aDay[0]) + index * 3_600_000);
  const at = (index: number) => ({ job: hourly, intervalStart: hour(index), intervalEnd: hour(index + 1) });
  const quota = { state: "waiting", waitReason: "quota", waitUntil: new Date("2026-06-02T00:00:00Z") } as const;
  await aTask(database.db, { ...at(3), state: "running" });
  await aTask(database.db, { ...at(4), ...quota });
  await aTask(database.db, { ...at(5), ...quota });
  await aTask(database.db, { ...at(6), state: "failed" });
  await aTask(database.db, { ...at(7), state: "cancelled" });
  // Beside the period.
  await aTask(database.db, { ...at(24), state: "pending" });
  await aTask(database.db, { ...at(-1), state: "pending" });
  const first = await look();
  expect(first).toMatchObject({ state: "waiting", waitReason: "data", retryCount: 0, stage: "extraction" });
  expect(first.executionErrs).toMatchObject([
    {
      code: "WAITS_FOR_COLLECTION",
      message: "Waits for 3 tasks of Collect every hour: 1 running, 2 waiting for quota until 00:00 UTC.",
    },
  ]);
  expect(first.waitUntil?.getTime()).toBeGreaterThanOrEqual(minutes(5).getTime());
  expect(first.waitUntil?.getTime()).toBeLessThan(minutes(6).getTime());
  for (let times = 0; times < 3; times++) await look();
  const again = await look();
  expect(again.executionErrs).toHaveLength(1);
  expect(again.timings).toHaveLength(1);
  expect(await recordsOf(database.db, again.id)).toEqual([]);
});

it("waits for what a job covers and has no task for yet, until it is due", async () => {
  const { site, taskId, look } = await aWaitingSite();
  const cursor = { nextIntervalAt: new Date("2026-01-01T05:00:00Z"), anchorAt: new Date("2026-01-01T05:00:00Z") };
  const late = await aJob(database.db, { meterId: site.meter.id, name: "Late", interval: "PT1H", ...cursor });
  const waiting = await look();
  expect(waiting).toMatchObject({ state: "waiting", waitReason: "data" });
  expect(waiting.executionErrs[0]?.message).toBe(
    "Waits for Late, which has come to 1 Jan 2026 05:00 UTC. Its next interval is due at 1 Jan 2026 06:00 UTC.",
  );
  await database.db.update(meterJobs).set({ status: "paused" }).where(eq(meterJobs.id, late.id));
  expect((await look()).executionErrs[0]?.message).toContain("The job is paused: resume it, or end it.");
  // One that ends before the period, or begins after it, is no matter of this record.
  await database.db
    .update(meterJobs)
    .set({
      endAt: new Date("2025-12-31T13:00:00Z"),
      nextIntervalAt: new Date("2025-12-31T11:00:00Z"),
      status: "active",
    })
    .where(eq(meterJobs.id, late.id));
  expect(await look()).toMatchObject({ stage: "verification" });
  expect(await recordOf(database.db, taskId)).toMatchObject({ status: "extracted" });
});

it("does not look before what it waits for is due, nor longer than an hour", async () => {
  const { site, look } = await aWaitingSite();
  const job = { meterId: site.meter.id, name: "Late", interval: "P1D", delaySeconds: 0 };
  const start = new Date("2025-12-31T13:00:00Z");
  const late = await aJob(database.db, {
    ...job,
    nextIntervalAt: start,
    delaySeconds: Math.round((minutes(40).getTime() - Date.parse(aDay[1])) / 60_000) * 60,
  });
  const soon = await look();
  expect(soon.waitUntil?.getTime()).toBeGreaterThanOrEqual(minutes(40).getTime());
  await database.db
    .update(meterJobs)
    .set({ delaySeconds: late.delaySeconds + 86_400 })
    .where(eq(meterJobs.id, late.id));
  expect((await look()).waitUntil?.getTime()).toBeLessThan(minutes(61).getTime());
});

it("is woken when the batch that collects its period is done, and not before the last one is", async () => {
  const { site, taskId, look } = await aWaitingSite();
  const other = await aJob(database.db, { meterId: site.meter.id, name: "Twice", status: "ended" });
  const half = new Date("2026-01-01T01:00:00Z").toISOString();
  const first = await aBatchOf(database.db, other, [aDay[0], half]);
  const second = await aBatchOf(database.db, other, [half, aDay[1]]);
  expect(await look()).toMatchObject({ state: "waiting", waitReason: "data" });
  await runStages(site.worker, first);
  await settleBatch(database.db, first.batchId, now);
  await wakeWaitingTasks(database.db, now);
  expect(await taskOf(database.db, taskId)).toMatchObject({ state: "waiting" });
  await runStages(site.worker, second);
  await settleBatch(database.db, second.batchId, now);
  await wakeWaitingTasks(database.db, now);
  expect(await taskOf(database.db, taskId)).toMatchObject({ state: "pending", stage: "extraction" });
  expect(await look()).toMatchObject({ stage: "verification" });
});

it("counts a paused job's intervals among those it waits for, and says who can help", async () => {
  const { site, look } = await aWaitingSite();
  const paused = await aJob(database.db, {
    meterId: site.meter.id,
    name: "Stopped",
    status: "paused",
    nextIntervalAt: new Date("2026-05-01T00:00:00Z"),
  });
  await aTask(database.db, { job: paused, intervalStart: new Date(aDay[0]), intervalEnd: new Date(aDay[1]) });
  const [message] = (await look()).executionErrs.map((each) => each.message);
  expect(message).toBe("Waits for 1 task of Stopped: 1 pending. The job is paused: resume it, or cancel them.");
  await database.db.update(meterTasks).set({ state: "cancelled" }).where(sql`job_id = ${paused.id}`);
  expect(await look()).toMatchObject({ stage: "verification" });
});
