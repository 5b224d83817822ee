import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { enrol } from "../../../e2e/simulators/guardian/testing";
import type { Actor } from "../../auth/actor";
import { devices, meterData, meterDataDaily } from "../../db/schema";
import { testDatabase } from "../../db/testing";
import { Forbidden } from "../../errors";
import { newId } from "../../ids";
import { ensurePartitions } from "../../pipeline/etl/partitions";
import { aDevice, aMeter } from "../../testing/builders";
import { formDevices } from "./form-devices";
import { previewSubject } from "./preview-subject";

const database = testDatabase();
const operator: Actor = { kind: "user", id: newId(), name: "Olga", roles: ["operator"] };
const ctx = (actor: Actor = operator) => ({ db: database.db, actor });
const map = {
  field0: { from: "periodStart", as: "date" },
  field1: { from: "metric" },
  field2: { from: "periodSeconds" },
};
const settings = { MRV_METRIC: "eRealPositiveKwh", MRV_FIELD_MAP: map };

async function aRecordedMeter() {
  const { config, policy } = await enrol({ fields: "text" }, newId());
  const device = await aDevice(database.db, { config, subjectSchema: policy.schema });
  return { device, meter: await aMeter(database.db, { deviceId: device.id, region: "NSW1" }) };
}

const aDay = (meterId: string, day: string, kwh: string | null, hours: number) =>
  database.db.insert(meterDataDaily).values({
    ...{ meterId, day, readings: hours * 12, coveredSeconds: hours * 3_600, estimated: 0, restated: 0 },
    ...{ eRealPositiveKwh: kwh, carbonTons: "0.5" },
  });

async function readingsWithFactors(meterId: string, ...factors: string[]) {
  const first = new Date("2026-03-01T13:00:00Z");
  await ensurePartitions(database.db, [{ from: first.getTime(), to: first.getTime() + 86_400_000 }]);
  const at = (index: number) => new Date(first.getTime() + index * 3_600_000);
  const ids = { taskId: newId(), objectId: newId(), carbonFactorId: newId() };
  await database.db.insert(meterData).values(
    factors.map((carbonFactorValue, index) => ({
      ...{ meterId, timestamp: at(index), durationSeconds: 300, eRealPositiveKwh: "1", quality: "actual" as const },
      ...{ ...ids, carbonFactorValue, ingestedAt: at(30) },
    })),
  );
}

describe("previewSubject", () => {
  it("fills the fields from the newest day that is whole, and says which", async () => {
    const { meter } = await aRecordedMeter();
    await aDay(meter.id, "2026-03-01", "11.5", 24);
    await aDay(meter.id, "2026-03-02", "12.25", 24);
    await aDay(meter.id, "2026-03-03", null, 24);
    await aDay(meter.id, "2026-03-04", "3", 12);
    const preview = await previewSubject(ctx(), { meterId: meter.id, settings });
    expect(preview).toMatchObject({ filledWith: "2026-03-01T13:00:00.000Z", timezone: "Australia/Sydney", faults: {} });
    expect(JSON.parse(preview.document ?? "")).toMatchObject({
      field0: "2026-03-02",
      field1: "12.25",
      field2: "86400",
    });
    expect(preview.fields[1]).toEqual({ path: "field1", value: "12.25", from: "The metric's figure" });
  });

  it("takes a sample where no day is whole yet", async () => {
    const { meter } = await aRecordedMeter();
    await aDay(meter.id, "2026-03-04", "3", 23);
    const preview = await previewSubject(ctx(), { meterId: meter.id, settings });
    expect(preview).toMatchObject({ filledWith: null, faults: {} });
    expect(JSON.parse(preview.document ?? "")).toMatchObject({ field1: "12.345678" });
  });

  it("knows the factor of a day with one, and says that a day with two has none", async () => {
    const withFactor = {
      ...settings,
      MRV_FIELD_MAP: { ...map, field1: { from: "emissionFactor" }, field2: map.field1 },
    };
    const of = async (...factors: string[]) => {
      const { meter } = await aRecordedMeter();
      await aDay(meter.id, "2026-03-02", "12.25", 24);
      await readingsWithFactors(meter.id, ...factors);
      return previewSubject(ctx(), { meterId: meter.id, settings: withFactor });
    };
    expect(JSON.parse((await of("0.64", "0.64")).document ?? "")).toMatchObject({ field1: "0.64", field2: "12.25" });
    const two = await of("0.64", "0.60");
    expect(two).toMatchObject({ document: null, fields: [], filledWith: "2026-03-01T13:00:00.000Z" });
    expect(two.faults).toEqual({ "settings.MRV_FIELD_MAP.field1": expect.stringContaining("more than one") });
  });

  it("says of wrong settings what is wrong, at each, and shows nothing", async () => {
    const { meter } = await aRecordedMeter();
    const wrong = { ...settings, MRV_MIN_COVERAGE: 2 };
    expect(await previewSubject(ctx(), { meterId: meter.id, settings: wrong })).toMatchObject({
      document: null,
      fields: [],
      faults: { "settings.MRV_MIN_COVERAGE": expect.any(String) },
    });
    const unknown = { ...settings, MRV_FIELD_MAP: { ...map, field9: { from: "meterId" } } };
    expect((await previewSubject(ctx(), { meterId: meter.id, settings: unknown })).faults).toEqual({
      "settings.MRV_FIELD_MAP.field9": expect.stringContaining("no such field"),
    });
  });

  it("is for who may add a job of that meter", async () => {
    const { meter } = await aRecordedMeter();
    const viewer: Actor = { ...operator, roles: ["viewer"] };
    const token: Actor = { kind: "token", id: newId(), name: "t", roles: ["operator"], meterIds: [newId()] };
    for (const actor of [viewer, token]) {
      await expect(previewSubject(ctx(actor), { meterId: meter.id, settings })).rejects.toThrow(Forbidden);
    }
  });
});

it("knows devices in use for the form, with what likely fills their fields", async () => {
  const [used, gone] = [await aRecordedMeter(), await aRecordedMeter()];
  await database.db.update(devices).set({ archivedAt: new Date() }).where(eq(devices.id, gone.device.id));
  const found = await formDevices(ctx(), [used.device.id, gone.device.id]);
  expect([...found.keys()]).toEqual([used.device.id]);
  const { config } = used.device;
  expect(found.get(used.device.id)).toMatchObject({
    ...{ policyTag: config.policyTag, ref: config.ref, hasSchema: true },
    suggested: { field0: { from: "periodStart", as: "date" } },
  });
  expect(await formDevices(ctx(), [])).toEqual(new Map());
});
