import { and, eq, sql } from "drizzle-orm";
import { expect, it } from "vitest";
import { findings, meterData, meters, readingChanges } from "../db/schema";
import { testDatabase } from "../db/testing";
import { Forbidden } from "../errors";
import { updateMeter } from "../meters/update-meter";
import { aBatchOf, again, anApiMeter, aWorker, runStages } from "../pipeline/etl/testing";
import { aJob, aMeter } from "../testing/builders";
import { raceBehind } from "../testing/race";
import { checkReadings } from "./check-readings";
import { previewThresholds } from "./preview-thresholds";
import { setThresholds } from "./set-thresholds";

const database = testDatabase();
const now = () => new Date("2026-06-01T00:00:00Z");
const later = new Date("2026-06-01T01:00:00Z");
const check = () => checkReadings(database.db, now, later);
const DAYS = ["2026-03-01T13:00:00Z", "2026-03-02T13:00:00Z", "2026-03-03T13:00:00Z"];
const hole = (start: number) =>
  start >= Date.parse("2026-03-02T02:00:00Z") / 1000 && start < Date.parse("2026-03-02T05:00:00Z") / 1000;

/** Two days of a device whose readings differ from one to the next; `energy` may change from run to run. */
async function aCheckedMeter(source: { energy: (start: number) => number | null }) {
  const meter = await anApiMeter(database.db);
  const job = await aJob(database.db, { meterId: meter.id });
  const worker = await aWorker(database.db, (_, start) => source.energy(start));
  const batch = await aBatchOf(database.db, job, DAYS);
  await runStages(worker, batch);
  return {
    meter,
    rerun: async () => {
      const ids = batch.tasks.map(({ id }) => id);
      await runStages(worker, await again(database.db, ids, { isForced: true, retryCount: 0 }));
    },
  };
}

const usual = (start: number) => 0.5 + ((start / 300) % 11) / 100;
const rowsOf = (meterId: string) =>
  database.db.select().from(findings).where(eq(findings.meterId, meterId)).orderBy(findings.fromAt);
const noted = (meterId: string) => database.db.$count(readingChanges, eq(readingChanges.meterId, meterId));

it("checks what ingestion noted, stores what it finds once, and clears it when the data heals", async () => {
  const source = { energy: (start: number) => (hole(start) ? null : usual(start)) };
  const { meter, rerun } = await aCheckedMeter(source);
  expect(await noted(meter.id)).toBeGreaterThan(0);
  await check();
  expect(await noted(meter.id)).toBe(0);
  const [first, ...more] = await rowsOf(meter.id);
  expect(more).toEqual([]);
  expect(first).toMatchObject({
    check: "gap",
    fromAt: new Date("2026-03-02T02:00:00Z"),
    toAt: new Date("2026-03-02T05:00:00Z"),
    figure: 180,
    threshold: 30,
    sentence: "3 h, 36 readings missing.",
    clearedAt: null,
  });

  // The same readings again change nothing, so nothing is checked.
  await rerun();
  expect(await noted(meter.id)).toBe(0);
  await database.db
    .insert(readingChanges)
    .values({ meterId: meter.id, fromAt: new Date(DAYS[0] ?? ""), toAt: new Date(DAYS[1] ?? "") });
  await check();
  expect(await rowsOf(meter.id)).toEqual([first]);

  await database.db
    .update(findings)
    .set({ acknowledgedAt: now(), acknowledgedBy: "Ada", acknowledgedReason: "Known outage." })
    .where(eq(findings.meterId, meter.id));
  source.energy = usual;
  await rerun();
  await check();
  const [healed, ...others] = await rowsOf(meter.id);
  expect(others).toEqual([]);
  expect(healed?.clearedAt).toEqual(now());

  // It comes back as the same row, and is to be looked at again.
  await database.db.delete(meterData).where(and(eq(meterData.meterId, meter.id), inHole()));
  await database.db
    .insert(readingChanges)
    .values({ meterId: meter.id, fromAt: new Date("2026-03-02T02:00:00Z"), toAt: new Date("2026-03-02T05:00:00Z") });
  await check();
  expect(await rowsOf(meter.id)).toEqual([{ ...first, lastSeenAt: now() }]);
});

it("makes one finding smaller where a part of it heals, and two of one that heals in the middle", async () => {
  const source = { energy: (start: number) => (hole(start) ? null : usual(start)) };
  const { meter, rerun } = await aCheckedMeter(source);
  await check();
  const middle = Date.parse("2026-03-02T03:30:00Z") / 1000;
  source.energy = (start) => (hole(start) && start !== middle ? null : usual(start));
  await rerun();
  await check();
  const open = (await rowsOf(meter.id)).filter(({ clearedAt }) => clearedAt === null);
  expect(open.map(({ fromAt, toAt, figure }) => [fromAt.toISOString(), toAt.toISOString(), figure])).toEqual([
    ["2026-03-02T02:00:00.000Z", "2026-03-02T03:30:00.000Z", 90],
    ["2026-03-02T03:35:00.000Z", "2026-03-02T05:00:00.000Z", 85],
  ]);
});

it("stores nothing twice when several work at once, and does again what was cut off", async () => {
  const source = { energy: (start: number) => (hole(start) ? null : usual(start)) };
  const { meter } = await aCheckedMeter(source);
  const notes = await database.db.select().from(readingChanges).where(eq(readingChanges.meterId, meter.id));
  // A database that goes away in the middle: the note is still there afterwards.
  const broken = database.db.transaction(async (tx) => {
    await checkReadings(tx as typeof database.db, now, later);
    throw new Error("cut off");
  });
  await expect(broken).rejects.toThrow("cut off");
  expect(await rowsOf(meter.id)).toEqual([]);
  expect(await database.db.select().from(readingChanges).where(eq(readingChanges.meterId, meter.id))).toEqual(notes);
  const lock = sql`select from reading_changes where meter_id = ${meter.id}::uuid for update`;
  const ended = await raceBehind(database.db, lock, [check, check, check]);
  expect(ended.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "fulfilled"]);
  expect(await rowsOf(meter.id)).toHaveLength(1);
});

it("finds a gap that is longer than what is read around, whichever side of it comes last", async () => {
  const meter = await anApiMeter(database.db);
  const job = await aJob(database.db, { meterId: meter.id });
  const worker = await aWorker(database.db, (_, start) => usual(start));
  await runStages(worker, await aBatchOf(database.db, job, ["2026-03-20T13:00:00Z", "2026-03-21T13:00:00Z"]));
  await check();
  expect(await rowsOf(meter.id)).toEqual([]);
  await runStages(worker, await aBatchOf(database.db, job, DAYS));
  await check();
  expect(await rowsOf(meter.id)).toMatchObject([
    { check: "gap", fromAt: new Date("2026-03-03T13:00:00Z"), toAt: new Date("2026-03-20T13:00:00Z") },
  ]);
});

it("finds rows that were sent twice, and clears that although no reading changes", async () => {
  const meter = await anApiMeter(database.db);
  const job = await aJob(database.db, { meterId: meter.id });
  let isTwice = true;
  const row = (timestamp: number, energy: number) => ({ timestamp, duration: 300, eRealKwh: [energy] });
  const worker = await aWorker(database.db, {
    vendor: () => null,
    answer: (url) => {
      const from = Number(url.searchParams.get("fromTs"));
      const rows = Array.from({ length: 288 }, (_, index) => row(from + index * 300, 1 + (index % 7) / 100));
      if (isTwice) rows.unshift(row(from, 9), row(from + 300, 9));
      return Response.json(rows, { headers: { "x-ratelimit-tpslimit": "1000", "x-ratelimit-tpsremaining": "999" } });
    },
  });
  const batch = await aBatchOf(database.db, job, ["2026-03-01T13:00:00Z", "2026-03-02T13:00:00Z"]);
  await runStages(worker, batch);
  await check();
  const [found, ...others] = await rowsOf(meter.id);
  expect(others).toEqual([]);
  expect(found).toMatchObject({
    check: "duplicate",
    fromAt: new Date("2026-03-01T13:00:00Z"),
    toAt: new Date("2026-03-01T13:10:00Z"),
    figure: 2,
    clearedAt: null,
  });
  isTwice = false;
  const ids = batch.tasks.map(({ id }) => id);
  await runStages(worker, await again(database.db, ids, { isForced: true, retryCount: 0 }));
  await check();
  expect(await rowsOf(meter.id)).toMatchObject([{ id: found?.id, clearedAt: now() }]);
});

it("follows a change of thresholds and of capacity", async () => {
  const { meter } = await aCheckedMeter({ energy: usual });
  const worker = await aWorker(database.db, () => null);
  const actor = { kind: "user", id: "u", name: "Ada", roles: ["operator"] } as const;
  const ctx = { db: database.db, actor, worker };
  const open = async () => {
    await check();
    const rows = (await rowsOf(meter.id)).filter(({ clearedAt }) => !clearedAt);
    return rows.map((row) => [row.check, row.sentence]).sort();
  };
  expect(await open()).toEqual([]);
  await updateMeter(ctx, { meterId: meter.id, capacityKw: 6.5 });
  const atNight = ["night-generation", "26.33 kWh between 23:00 and 3:00, the most of 3 nights."];
  const above = ["nameplate", "0.6 kWh in 5 min, at most 0.5958 (6.5 kW × 1.1). In 53 readings."];
  expect(await open()).toEqual([above, atNight]);
  await setThresholds(ctx, { meterId: meter.id, thresholds: { nameplateFactor: 1.2 } });
  expect(await open()).toEqual([atNight]);
  await setThresholds(ctx, { meterId: meter.id, thresholds: {} });
  expect(await open()).toEqual([above, atNight]);
  await setThresholds(ctx, { meterId: meter.id, thresholds: { flow: "load" } });
  expect(await open()).toEqual([]);
});

it("says what other thresholds would find, and stores nothing", async () => {
  const { meter } = await aCheckedMeter({ energy: (start) => (hole(start) ? null : usual(start)) });
  const actor = { kind: "user", id: "u", name: "Ada", roles: ["operator"] } as const;
  const ctx = { db: database.db, actor };
  const preview = (gapMinutes: number) =>
    previewThresholds(ctx, { meterId: meter.id, thresholds: { gapMinutes } }, now());
  expect(await preview(181)).toEqual({ before: 1, after: 0, changes: [{ label: "Gap", before: 1, after: 0 }] });
  expect(await preview(180)).toEqual({ before: 1, after: 1, changes: [] });
  expect(await rowsOf(meter.id)).toEqual([]);
  const viewer = { ...ctx, actor: { ...actor, roles: ["viewer"] as const } };
  await expect(previewThresholds(viewer, { meterId: meter.id, thresholds: {} })).rejects.toThrow(Forbidden);
  await check();
});

it("looks at all of a finding again where a part of it changes: its figure follows", async () => {
  const first = Date.parse("2026-03-02T13:00:00Z") / 1000;
  // Over midnight: the greater value is on the first day.
  const peak = new Map([
    [first - 300, 9],
    [first, 8],
  ]);
  const source = { energy: (start: number) => peak.get(start) ?? usual(start) };
  const { meter, rerun } = await aCheckedMeter(source);
  await database.db.update(meters).set({ capacityKw: 50 }).where(eq(meters.id, meter.id));
  await setThresholds(
    { db: database.db, actor: { kind: "system", name: "test" } },
    { meterId: meter.id, thresholds: { nightKwh: 1000 } },
  );
  const above = async () => {
    await check();
    const rows = await rowsOf(meter.id);
    return rows
      .filter((row) => row.check === "nameplate" && !row.clearedAt)
      .map(({ fromAt, toAt, figure }) => [fromAt.getTime() / 1000, toAt.getTime() / 1000, figure]);
  };
  expect(await above()).toEqual([[first - 300, first + 300, 9]]);
  peak.delete(first - 300);
  await rerun();
  expect(await above()).toEqual([[first, first + 300, 8]]);
});

it("leaves none of the others unchecked where one meter cannot be", async () => {
  const broken = await aMeter(database.db, { type: "Gone" });
  const span = { fromAt: new Date(DAYS[0] ?? ""), toAt: new Date(DAYS[1] ?? "") };
  await database.db.insert(readingChanges).values({ meterId: broken.id, ...span });
  const { meter } = await aCheckedMeter({ energy: (start) => (hole(start) ? null : usual(start)) });
  await expect(check()).rejects.toThrow(`Readings of 1 meters could not be checked, such as those of ${broken.id}.`);
  expect(await rowsOf(meter.id)).toHaveLength(1);
  expect(await noted(broken.id)).toBe(1);
  await database.db.delete(readingChanges).where(eq(readingChanges.meterId, broken.id));
});

it("makes one finding of a run of weeks that came day by day, and leaves for later what time does not allow", async () => {
  const meter = await anApiMeter(database.db, { timezone: "UTC" });
  const first = Date.parse("2026-02-01T00:00:00Z");
  const rows = Array.from({ length: 10 * 48 }, (_, index) => ({
    meterId: meter.id,
    timestamp: new Date(first + index * 1_800_000),
    durationSeconds: 1800,
    eRealKwh: "0",
    quality: "actual" as const,
    taskId: meter.id,
    objectId: meter.id,
    ingestedAt: now(),
  }));
  const { ensurePartitions } = await import("../pipeline/etl/partitions");
  await ensurePartitions(database.db, [{ from: first, to: first + 10 * 86_400_000 }]);
  for (let day = 0; day < 10; day++) {
    await database.db.insert(meterData).values(rows.slice(day * 48, (day + 1) * 48));
    const from = first + day * 86_400_000;
    await database.db
      .insert(readingChanges)
      .values({ meterId: meter.id, fromAt: new Date(from), toAt: new Date(from + 86_400_000) });
    if (day === 0) {
      expect(await checkReadings(database.db, now, now())).toEqual({ stretches: 0, hasMore: true });
      expect(await noted(meter.id)).toBe(1);
    }
    await check();
  }
  const found = await rowsOf(meter.id);
  expect(
    found.map(({ check: name, fromAt, toAt, figure }) => [name, fromAt.getTime(), toAt.getTime(), figure]),
  ).toEqual([["zero-run", first, first + 10 * 86_400_000, 240]]);
  expect(found[0]?.sentence).toBe("Every reading is zero.");
});

function inHole() {
  return and(
    sql`${meterData.timestamp} >= '2026-03-02T02:00:00Z'`,
    sql`${meterData.timestamp} < '2026-03-02T05:00:00Z'`,
  );
}
