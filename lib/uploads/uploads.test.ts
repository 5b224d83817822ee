import { gzipSync } from "node:zlib";
import { asc, eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import type { Actor } from "../auth/actor";
import type { WorkerCtx } from "../ctx";
import { archiveObjects, auditLog, meterData, meterDataRevisions, meterJobs, meters, uploads } from "../db/schema";
import { testDatabase } from "../db/testing";
import { Conflict, Forbidden, InvalidInput, NotPossibleNow, TooLarge } from "../errors";
import { newId } from "../ids";
import { planBackfill } from "../jobs/backfill/plan-backfill";
import { createJob } from "../jobs/create-job";
import { anApiMeter, aWorker, type TestWorker } from "../pipeline/etl/testing";
import { sha256Hex } from "../secrets";
import { retryTasks } from "../tasks/retry-tasks";
import { aJob, aTask } from "../testing/builders";
import { discardUpload } from "./discard-upload";
import { MOST_UPLOAD_BYTES } from "./limits";
import { planUploads } from "./plan-uploads";
import { listUploads } from "./queries";
import { receiveUpload } from "./receive-upload";
import { startUploads } from "./start-uploads";
import { anUploadMeter, chunksOf, give, halfHours, ingestFile, operator, tasksOf, workOff } from "./testing";

const database = testDatabase();
const noVendor = () => {
  throw new Error("No source may be asked.");
};

async function aFleet(actor: Actor = operator): Promise<{ ctx: WorkerCtx; worker: TestWorker }> {
  const worker = await aWorker(database.db, noVendor);
  return { worker, ctx: { db: database.db, actor, worker } };
}

const rowsOf = (meterId: string) =>
  database.db.select().from(meterData).where(eq(meterData.meterId, meterId)).orderBy(asc(meterData.timestamp));

describe("a file that a person brings", () => {
  it("is archived as it is, and touches nothing before somebody says so", async () => {
    const { ctx, worker } = await aFleet();
    const meter = await anUploadMeter(database.db);
    const text = halfHours("2026-03-01", 2, 0.5);
    const upload = await give(ctx, meter.id, "march, first days.csv", text);
    expect(upload).toMatchObject({
      state: "received",
      sha256: sha256Hex(text),
      sizeBytes: text.length,
      createdBy: "Olga",
    });
    const [object] = await database.db.select().from(archiveObjects).where(eq(archiveObjects.meterId, meter.id));
    expect(object).toMatchObject({
      kind: "raw",
      coversFrom: null,
      origin: { kind: "upload", uploadId: upload.id, fileName: "march, first days.csv", by: "Olga" },
    });
    const kept = await worker.archive.get(object?.key ?? "", object?.sha256 ?? "");
    expect(Buffer.from(kept).toString()).toBe(text);
    const plan = await planUploads(ctx, { meterId: meter.id, uploadIds: [upload.id] });
    expect(plan).toMatchObject({
      ...{ readings: 96, new: 96, changed: 0, same: 0, rejected: 0, refusal: null, metrics: ["eRealKwh"] },
      from: new Date("2026-03-01T00:00:00Z"),
      to: new Date("2026-03-03T00:00:00Z"),
      days: [
        { day: "2026-03-01", readings: 48, new: 48 },
        { day: "2026-03-02", readings: 48, new: 48 },
      ],
    });
    expect(plan.first[0]).toMatchObject({
      at: new Date("2026-03-01T00:00:00Z"),
      durationSeconds: 1800,
      values: { eRealKwh: 0.5 },
    });
    expect(await rowsOf(meter.id)).toEqual([]);
    expect(await tasksOf(database.db, meter.id)).toEqual([]);
  });

  it("becomes a task a day, through the same stages, with provenance to its bytes", async () => {
    const { ctx, worker } = await aFleet();
    const meter = await anUploadMeter(database.db);
    const upload = await ingestFile(ctx, meter.id, "march.csv", halfHours("2026-03-01", 3, 0.5));
    expect(upload).toMatchObject({ state: "started", taskCount: 3, readings: 144, tasksByState: { pending: 3 } });
    await workOff(worker);
    const tasks = await tasksOf(database.db, meter.id);
    expect(
      tasks.map(({ state, rowsRead, rowsWritten, readingsPresent, readingsExpected, timings }) => ({
        ...{ state, rowsRead, rowsWritten, readingsPresent, readingsExpected },
        stages: timings.map(({ stage, outcome }) => `${stage} ${outcome}`),
      })),
    ).toEqual(
      Array(3).fill({
        ...{ state: "succeeded", rowsRead: 48, rowsWritten: 48, readingsPresent: 48, readingsExpected: 48 },
        stages: ["collection succeeded", "transformation succeeded", "ingestion succeeded"],
      }),
    );
    const rows = await rowsOf(meter.id);
    expect(rows).toHaveLength(144);
    const [transformed] = await database.db
      .select()
      .from(archiveObjects)
      .where(eq(archiveObjects.id, rows[0]?.objectId ?? ""));
    const [raw] = await database.db
      .select()
      .from(archiveObjects)
      .where(eq(archiveObjects.id, transformed?.inputIds?.[0] ?? ""));
    expect(raw?.origin).toMatchObject({ kind: "upload", uploadId: upload.id });
    const [after] = await listUploads(ctx, { meterId: meter.id });
    expect(after?.tasksByState).toEqual({ succeeded: 3 });
    expect(worker.calls).toEqual([]);
  });

  it("changes nothing when it comes again, and says so", async () => {
    const { ctx, worker } = await aFleet();
    const meter = await anUploadMeter(database.db);
    const text = halfHours("2026-03-01", 2, 0.5);
    const first = await ingestFile(ctx, meter.id, "march.csv", text);
    await workOff(worker);
    const before = await rowsOf(meter.id);
    const again = await give(ctx, meter.id, "march (1).csv", text);
    expect(again.sameAs).toMatchObject({ id: first.id, fileName: "march.csv", createdBy: "Olga" });
    const order = { meterId: meter.id, uploadIds: [again.id] };
    const plan = await planUploads(ctx, order);
    expect(plan).toMatchObject({ new: 0, changed: 0, same: 96, refusal: { code: "NOTHING_NEW" } });
    await expect(startUploads(ctx, { ...order, planToken: plan.planToken })).rejects.toThrow(NotPossibleNow);
    expect(await rowsOf(meter.id)).toEqual(before);
  });

  it("restates what it brings otherwise, keeps the old values, and takes the day's task over", async () => {
    const { ctx, worker } = await aFleet();
    const meter = await anUploadMeter(database.db);
    const first = await ingestFile(ctx, meter.id, "march.csv", halfHours("2026-03-02", 2, 0.5));
    await workOff(worker);
    const text = halfHours("2026-03-01", 2, 0.5).replace("2026-03-02 10:00,0.5", "2026-03-02 10:00,0.75");
    const upload = await give(ctx, meter.id, "march, corrected.csv", text);
    const plan = await planUploads(ctx, { meterId: meter.id, uploadIds: [upload.id] });
    expect(plan).toMatchObject({
      ...{ new: 48, changed: 1, same: 47 },
      days: [
        { day: "2026-03-01", new: 48, changed: 0, same: 0 },
        { day: "2026-03-02", new: 0, changed: 1, same: 47 },
      ],
      changes: [{ at: new Date("2026-03-02T10:00:00Z"), metric: "eRealKwh", before: 0.5, after: 0.75 }],
    });
    await startUploads(ctx, { meterId: meter.id, uploadIds: [upload.id], planToken: plan.planToken });
    await workOff(worker);
    const tasks = await tasksOf(database.db, meter.id);
    expect(tasks.map(({ state, rowsChanged }) => [state, rowsChanged])).toEqual([
      ["succeeded", 0],
      ["succeeded", 1],
      ["succeeded", 0],
    ]);
    const revisions = await database.db
      .select()
      .from(meterDataRevisions)
      .where(eq(meterDataRevisions.meterId, meter.id));
    expect(revisions.map(({ eRealKwh, revision }) => [Number(eRealKwh), revision])).toEqual([[0.5, 1]]);
    const [, older] = await listUploads(ctx, { meterId: meter.id });
    // One of its two days is read from the later file now.
    expect(older).toMatchObject({ id: first.id, tasksByState: { succeeded: 1 } });
    const [job] = await database.db.select().from(meterJobs).where(eq(meterJobs.meterId, meter.id));
    expect(job).toMatchObject({
      ...{ trigger: "upload", status: "ended", anchorAt: new Date("2026-03-01T00:00:00Z") },
      nextIntervalAt: new Date("2026-03-04T00:00:00Z"),
    });
  });

  it("may be packed, and several files are read as one", async () => {
    const { ctx, worker } = await aFleet();
    const meter = await anUploadMeter(database.db);
    const one = await give(ctx, meter.id, "a.csv.gz", gzipSync(halfHours("2026-03-01", 1, 0.5)));
    const two = await give(ctx, meter.id, "b.csv", halfHours("2026-03-01", 2, 0.25));
    const order = { meterId: meter.id, uploadIds: [two.id, one.id] };
    const plan = await planUploads(ctx, order);
    expect(plan).toMatchObject({ readings: 96, files: [{ fileName: "a.csv.gz" }, { fileName: "b.csv" }] });
    await startUploads(ctx, { ...order, planToken: plan.planToken });
    await workOff(worker);
    // The file that came later holds.
    expect(new Set((await rowsOf(meter.id)).map(({ eRealKwh }) => Number(eRealKwh)))).toEqual(new Set([0.25]));
  });

  it("follows the civil days of the meter, also where clocks change", async () => {
    const { ctx, worker } = await aFleet();
    const meter = await anUploadMeter(database.db, { timezone: "Australia/Sydney" });
    // 4 April 13:00Z to 6 April 14:00Z: Sunday the 5th has 25 hours in Sydney.
    const rows = Array.from({ length: 98 }, (_, index) => {
      return `${new Date(Date.parse("2026-04-04T13:00:00Z") + index * 1_800_000).toISOString().slice(0, 16)},1`;
    });
    await ingestFile(ctx, meter.id, "april.csv", `time,kWh\n${rows.join("\n")}\n`);
    await workOff(worker);
    const tasks = await tasksOf(database.db, meter.id);
    expect(
      tasks.map((task) => [task.intervalStart.toISOString(), task.readingsPresent, task.readingsExpected]),
    ).toEqual([
      ["2026-04-04T13:00:00.000Z", 50, 50],
      ["2026-04-05T14:00:00.000Z", 48, 48],
    ]);
  });
});

describe("a file that is of no use", () => {
  it("of another meter says so, and stores nothing", async () => {
    const { ctx } = await aFleet();
    const settings = { stampColumn: "time", timezone: "UTC", meterColumn: "site", meterId: "A" };
    const meter = await anUploadMeter(database.db, {
      settings: { ...settings, values: [{ column: "kWh", metric: "eRealKwh", unit: "kWh" }] },
    });
    const upload = await give(ctx, meter.id, "b.csv", "time,kWh,site\n2026-03-01 00:00,1,B\n2026-03-01 00:30,1,B\n");
    const order = { meterId: meter.id, uploadIds: [upload.id] };
    const plan = await planUploads(ctx, order);
    expect(plan.refusal).toMatchObject({
      code: "NO_READINGS",
      message: expect.stringContaining("The settings name the meter A, but the files hold B"),
    });
    await expect(startUploads(ctx, { ...order, planToken: plan.planToken })).rejects.toThrow(
      "no reading of this meter",
    );
    expect(await tasksOf(database.db, meter.id)).toEqual([]);
    expect(await discardUpload(ctx, { uploadId: upload.id })).toMatchObject({ state: "discarded" });
    await expect(planUploads(ctx, order)).rejects.toThrow(Conflict);
  });

  it.each([
    ["a picture", new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 1]), "NOT_TEXT"],
    ["a web page", "<!doctype html><title>Sign in</title>", "HTML_PAGE"],
    ["a zip that is cut", new Uint8Array([0x50, 0x4b, 3, 4, 0, 0]), "PACKED_FILE_BROKEN"],
    ["other columns", "when,what\n2026-03-01,1\n2026-03-02,1\n", "COLUMN_MISSING"],
  ])("is told from %s", async (_, content, code) => {
    const { ctx } = await aFleet();
    const meter = await anUploadMeter(database.db);
    const upload = await give(ctx, meter.id, "file.csv", content);
    const plan = await planUploads(ctx, { meterId: meter.id, uploadIds: [upload.id] });
    expect(plan.refusal?.code).toBe(code);
  });

  it("that was cut off leaves no object, only a note", async () => {
    const { ctx, worker } = await aFleet();
    const meter = await anUploadMeter(database.db);
    const body = (chunks: AsyncIterable<Uint8Array>, announcedBytes: number | null = null) =>
      receiveUpload(ctx, { meterId: meter.id, fileName: "cut.csv" }, { chunks, announcedBytes });
    await expect(body(chunksOf("time,kWh\n"), 4_000)).rejects.toThrow(InvalidInput);
    const aborted = (async function* () {
      yield Buffer.from("time,kWh\n");
      throw Object.assign(new Error("aborted"), { code: "ECONNRESET" });
    })();
    await expect(body(aborted)).rejects.toThrow("did not arrive whole");
    await expect(body(chunksOf(new Uint8Array()))).rejects.toThrow("is empty");
    expect(await listUploads(ctx, { meterId: meter.id })).toMatchObject(Array(3).fill({ state: "failed" }));
    const keys = [];
    for await (const { key } of worker.archive.list("raw/")) keys.push(key);
    expect(keys).toEqual([]);
  });

  it("that is too large is refused before and while it comes", async () => {
    const { ctx } = await aFleet();
    const meter = await anUploadMeter(database.db);
    const input = { meterId: meter.id, fileName: "large.csv" };
    await expect(
      receiveUpload(ctx, input, { chunks: chunksOf("x"), announcedBytes: MOST_UPLOAD_BYTES + 1 }),
    ).rejects.toThrow(TooLarge);
    const piece = Buffer.alloc(8 * 1024 * 1024, 120);
    const endless = (async function* () {
      for (;;) yield piece;
    })();
    await expect(receiveUpload(ctx, input, { chunks: endless, announcedBytes: null })).rejects.toThrow("512 MB");
  });

  it("of a process that died is shown as cut off", async () => {
    const { ctx } = await aFleet();
    const meter = await anUploadMeter(database.db);
    const lost = {
      meterId: meter.id,
      fileName: "lost.csv",
      createdBy: "Olga",
      createdAt: new Date(Date.now() - 76 * 60_000),
    };
    await database.db.insert(uploads).values([lost, { ...lost, createdAt: new Date(Date.now() - 59 * 60_000) }]);
    const shown = await listUploads(ctx, { meterId: meter.id });
    expect(shown.map(({ state }) => state).sort()).toEqual(["failed", "receiving"]);
  });
});

describe("what stands around an upload", () => {
  it("is for operators, on meters of their own", async () => {
    const meter = await anUploadMeter(database.db);
    const viewer: Actor = { kind: "user", id: newId(), name: "Vera", roles: ["viewer"] };
    const other: Actor = { kind: "token", id: newId(), name: "t", roles: ["operator"], meterIds: [newId()] };
    const owner = (await aFleet()).ctx;
    const upload = await give(owner, meter.id, "a.csv", halfHours("2026-03-01", 1, 1));
    const order = { meterId: meter.id, uploadIds: [upload.id] };
    for (const actor of [viewer, other]) {
      const { ctx } = await aFleet(actor);
      await expect(give(ctx, meter.id, "a.csv", "x")).rejects.toThrow(Forbidden);
      await expect(planUploads(ctx, order)).rejects.toThrow(Forbidden);
      await expect(startUploads(ctx, { ...order, planToken: "x" })).rejects.toThrow(Forbidden);
      await expect(discardUpload(ctx, { uploadId: upload.id })).rejects.toThrow(Forbidden);
    }
    await expect(listUploads((await aFleet(other)).ctx, { meterId: meter.id })).rejects.toThrow(Forbidden);
    const elsewhere = await anUploadMeter(database.db);
    await expect(planUploads(owner, { ...order, meterId: elsewhere.id })).rejects.toThrow("not there");
  });

  it("is written into the audit log", async () => {
    const { ctx } = await aFleet();
    const meter = await anUploadMeter(database.db);
    await ingestFile(ctx, meter.id, "march.csv", halfHours("2026-03-01", 1, 0.5));
    const log = await database.db.select().from(auditLog).where(eq(auditLog.meterId, meter.id)).orderBy(auditLog.seq);
    expect(log.map(({ action, actorName }) => [action, actorName])).toEqual([
      ["upload.received", "Olga"],
      ["upload.started", "Olga"],
    ]);
    expect(log[1]?.details).toMatchObject({ tasks: 1, new: 48, files: [{ fileName: "march.csv" }] });
  });

  it("refuses a start where meter or readings changed since the preview", async () => {
    const { ctx, worker } = await aFleet();
    const meter = await anUploadMeter(database.db);
    const upload = await give(ctx, meter.id, "a.csv", halfHours("2026-03-01", 1, 1));
    const order = { meterId: meter.id, uploadIds: [upload.id] };
    const { planToken } = await planUploads(ctx, order);
    await ingestFile(ctx, meter.id, "b.csv", halfHours("2026-03-01", 1, 2));
    await workOff(worker);
    await expect(startUploads(ctx, { ...order, planToken })).rejects.toThrow(Conflict);
    const again = await planUploads(ctx, order);
    expect(again).toMatchObject({ new: 0, changed: 48 });
    await database.db.update(meters).set({ version: 2 }).where(eq(meters.id, meter.id));
    await expect(startUploads(ctx, { ...order, planToken: again.planToken })).rejects.toThrow(Conflict);
  });

  it("waits for tasks of these days that are being worked on", async () => {
    const { ctx, worker } = await aFleet();
    const meter = await anUploadMeter(database.db);
    await ingestFile(ctx, meter.id, "a.csv", halfHours("2026-03-01", 1, 1));
    const [task] = await tasksOf(database.db, meter.id);
    await database.db.execute(`update meter_tasks set state = 'running' where id = '${task?.id}'`);
    await expect(ingestFile(ctx, meter.id, "b.csv", halfHours("2026-03-01", 1, 2))).rejects.toThrow("being worked on");
    await database.db.execute(
      `update meter_tasks set state = 'waiting', wait_reason = 'retry' where id = '${task?.id}'`,
    );
    await ingestFile(ctx, meter.id, "b.csv", halfHours("2026-03-01", 1, 2));
    await workOff(worker);
    expect(Number((await rowsOf(meter.id))[0]?.eRealKwh)).toBe(2);
  });

  it("never asks the source, not even when a task is forced", async () => {
    const { ctx, worker } = await aFleet();
    const vendorMeter = await anApiMeter(database.db, { timezone: "UTC" });
    const rows = Array.from({ length: 288 }, (_, index) => ({
      timestamp: Date.parse("2026-03-01T00:05:00Z") / 1000 + index * 300,
      duration: 300,
      eRealKwh: [0.25],
    }));
    const live = await aJob(database.db, { meterId: vendorMeter.id, timezone: "UTC" });
    const waiting = await aTask(database.db, { job: live, state: "waiting", waitReason: "quota" });
    await ingestFile(ctx, vendorMeter.id, "answer.json", JSON.stringify(rows));
    const uploaded = (await tasksOf(database.db, vendorMeter.id)).find(({ id }) => id !== waiting.id);
    await workOff(worker);
    await retryTasks(ctx, { taskIds: [uploaded?.id ?? ""], force: true });
    await workOff(worker);
    expect(worker.calls).toEqual([]);
    const after = (await tasksOf(database.db, vendorMeter.id)).find(({ id }) => id === uploaded?.id);
    expect(after).toMatchObject({ state: "succeeded", readingsPresent: 288 });
    expect(after?.rawObjectIds).toEqual(uploaded?.rawObjectIds);
  });

  it("fails a task whose meter reads the file otherwise by now, and does not wait for data", async () => {
    const { ctx, worker } = await aFleet();
    const meter = await anUploadMeter(database.db);
    await ingestFile(ctx, meter.id, "a.csv", halfHours("2026-03-01", 1, 1));
    const moved = { ...(meter.settings as object), timezone: "+14:00", intervalMinutes: 30, stampIs: "end" };
    const later = {
      ...moved,
      values: [{ column: "kWh", metric: "eRealKwh", unit: "kWh" }],
      meterColumn: "1",
      meterId: "x",
    };
    await database.db.update(meters).set({ settings: later }).where(eq(meters.id, meter.id));
    await workOff(worker);
    const [task] = await tasksOf(database.db, meter.id);
    expect(task).toMatchObject({ state: "failed", executionErrs: [{ code: "NO_READINGS" }] });
  });

  it("has no source to backfill from, and a meter without one takes no job", async () => {
    const { ctx } = await aFleet();
    const meter = await anUploadMeter(database.db);
    const { jobId } = await ingestFile(ctx, meter.id, "a.csv", halfHours("2026-03-01", 1, 1));
    const range = { from: new Date("2026-03-01T00:00:00Z"), to: new Date("2026-03-02T00:00:00Z") };
    await expect(planBackfill(ctx, { jobId: jobId ?? "", ...range, mode: "all" })).rejects.toThrow(NotPossibleNow);
    await expect(createJob(ctx, { meterId: meter.id, startAt: range.from })).rejects.toThrow("no source to ask");
  });
});
