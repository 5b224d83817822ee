import { and, eq, sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { enrol } from "../../../../e2e/simulators/guardian/testing";
import { archiveObjects, meterData, meters, mrvRecords } from "../../../db/schema";
import { testDatabase } from "../../../db/testing";
import { ctxOf } from "../../../devices/testing";
import { createFactor } from "../../../factors/create-factor";
import { planRecompute } from "../../../factors/recompute/plan-recompute";
import { runRecomputes } from "../../../factors/recompute/run-recompute";
import { startRecompute } from "../../../factors/recompute/start-recompute";
import { newId } from "../../../ids";
import { again, runStages } from "../../../pipeline/etl/testing";
import { aSubmittedRecord, aVerifiedRecord, bundleOf, onDisk, type Recorded } from "../testing";
import { aDay, sources } from "../testing-sources";
import { verifyBundle } from "./verify-bundle";

const database = testDatabase();
const types = Object.keys(sources) as (keyof typeof sources)[];

async function submitted(type: keyof typeof sources, more: Partial<Parameters<typeof aSubmittedRecord>[1]> = {}) {
  const from = await enrol({}, newId());
  const source = sources[type]();
  const meter = { ...("meter" in source ? source.meter : {}), ...more.meter };
  return aSubmittedRecord(database.db, { from, bounds: aDay, ...source, ...more, meter });
}

async function reportOf(recorded: Pick<Recorded, "worker" | "record">) {
  const report = await verifyBundle(await onDisk(`${newId()}.zip`, await bundleOf(recorded)));
  const step = (name: string) => report.steps.find((each) => each.name === name);
  return { report, step, differences: report.steps.flatMap(({ differences }) => differences) };
}

const aFactor = (region: string, value: string, supersedes?: string) =>
  createFactor(ctxOf(database.db), {
    ...(supersedes && { supersedes }),
    publisher: "P",
    edition: "1",
    region,
    value,
    source: "Test",
    validFrom: "2026-01-01T00:00:00Z",
  });

/** The stages again, in a new batch. */
async function collectAgain({ collecting, tasks }: Recorded, now: string) {
  const later = { ...collecting, now: () => new Date(now) };
  const { ingested } = await runStages(later, await again(database.db, tasks));
  expect(ingested).toMatchObject({ succeeded: 1, rows: 288 });
}

describe("a bundle is equal", () => {
  it.each(types)("of a %s meter, from its raw bytes to its signature", async (type) => {
    const { record, worker } = await submitted(type);
    const { report, step, differences } = await reportOf({ record, worker });
    expect(differences).toEqual([]);
    expect(report).toMatchObject({ isEqual: true, evidenceHash: record.evidenceHash });
    expect(report.steps.map(({ outcome }) => outcome)).toEqual(report.steps.map(() => "equal"));
    const readings = type === "WattWatchers" ? 288 : 48;
    expect(step("Figures")?.sentence).toContain(
      `${readings} readings, ${record.value} kWh, no carbon, coverage 1.000000`,
    );
    expect(step("Transformation")?.sentence).toContain("made again from 1 raw one: the same bytes");
  });

  it("of a policy with typed fields and a JSON schema, with carbon", async () => {
    await aFactor("R-typed", "0.66");
    const from = await enrol({ fields: "typed", context: "own-terms" }, newId());
    const { record, worker } = await submitted("CSV", {
      from,
      schema: from.policy.schema,
      meter: { region: "R-typed" },
      settings: {
        MRV_FIELD_MAP: {
          readingId: { from: "recordId" },
          readingDate: { from: "periodStart" },
          startedAt: { from: "periodStart" },
          endedAt: { from: "periodEnd" },
          durationSeconds: { from: "periodSeconds" },
          energy: { from: "metric" },
          unit: { from: "metricUnit" },
          emissions: { from: "carbonTons" },
          isMetered: { from: "constant", value: true },
          factorLink: { from: "constant", value: "https://example.com/factors" },
          "site.name": { from: "constant", value: "Roof, north" },
          "site.latitude": { from: "constant", value: -33.86 },
          "site.longitude": { from: "constant", value: 151.21 },
        },
      },
    });
    const { report, step, differences } = await reportOf({ record, worker });
    expect(differences).toEqual([]);
    expect(report.isEqual).toBe(true);
    expect(step("Figures")?.sentence).toContain(`${record.carbonTons} tCO2-e`);
  });

  it("before anything was signed, and says that nothing was", async () => {
    const recorded = await aVerifiedRecord(database.db, {
      from: await enrol({}, newId()),
      bounds: aDay,
      ...sources.NEM12(),
    });
    const { report, step } = await reportOf(recorded);
    expect(report.isEqual).toBe(true);
    expect(step("Credential")).toMatchObject({
      outcome: "skipped",
      sentence: `Nothing was signed: the record is ${recorded.record.status}.`,
    });
    expect(step("Submissions")?.outcome).toBe("skipped");
  });

  it("the same bytes, as long as the record is the same", async () => {
    const recorded = await submitted("CSV");
    expect((await bundleOf(recorded)).equals(await bundleOf(recorded))).toBe(true);
  });
});

describe("a bundle stays equal", () => {
  it("after the meter was set up otherwise: objects say what they were made with", async () => {
    const recorded = await submitted("CSV");
    const settings = { stampColumn: "when", values: [{ column: "in", metric: "eRealKwh", unit: "kWh" }] };
    await database.db
      .update(meters)
      .set({ settings, timezone: "Europe/Berlin", dataSourceType: "UPLOAD" })
      .where(eq(meters.id, recorded.meter.id));
    expect((await reportOf(recorded)).differences).toEqual([]);
  });

  it("after its readings were restated: it has them as they were", async () => {
    let correction = 0;
    const at = Date.parse("2026-03-01T02:00:00Z") / 1000;
    const vendor = (_device: string, start: number) => 0.5 + (start === at ? correction : 0);
    const recorded = await submitted("WattWatchers", { vendor });
    for (const [index, now] of ["2026-06-02", "2026-06-03", "2026-06-04"].entries()) {
      correction = 0.25 * (index + 1);
      await collectAgain(recorded, `${now}T00:00:00Z`);
    }
    const [row] = await database.db
      .select()
      .from(meterData)
      .where(and(eq(meterData.meterId, recorded.meter.id), eq(meterData.revision, 4)));
    expect(row?.eRealPositiveKwh).toBe("1.25");
    const { step, differences } = await reportOf(recorded);
    expect(differences).toEqual([]);
    expect(step("Figures")?.sentence).toContain("288 readings, 144 kWh");
  });

  it("after a restatement whose transaction began before one that the record saw, and ended after it", async () => {
    let correction = 0;
    const vendor = (_device: string, start: number) => 0.5 + (start === Date.parse(aDay[0]) / 1000 ? correction : 0);
    const recorded = await submitted("WattWatchers", { vendor });
    correction = 1;
    await collectAgain(recorded, "2026-06-02T00:00:00Z");
    // As if its transaction had begun long before the rows that are in the record.
    const late = await database.db.execute(sql`
      update meter_data set ingested_at = ingested_at - interval '1 day' where meter_id = ${recorded.meter.id} and revision = 2`);
    expect(late.count).toBe(1);
    const { step, differences } = await reportOf(recorded);
    expect(differences).toEqual([]);
    expect(step("Figures")?.sentence).toContain("288 readings, 144 kWh");
  });

  it("after a factor was corrected and carbon recomputed, before the record or after it", async () => {
    const region = `R-${newId()}`;
    const { id } = await aFactor(region, "0.66");
    const before = await submitted("NEM12", { meter: { region } });
    expect(Number(before.record.carbonTons)).toBeCloseTo((Number(before.record.value) * 0.66) / 1000, 9);
    const after = await submitted("NEM12", {
      meter: { region },
      between: async () => {
        await aFactor(region, "0.5", id);
        const { planToken } = await planRecompute(ctxOf(database.db), { region });
        await startRecompute(ctxOf(database.db), { region, planToken });
        await runRecomputes(database.db, () => new Date());
      },
    });
    expect(Number(after.record.carbonTons)).toBeCloseTo((Number(after.record.value) * 0.5) / 1000, 9);
    const [first, second] = [await reportOf(before), await reportOf(after)];
    expect([first.differences, second.differences]).toEqual([[], []]);
    expect(first.step("Readings")?.sentence).toBe("48 readings, each as raw bytes give it.");
    expect(second.step("Readings")?.sentence).toContain(
      "48 readings with another emission factor than when they were transformed",
    );
  });

  it("after the device was given another config: it has the one that signed", async () => {
    const recorded = await submitted("GreenButton");
    await database.db.execute(sql`
      update devices set config = replace(config::text, ${recorded.record.evidence.device.type}, 'another&2.0.0')::json
      where id = ${recorded.record.deviceId}`);
    expect((await reportOf(recorded)).differences).toEqual([]);

    await database.db.update(mrvRecords).set({ signedWith: null }).where(eq(mrvRecords.id, recorded.record.id));
    const { differences } = await reportOf(recorded);
    expect(differences.map(({ sentence }) => sentence).join()).toContain("as it was when the bundle was made");
  });

  it("of an object from a release that did not say what it took, and says so", async () => {
    await aFactor("R-old", "0.66");
    const { worker, record } = await submitted("NEM12", {
      meter: { region: "R-old" },
      between: ({ id }) =>
        database.db
          .update(archiveObjects)
          .set({ origin: { kind: "transformation", connector: "NEM12" } })
          .where(and(eq(archiveObjects.meterId, id), eq(archiveObjects.kind, "transformed"))),
    });
    const { report, step, differences } = await reportOf({ worker, record });
    expect(differences).toEqual([]);
    expect(report.isEqual).toBe(true);
    expect(step("Transformation")?.sentence).toContain(
      "1 object of an earlier release does not say with which settings, so those of the meter at extraction were taken",
    );
  });
});
