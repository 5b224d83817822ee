import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import type { Actor } from "../auth/actor";
import { auditLog } from "../db/schema/audit";
import { meterTasks } from "../db/schema/tasks";
import { testDatabase } from "../db/testing";
import { Forbidden, InvalidInput, NotFound, NotPossibleNow } from "../errors";
import { newId } from "../ids";
import { createDueTasks } from "../tasks/create-due-tasks";
import { aJob, aMeter, aTask } from "../testing/builders";
import { createJob } from "./create-job";
import { endJob } from "./end-job";
import { createJobEndpoint, pauseJobEndpoint } from "./endpoints";
import { pauseJob } from "./pause-job";
import { getJob, listJobs } from "./queries";
import { resumeJob } from "./resume-job";
import { updateJob } from "./update-job";

const database = testDatabase();
const operator: Actor = { kind: "user", id: newId(), name: "Olga", roles: ["operator"] };
const viewer: Actor = { kind: "user", id: newId(), name: "Vera", roles: ["viewer"] };
const ctx = () => ({ db: database.db, actor: operator });
const actionsOn = async (objectId: string) =>
  (await database.db.select().from(auditLog).where(eq(auditLog.objectId, objectId)).orderBy(auditLog.seq)).map(
    (row) => row.action,
  );

describe("createJob", () => {
  it("takes what is left out from the meter and its type, and starts at the local midnight before the start", async () => {
    const meter = await aMeter(database.db);
    const job = await createJob(ctx(), { meterId: meter.id, startAt: "2026-03-01T05:00:00Z", interval: "P1D" });
    expect(job).toMatchObject({
      name: "Collect every day",
      timezone: "Australia/Sydney",
      status: "active",
      nextIntervalAt: new Date("2026-02-28T13:00:00Z"),
      forceOverride: true,
      maxRetries: 5,
      latestTaskId: null,
    });
    expect(job.delay).toMatch(/^PT/);
    expect(await actionsOn(job.id)).toEqual(["job.created"]);
    expect(await getJob(ctx(), { jobId: job.id })).toEqual(job);
  });

  it.each([
    ["an interval that is not on the list", { interval: "PT7M" }, "interval"],
    ["an end before the start", { endAt: "2026-02-01T00:00:00Z" }, "endAt"],
    ["an unknown zone", { timezone: "Mars/Olympus" }, "timezone"],
    ["a zone only JavaScript takes", { timezone: "+05:30:00" }, "timezone"],
    ["a delay that is no whole minute", { delay: "PT90S" }, "delay"],
    ["settings, which ETL jobs have none of", { settings: { MRV_METRIC: "eRealKwh" } }, "settings.MRV_METRIC"],
    ["an unknown field", { everyy: 1 }, "everyy"],
  ])("refuses %s at its field", async (_, wrong, field) => {
    const meter = await aMeter(database.db);
    const refused = createJob(ctx(), {
      meterId: meter.id,
      startAt: "2026-03-01T00:00:00Z",
      interval: "P1D",
      ...wrong,
    } as never);
    await expect(refused).rejects.toBeInstanceOf(InvalidInput);
    await expect(refused).rejects.toMatchObject({ fields: { [field]: expect.any(String) } });
  });

  it("refuses MRV jobs without settings, archived meters, unknown meters and roles that may not", async () => {
    const meter = await aMeter(database.db);
    const archived = await aMeter(database.db, { archivedAt: new Date() });
    const input = { meterId: meter.id, startAt: "2026-03-01T00:00:00Z", interval: "P1D" as const };
    await expect(createJob(ctx(), { ...input, type: "mrv" })).rejects.toThrow(/settings.MRV_METRIC/);
    await expect(createJob(ctx(), { ...input, meterId: archived.id })).rejects.toThrow(NotPossibleNow);
    await expect(createJob(ctx(), { ...input, meterId: newId() })).rejects.toThrow(NotFound);
    await expect(createJob({ ...ctx(), actor: viewer }, input)).rejects.toThrow(Forbidden);
    const token: Actor = { kind: "token", id: newId(), name: "t", roles: ["operator"], meterIds: [archived.id] };
    await expect(createJob({ ...ctx(), actor: token }, input)).rejects.toThrow(Forbidden);
  });
});

describe("updateJob", () => {
  it("changes the grid of a job without tasks", async () => {
    const job = await aJob(database.db);
    const changed = await updateJob(ctx(), { jobId: job.id, interval: "PT6H", startAt: "2026-03-01T08:00:00Z" });
    expect(changed).toMatchObject({ interval: "PT6H", nextIntervalAt: new Date("2026-03-01T07:00:00Z") });
  });

  it("fixes the grid once there are tasks, but lets the start move back without moving intervals", async () => {
    const job = await aJob(database.db, { interval: "PT6H", nextIntervalAt: new Date("2026-01-02T01:00:00Z") });
    await aTask(database.db, { job });
    await expect(updateJob(ctx(), { jobId: job.id, interval: "P1D" })).rejects.toThrow(NotPossibleNow);
    await expect(updateJob(ctx(), { jobId: job.id, timezone: "UTC" })).rejects.toThrow(NotPossibleNow);
    await expect(updateJob(ctx(), { jobId: job.id, startAt: "2026-02-01T00:00:00Z" })).rejects.toThrow(NotPossibleNow);
    const moved = await updateJob(ctx(), { jobId: job.id, startAt: "2025-12-30T00:00:00Z", maxRetries: 1 });
    expect(moved).toMatchObject({ nextIntervalAt: job.nextIntervalAt, maxRetries: 1 });
  });

  it("ends a job whose new end is passed, and changes no ended one", async () => {
    const job = await aJob(database.db, { nextIntervalAt: new Date("2026-02-01T13:00:00Z") });
    const ended = await updateJob(ctx(), { jobId: job.id, endAt: "2026-01-15T13:00:00Z" });
    expect(ended.status).toBe("ended");
    await expect(updateJob(ctx(), { jobId: job.id, name: "x" })).rejects.toThrow(NotPossibleNow);
  });
});

describe("updateJob, repeated", () => {
  it("writes nothing into the log where nothing changes", async () => {
    const job = await aJob(database.db);
    const changed = await updateJob(ctx(), { jobId: job.id, name: "Other", delay: "PT10M" });
    expect(await updateJob(ctx(), { jobId: job.id, name: "Other", delay: "PT10M" })).toEqual(changed);
    expect(await updateJob(ctx(), { jobId: job.id })).toEqual(changed);
    expect(await actionsOn(job.id)).toEqual(["job.changed"]);
  });
});

describe("pauseJob, resumeJob, endJob", () => {
  it("makes up for a pause when the job goes on, and writes each change once", async () => {
    const job = await aJob(database.db, { interval: "PT5M", startAt: new Date("2026-03-01T00:00:00Z") });
    await pauseJob(ctx(), { jobId: job.id, reason: "Roof works" });
    expect(await pauseJob(ctx(), { jobId: job.id })).toMatchObject({
      status: "paused",
      pauseReason: "Roof works",
      nextDueAt: null,
    });
    const now = new Date("2026-03-01T01:00:00Z");
    await createDueTasks(database.db, now, {});
    expect(await database.db.$count(meterTasks, eq(meterTasks.jobId, job.id))).toBe(0);
    await resumeJob(ctx(), { jobId: job.id });
    await createDueTasks(database.db, now, {});
    expect(await database.db.$count(meterTasks, eq(meterTasks.jobId, job.id))).toBe(12);
    expect(await actionsOn(job.id)).toEqual(["job.paused", "job.resumed"]);
  });

  it("ends a job for good, and cancels what is not finished where asked for", async () => {
    const job = await aJob(database.db);
    const open = await aTask(database.db, { job });
    const done = await aTask(database.db, { job, state: "succeeded", intervalStart: new Date("2026-01-05T13:00:00Z") });
    await endJob(ctx(), { jobId: job.id });
    const stateOf = async (id: string) =>
      (await database.db.select().from(meterTasks).where(eq(meterTasks.id, id)))[0]?.state;
    expect(await stateOf(open.id)).toBe("pending");
    await endJob(ctx(), { jobId: job.id, cancelTasks: true });
    expect([await stateOf(open.id), await stateOf(done.id)]).toEqual(["cancelled", "succeeded"]);
    await expect(resumeJob(ctx(), { jobId: job.id })).rejects.toThrow(NotPossibleNow);
    await expect(pauseJob(ctx(), { jobId: job.id })).rejects.toThrow(NotPossibleNow);
  });
});

describe("listJobs", () => {
  it("goes through all pages without missing or repeating a job, inside a token's meters", async () => {
    const meter = await aMeter(database.db, { name: "Zebra" });
    for (let index = 0; index < 5; index++) await aJob(database.db, { meterId: meter.id });
    const token: Actor = { kind: "token", id: newId(), name: "t", roles: ["viewer"], meterIds: [meter.id] };
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await listJobs({ ...ctx(), actor: token }, { limit: 2, cursor });
      seen.push(...page.items.map((job) => job.id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    expect(new Set(seen).size).toBe(5);
    expect(seen).toHaveLength(5);
    expect((await listJobs(ctx(), { search: "zeb" })).items).toHaveLength(5);
    expect((await listJobs(ctx(), { status: ["paused"], meterId: meter.id })).items).toHaveLength(0);
  });
});

describe("API", () => {
  it("answers 201 with ISO instants, 400 with fields, and pauses without a body", async () => {
    const meter = await aMeter(database.db);
    const post = (path: string, body?: unknown) =>
      new Request(`http://localhost${path}`, {
        method: "POST",
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
    const environment = { db: database.db, actor: operator };
    const created = await createJobEndpoint.answer(
      post("/api/v1/jobs", { meterId: meter.id, startAt: "2026-03-01T00:00:00Z", interval: "PT30M" }),
      {},
      environment,
    );
    expect(created.status).toBe(201);
    const job = await created.json();
    expect(job.nextIntervalAt).toBe("2026-03-01T00:00:00.000Z");
    const refused = await createJobEndpoint.answer(post("/api/v1/jobs", { meterId: meter.id }), {}, environment);
    expect(refused.status).toBe(400);
    expect((await refused.json()).error.fields).toHaveProperty("startAt");
    const paused = await pauseJobEndpoint.answer(post(`/api/v1/jobs/${job.id}/pause`), { id: job.id }, environment);
    expect((await paused.json()).status).toBe("paused");
  });
});
