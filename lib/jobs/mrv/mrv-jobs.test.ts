import { desc, eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { enrol } from "../../../e2e/simulators/guardian/testing";
import type { Actor } from "../../auth/actor";
import { auditLog } from "../../db/schema/audit";
import { devices } from "../../db/schema/devices";
import { meterJobs } from "../../db/schema/jobs";
import { meters } from "../../db/schema/meters";
import { meterTasks } from "../../db/schema/tasks";
import { testDatabase } from "../../db/testing";
import { Conflict, Forbidden, InvalidInput, NotPossibleNow } from "../../errors";
import { newId } from "../../ids";
import { createDueTasks } from "../../tasks/create-due-tasks";
import { aDevice, aMeter } from "../../testing/builders";
import { createJob } from "../create-job";
import { endJob } from "../end-job";
import { previewJob } from "../preview-job";
import { updateJob } from "../update-job";
import { whatKeepsFromRecording } from "./what-keeps-from-recording";

const database = testDatabase();
const operator: Actor = { kind: "user", id: newId(), name: "Olga", roles: ["operator"] };
const ctx = () => ({ db: database.db, actor: operator });
const map = {
  field0: { from: "periodStart", as: "date" },
  field1: { from: "metric" },
  field2: { from: "periodSeconds" },
};
const settings = { MRV_METRIC: "eRealPositiveKwh", MRV_FIELD_MAP: map };

async function aRecordedMeter(fields: "text" | "typed" = "text", values: Parameters<typeof aMeter>[1] = {}) {
  const { config, policy } = await enrol({ fields, context: "own-terms" }, newId());
  const device = await aDevice(database.db, { config, subjectSchema: policy.schema });
  return { device, policy, meter: await aMeter(database.db, { deviceId: device.id, ...values }) };
}

const order = (meterId: string, more: object = {}) =>
  ({ meterId, type: "mrv", startAt: "2026-03-01T05:00:00Z", settings, ...more }) as Parameters<typeof createJob>[1];

async function faultsOf(refused: Promise<unknown>) {
  const error = await refused.catch((each: unknown) => each);
  if (!(error instanceof InvalidInput)) throw new Error(`It was not refused at a field: ${error}`);
  return error.fields;
}

describe("createJob of MRV", () => {
  it("records every day, some hours after its readings can be there, with settings filled in", async () => {
    const { meter } = await aRecordedMeter();
    const job = await createJob(ctx(), order(meter.id, { rereadIntervals: 6, forceOverride: true }));
    expect(job).toMatchObject({
      name: "Record every day",
      type: "mrv",
      interval: "P1D",
      delay: "PT4H",
      rereadIntervals: 0,
      forceOverride: false,
      nextIntervalAt: new Date("2026-02-28T13:00:00Z"),
      settings: { ...settings, MRV_MIN_COVERAGE: 1, MRV_APPROVAL: "manual", MRV_CROSS_CHECK_TOLERANCE: 0.15 },
    });
    await createDueTasks(database.db, new Date("2026-03-02T00:00:00Z"), { WattWatchers: 300 });
    const tasks = await database.db.select().from(meterTasks).where(eq(meterTasks.jobId, job.id));
    expect(tasks).toMatchObject([{ type: "mrv", stage: "extraction", readingsExpected: 288 }]);
  });

  it.each([
    ["no metric", { MRV_FIELD_MAP: map }, "settings.MRV_METRIC"],
    ["a modelled metric", { ...settings, MRV_METRIC: "pvEstimateKwh" }, "settings.MRV_METRIC"],
    ["a coverage above one", { ...settings, MRV_MIN_COVERAGE: 1.2 }, "settings.MRV_MIN_COVERAGE"],
    ["an unknown setting", { ...settings, MRV_COLOUR: 1 }, "settings.MRV_COLOUR"],
    ["no field map", { MRV_METRIC: "eRealKwh" }, "settings.MRV_FIELD_MAP"],
    ["a source that is none", withRule("field1", { from: "weather" }), "settings.MRV_FIELD_MAP.field1.from"],
    ["a constant without its value", withRule("field1", { from: "constant" }), "settings.MRV_FIELD_MAP.field1.value"],
    ["a field that the schema has not", withRule("field9", { from: "metric" }), "settings.MRV_FIELD_MAP.field9"],
    ["a required field without a rule", withRule("field2", undefined), "settings.MRV_FIELD_MAP.field2"],
    ["a field of the MRV config", withRule("policyId", { from: "meterId" }), "settings.MRV_FIELD_MAP.policyId"],
    [
      "a form the schema does not want",
      withRule("field1", { from: "metric", as: "number" }),
      "settings.MRV_FIELD_MAP.field1",
    ],
    [
      "an unknown meter to compare with",
      { ...settings, MRV_CROSS_CHECK_METER: newId() },
      "settings.MRV_CROSS_CHECK_METER",
    ],
  ])("refuses %s at its field, as the preview does", async (_, wrong, field) => {
    const { meter } = await aRecordedMeter();
    const refused = order(meter.id, { settings: wrong });
    expect(await faultsOf(createJob(ctx(), refused))).toHaveProperty([field], expect.stringMatching(/\.$/));
    expect(await faultsOf(previewJob(ctx(), refused))).toHaveProperty([field]);
    expect(await database.db.select().from(meterJobs).where(eq(meterJobs.meterId, meter.id))).toEqual([]);
  });

  it("says which nested fields are missing, and that a meter without a region has no carbon", async () => {
    const { meter } = await aRecordedMeter("typed");
    const energy = { energy: { from: "metric", decimals: 6 }, "site.name": { from: "constant", value: "Roof" } };
    const faults = await faultsOf(
      createJob(ctx(), order(meter.id, { settings: { ...settings, MRV_FIELD_MAP: energy } })),
    );
    expect(Object.keys(faults)).toEqual(
      expect.arrayContaining(["settings.MRV_FIELD_MAP.readingId", "settings.MRV_FIELD_MAP.site.latitude"]),
    );
    const { meter: bare } = await aRecordedMeter();
    const carbon = { ...map, field1: { from: "carbonTons" } };
    const refused = createJob(ctx(), order(bare.id, { settings: { ...settings, MRV_FIELD_MAP: carbon } }));
    expect(await faultsOf(refused)).toEqual({ "settings.MRV_FIELD_MAP.field1": expect.stringContaining("no region") });
    const { meter: placed } = await aRecordedMeter("text", { region: "NSW1" });
    await createJob(ctx(), order(placed.id, { settings: { ...settings, MRV_FIELD_MAP: carbon } }));
  });

  it("refuses meters without a device in use, modelled ones, and a comparison with itself", async () => {
    const bare = await aMeter(database.db);
    await expect(createJob(ctx(), order(bare.id))).rejects.toThrow(/has no device/);
    const gone = await aRecordedMeter();
    await database.db.update(devices).set({ archivedAt: new Date() }).where(eq(devices.id, gone.device.id));
    await expect(createJob(ctx(), order(gone.meter.id))).rejects.toThrow(NotPossibleNow);
    const { meter: modelled } = await aRecordedMeter("text", { type: "Solcast", settings: {} });
    await expect(createJob(ctx(), order(modelled.id))).rejects.toThrow(/modelled, not measured/);
    const { meter } = await aRecordedMeter();
    const itself = order(meter.id, { settings: { ...settings, MRV_CROSS_CHECK_METER: meter.id } });
    expect(await faultsOf(createJob(ctx(), itself))).toHaveProperty(["settings.MRV_CROSS_CHECK_METER"]);
    await createJob(ctx(), order(meter.id, { settings: { ...settings, MRV_CROSS_CHECK_METER: modelled.id } }));
  });

  it("refuses a comparison with an archived meter, and a reference that the schema does not take at its own setting", async () => {
    const { meter } = await aRecordedMeter();
    const gone = await aMeter(database.db, { archivedAt: new Date() });
    const compared = order(meter.id, { settings: { ...settings, MRV_CROSS_CHECK_METER: gone.id } });
    expect(await faultsOf(createJob(ctx(), compared))).toEqual({
      "settings.MRV_CROSS_CHECK_METER": expect.stringContaining("archived"),
    });
    const { meter: referred, device, policy } = await aRecordedMeter();
    const subjectSchema = structuredClone(policy.schema) as { properties: Record<string, object> };
    subjectSchema.properties.ref = { type: "string", pattern: "^did:" };
    await database.db.update(devices).set({ subjectSchema }).where(eq(devices.id, device.id));
    const referring = order(referred.id, { settings: { ...settings, MRV_REF: "the roof" } });
    expect(await faultsOf(createJob(ctx(), referring))).toHaveProperty(["settings.MRV_REF"]);
  });

  it("holds against others the whole periods that a job records, from the start of its first", async () => {
    const { meter } = await aRecordedMeter();
    // The first record is of the day in which it starts.
    await createJob(ctx(), order(meter.id, { startAt: "2026-03-10T05:00:00Z" }));
    const before = { startAt: "2026-03-01T05:00:00Z", endAt: "2026-03-10T02:00:00Z" };
    await expect(createJob(ctx(), order(meter.id, before))).rejects.toThrow(Conflict);
    await createJob(ctx(), order(meter.id, { ...before, endAt: "2026-03-09T13:00:00Z" }));
    // A job whose own first day it is: it starts within the last of the other.
    const { meter: second } = await aRecordedMeter();
    await createJob(ctx(), order(second.id, { startAt: "2026-03-01T05:00:00Z", endAt: "2026-03-10T02:00:00Z" }));
    await expect(createJob(ctx(), order(second.id, { startAt: "2026-03-10T05:00:00Z" }))).rejects.toThrow(Conflict);
  });

  it("takes uploaded meters, which ETL jobs cannot collect", async () => {
    const { meter } = await aRecordedMeter("text", { type: "NEM12", dataSourceType: "UPLOAD" });
    expect(await createJob(ctx(), order(meter.id))).toMatchObject({ type: "mrv", delay: "PT27H" });
  });

  it("lets one of two jobs record a metric of a meter, or of its device, in a time", async () => {
    const { meter, device } = await aRecordedMeter();
    const first = await createJob(ctx(), order(meter.id, { endAt: "2026-06-01T00:00:00Z" }));
    await expect(createJob(ctx(), order(meter.id))).rejects.toThrow(Conflict);
    const neighbour = await aMeter(database.db, { name: "Roof, south", deviceId: device.id });
    await expect(createJob(ctx(), order(neighbour.id))).rejects.toThrow(/a device of its own/);
    await createJob(ctx(), order(meter.id, { settings: { ...settings, MRV_METRIC: "eRealNegativeKwh" } }));
    const later = await createJob(ctx(), order(meter.id, { startAt: "2026-06-02T00:00:00Z" }));
    await expect(updateJob(ctx(), { jobId: first.id, endAt: null })).rejects.toThrow(Conflict);
    await endJob(ctx(), { jobId: later.id });
    expect(await updateJob(ctx(), { jobId: first.id, endAt: null })).toMatchObject({ endAt: null });
  });

  it("lets one of twenty win who add the same job at once", async () => {
    const { meter } = await aRecordedMeter();
    const ended = await Promise.allSettled(Array.from({ length: 20 }, () => createJob(ctx(), order(meter.id))));
    expect(ended.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });
});

function withRule(field: string, rule: object | undefined) {
  return { ...settings, MRV_FIELD_MAP: { ...map, [field]: rule } };
}

describe("updateJob of MRV", () => {
  it("writes into the log which settings changed, and nothing where none did", async () => {
    const { meter } = await aRecordedMeter();
    const job = await createJob(ctx(), order(meter.id));
    await updateJob(ctx(), { jobId: job.id, settings: { ...settings, MRV_MIN_COVERAGE: 0.95 } });
    await updateJob(ctx(), { jobId: job.id, settings: { ...settings, MRV_MIN_COVERAGE: 0.95 }, forceOverride: true });
    const rows = await database.db
      .select()
      .from(auditLog)
      .where(eq(auditLog.objectId, job.id))
      .orderBy(desc(auditLog.seq));
    expect(rows.map(({ action }) => action)).toEqual(["job.changed", "job.created"]);
    expect(rows[0]).toMatchObject({ meterId: meter.id, details: { MRV_MIN_COVERAGE: { from: 1, to: 0.95 } } });
    expect(Object.keys(rows[0]?.details ?? {})).toEqual(["MRV_MIN_COVERAGE"]);
    const refused = updateJob(ctx(), { jobId: job.id, settings: withRule("field9", { from: "metric" }) });
    expect(await faultsOf(refused)).toHaveProperty(["settings.MRV_FIELD_MAP.field9"]);
  });
});

describe("whatKeepsFromRecording", () => {
  it("says what a device's new config broke, and lets the job be renamed and ended all the same", async () => {
    const { meter, device } = await aRecordedMeter();
    const job = await createJob(ctx(), order(meter.id));
    expect(await whatKeepsFromRecording(ctx(), { jobId: job.id })).toEqual([]);
    const typed = await enrol({ fields: "typed" }, newId());
    const changes = { config: typed.config, subjectSchema: typed.policy.schema };
    await database.db.update(devices).set(changes).where(eq(devices.id, device.id));
    const faults = await whatKeepsFromRecording(ctx(), { jobId: job.id });
    expect(faults.join(" ")).toMatch(/field0.*readingId/);
    await updateJob(ctx(), { jobId: job.id, name: "Old records" });
    await expect(updateJob(ctx(), { jobId: job.id, settings })).resolves.toBeDefined();
    await expect(updateJob(ctx(), { jobId: job.id, settings: { ...settings, MRV_MIN_COVERAGE: 0.5 } })).rejects.toThrow(
      InvalidInput,
    );
    expect(await endJob(ctx(), { jobId: job.id })).toMatchObject({ status: "ended" });
  });

  it("says which other job is in the way since devices were changed, and nothing of a job that ended", async () => {
    const { meter, device } = await aRecordedMeter();
    const job = await createJob(ctx(), order(meter.id));
    const { meter: other } = await aRecordedMeter();
    const second = await createJob(ctx(), order(other.id, { name: "Daily of the south" }));
    await database.db.update(meters).set({ deviceId: device.id }).where(eq(meters.id, other.id));
    const sentences = await whatKeepsFromRecording(ctx(), { jobId: job.id });
    expect(sentences).toEqual([expect.stringContaining("Daily of the south")]);
    await database.db.update(devices).set({ archivedAt: new Date() }).where(eq(devices.id, device.id));
    expect(await whatKeepsFromRecording(ctx(), { jobId: second.id })).toHaveLength(1);
    await endJob(ctx(), { jobId: second.id });
    expect(await whatKeepsFromRecording(ctx(), { jobId: second.id })).toEqual([]);
    const token: Actor = { kind: "token", id: newId(), name: "t", roles: ["operator"], meterIds: [newId()] };
    await expect(whatKeepsFromRecording({ ...ctx(), actor: token }, { jobId: job.id })).rejects.toThrow(Forbidden);
  });

  it("says that the meter has no device any more", async () => {
    const { meter, device } = await aRecordedMeter();
    const job = await createJob(ctx(), order(meter.id));
    await database.db.update(devices).set({ archivedAt: new Date() }).where(eq(devices.id, device.id));
    expect(await whatKeepsFromRecording(ctx(), { jobId: job.id })).toEqual([expect.stringContaining("no device")]);
  });
});

it("counts in the preview no calls, and says when nothing collects the meter", async () => {
  const { meter } = await aRecordedMeter();
  const now = new Date("2026-03-03T00:00:00Z");
  const preview = await previewJob(ctx(), order(meter.id), now);
  expect(preview).toMatchObject({
    tasksNow: 2,
    callsNow: 0,
    callsPerDay: 0,
    readingsNow: 576,
    otherJobs: 0,
    isFed: false,
  });
  await createJob(ctx(), { meterId: meter.id, startAt: "2026-03-01T00:00:00Z" });
  expect(await previewJob(ctx(), order(meter.id), now)).toMatchObject({ isFed: true, otherJobs: 0 });
});
