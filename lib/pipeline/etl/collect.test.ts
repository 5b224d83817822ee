import { asc, eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { archiveObjects, meterTasks, sourceQuotas } from "../../db/schema";
import { testDatabase } from "../../db/testing";
import { aJob } from "../../testing/builders";
import { collect } from "./collect";
import { contiguousRanges, splitRange } from "./fetch-ranges";
import type { StageTask } from "./stage-tasks";
import { aBatchOf, again, anApiMeter, aWorker, runStages, taskOf } from "./testing";
import { transform } from "./transform";

const database = testDatabase();
const days = (count: number) =>
  Array.from({ length: count + 1 }, (_, day) => new Date(Date.UTC(2026, 4, 1 + day)).toISOString());

async function setUp(bounds: string[], jobValues = {}) {
  const meter = await anApiMeter(database.db);
  const job = await aJob(database.db, {
    meterId: meter.id,
    timezone: "UTC",
    anchorAt: new Date(bounds[0] ?? ""),
    ...jobValues,
  });
  return { meter, batch: await aBatchOf(database.db, job, bounds) };
}

const rawObjects = (meterId: string) =>
  database.db
    .select()
    .from(archiveObjects)
    .where(eq(archiveObjects.meterId, meterId))
    .orderBy(asc(archiveObjects.coversFrom));

describe("collection", () => {
  it("covers consecutive days with as few calls as the vendor allows, and takes each from the quota", async () => {
    const { meter, batch } = await setUp(days(10));
    const worker = await aWorker(database.db, () => 1);
    await collect(worker, batch);
    expect(worker.calls).toHaveLength(2);
    const objects = await rawObjects(meter.id);
    expect(objects.map(({ coversFrom, coversTo }) => [coversFrom?.toISOString(), coversTo?.toISOString()])).toEqual([
      ["2026-05-01T00:00:00.000Z", "2026-05-08T00:00:00.000Z"],
      ["2026-05-08T00:00:00.000Z", "2026-05-11T00:00:00.000Z"],
    ]);
    const [seventh, eighth] = await Promise.all(batch.tasks.slice(6, 8).map(({ id }) => taskOf(database.db, id)));
    expect([seventh?.rawObjectIds, eighth?.rawObjectIds]).toEqual(objects.map(({ id }) => [id]));
    const quotas = await database.db.select().from(sourceQuotas).where(eq(sourceQuotas.accountKey, meter.accountKey));
    expect(quotas.find(({ window }) => window === "day")?.used).toBe(2);
    expect(await worker.archive.get(objects[0]?.key ?? "", objects[0]?.sha256 ?? "")).toBeInstanceOf(Uint8Array);
  });

  it("makes no call where force_override is false and the archive covers the interval, unless it is forced", async () => {
    const { batch } = await setUp(days(2), { forceOverride: false });
    const worker = await aWorker(database.db, () => 1);
    await runStages(worker, batch);
    expect(worker.calls).toHaveLength(1);
    const ids = batch.tasks.map(({ id }) => id);
    const first = await taskOf(database.db, ids[0] ?? "");
    await runStages(worker, await again(database.db, ids));
    expect(worker.calls).toHaveLength(1);
    expect(await taskOf(database.db, ids[0] ?? "")).toMatchObject({
      state: "succeeded",
      rawObjectIds: first.rawObjectIds,
    });
    await runStages(worker, await again(database.db, ids, { isForced: true }));
    expect(worker.calls).toHaveLength(2);
  });

  it("keeps the key out of the task where the vendor repeats it", async () => {
    const { batch } = await setUp(days(1));
    const said = { code: "NOT_PERMITTED", message: "The key key_0123456789 is not known." };
    const answer = () => Response.json(said, { status: 403, headers: { "x-request-id": "for key_0123456789" } });
    await collect(await aWorker(database.db, { vendor: () => 1, answer }), batch);
    const { state, executionErrs } = await taskOf(database.db, batch.tasks[0]?.id ?? "");
    expect(state).toBe("failed");
    expect(executionErrs[0]?.message).toContain("The key [removed] is not known.");
    expect(executionErrs[0]?.answer?.status).toBe(403);
    expect(JSON.stringify(executionErrs)).not.toContain("0123456789");
  });

  it("asks again where force_override is true", async () => {
    const { batch } = await setUp(days(1));
    const worker = await aWorker(database.db, () => 1);
    await runStages(worker, batch);
    await runStages(
      worker,
      await again(
        database.db,
        batch.tasks.map(({ id }) => id),
      ),
    );
    expect(worker.calls).toHaveLength(2);
  });

  it("does not repeat the calls of a stage that was cut off", async () => {
    const { meter, batch } = await setUp(days(10));
    let isCut = true;
    const worker = await aWorker(database.db, () => 1);
    const put = worker.archive.put.bind(worker.archive);
    worker.archive.put = (key, ...rest) => {
      const name = typeof key === "string" ? key : key("0".repeat(64));
      if (isCut && name.includes("/20260508T")) throw new Error("The process died here.");
      return put(key, ...rest);
    };
    await expect(collect(worker, batch)).rejects.toThrow("died here");
    isCut = false;
    const counts = await collect(worker, batch);
    expect(counts).toMatchObject({ tasks: 10, succeeded: 10 });
    expect(worker.calls.map((call) => new URL(call).searchParams.get("fromTs"))).toEqual(
      ["2026-05-01", "2026-05-08", "2026-05-08"].map((day) => String(Date.parse(day) / 1000 + 300)),
    );
    expect(await rawObjects(meter.id)).toHaveLength(2);
  });

  it("waits for the reset of a spent day without spending retries, and stops calling", async () => {
    const { meter, batch } = await setUp(days(20));
    const worker = await aWorker(database.db, () => 1);
    const resetAt = new Date("2026-06-02T00:00:00Z");
    await database.db.insert(sourceQuotas).values(
      (["second", "day"] as const).map((window) => ({
        accountKey: meter.accountKey,
        window,
        windowStart: worker.now(),
        limit: window === "day" ? 1 : 100,
        used: 0,
        resetAt,
        updatedAt: worker.now(),
      })),
    );
    await collect(worker, batch);
    expect(worker.calls).toHaveLength(1);
    const tasks = await database.db
      .select()
      .from(meterTasks)
      .where(eq(meterTasks.meterId, meter.id))
      .orderBy(asc(meterTasks.intervalStart));
    expect(tasks.slice(0, 7).every(({ stage }) => stage === "transformation")).toBe(true);
    const waiting = tasks.slice(7);
    expect(waiting.every(({ waitReason, retryCount }) => waitReason === "quota" && retryCount === 0)).toBe(true);
    expect(waiting[0]?.waitUntil?.getTime()).toBeGreaterThanOrEqual(resetAt.getTime());
  });

  it("waits for data that is not there yet, and asks again then; later it is none", async () => {
    const { batch } = await setUp(days(1), { forceOverride: false });
    let energy: number | null = null;
    let now = new Date("2026-05-02T00:10:00Z");
    const worker = await aWorker(
      database.db,
      () => energy,
      () => now,
    );
    await runStages(worker, batch);
    const [{ id } = { id: "" }] = batch.tasks;
    expect(await taskOf(database.db, id)).toMatchObject({ state: "waiting", waitReason: "data", stage: "collection" });
    energy = 1;
    await runStages(worker, await again(database.db, [id]));
    expect(worker.calls).toHaveLength(2);
    expect(await taskOf(database.db, id)).toMatchObject({ state: "succeeded", readingsPresent: 288, retryCount: 0 });

    const late = await setUp(days(1));
    energy = null;
    now = new Date("2026-06-15T00:00:00Z");
    await runStages(worker, late.batch);
    const [task] = late.batch.tasks;
    expect(await taskOf(database.db, task?.id ?? "")).toMatchObject({
      state: "succeeded",
      rowsRead: 0,
      readingsPresent: 0,
    });
  });

  it("leaves the key out of what a vendor says of it", async () => {
    const { batch } = await setUp(days(1));
    const answer = () =>
      Response.json({ code: "UNAUTHORIZED", message: "The key key_0123456789 is disabled." }, { status: 401 });
    const worker = await aWorker(database.db, { vendor: () => 1, answer });
    await collect(worker, batch);
    const task = await taskOf(database.db, batch.tasks[0]?.id ?? "");
    expect(task.executionErrs[0]).toMatchObject({ code: "KEY_REFUSED", answer: { status: 401 } });
    expect(task.executionErrs[0]?.message).toContain("The key [removed] is disabled.");
    expect(JSON.stringify(task)).not.toContain("key_0123456789");
  });

  it("gives the same bytes for the same input", async () => {
    const { meter, batch } = await setUp(days(3));
    const worker = await aWorker(database.db, (_device, start) => Math.sin(start) * 3);
    await collect(worker, batch);
    const written: string[] = [];
    const put = worker.archive.put.bind(worker.archive);
    worker.archive.put = async (key, ...rest) => {
      const stored = await put(key, ...rest);
      written.push(`${stored.key} ${stored.sha256}`);
      return stored;
    };
    await transform(worker, batch);
    await database.db.update(meterTasks).set({ stage: "transformation" }).where(eq(meterTasks.meterId, meter.id));
    await transform(worker, batch);
    expect(written).toHaveLength(2);
    expect(written[0]).toBe(written[1]);
  });
});

describe("ranges of calls", () => {
  const task = (startAt: number, endAt: number, rereadIntervals = 0, interval = "PT1H"): StageTask => ({
    id: String(startAt),
    jobId: "j",
    meterId: "m",
    startAt,
    endAt,
    isForced: false,
    rawObjectIds: [],
    transformedObjectId: null,
    rowsRead: 0,
    rowsRejected: 0,
    needsNewBytes: false,
    wasRunning: false,
    failingSince: null,
    job: { interval, timezone: "UTC", anchorAt: 0, rereadIntervals, forceOverride: true, isUpload: false },
  });
  const hour = 3_600_000;
  const bounds = (ranges: { from: number; to: number }[]) => ranges.map(({ from, to }) => [from / hour, to / hour]);

  it("joins what touches, reads back, and never before the job's first interval", () => {
    const tasks = [task(hour, 2 * hour, 3), task(2 * hour, 3 * hour, 3), task(10 * hour, 11 * hour, 2)];
    expect(bounds(contiguousRanges(tasks))).toEqual([
      [0, 3],
      [8, 11],
    ]);
  });

  it("cuts at ends of intervals, and through one only where it is too long by itself", () => {
    const [range] = contiguousRanges([task(0, 5 * hour), task(5 * hour, 8 * hour), task(8 * hour, 20 * hour)]);
    if (!range) throw new Error("One range.");
    const parts = splitRange(range, "PT9H");
    expect(bounds(parts)).toEqual([
      [0, 8],
      [8, 17],
      [17, 20],
    ]);
    expect(parts.map(({ tasks }) => tasks.length)).toEqual([2, 1, 1]);
  });
});
