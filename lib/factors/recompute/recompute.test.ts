import { and, asc, eq, sql } from "drizzle-orm";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Actor } from "../../auth/actor";
import {
  auditLog,
  carbonRecomputeParts,
  carbonRecomputes,
  meterData,
  meterDataRevisions,
  mrvRecords,
} from "../../db/schema";
import { testDatabase } from "../../db/testing";
import { withTx } from "../../db/tx";
import { Conflict, Forbidden, NotPossibleNow } from "../../errors";
import { flagRestated } from "../../mrv/extraction/flag-restated";
import { collect } from "../../pipeline/etl/collect";
import { ingest } from "../../pipeline/etl/ingest";
import { aBatchOf, again, anApiMeter, aWorker, runStages, taskOf } from "../../pipeline/etl/testing";
import { transform } from "../../pipeline/etl/transform";
import { aBatch, aJob, aRecord, type MeterRow } from "../../testing/builders";
import { createFactor } from "../create-factor";
import { factorUse } from "../factor-use";
import { planFactor, planRecompute } from "./plan-recompute";
import { listRecomputes } from "./progress";
import { runRecomputes } from "./run-recompute";
import { startRecompute } from "./start-recompute";

const database = testDatabase();
const admin: Actor = { kind: "user", id: "a", name: "Ada", roles: ["admin"] };
const ctx = () => ({ db: database.db, actor: admin });
const now = () => new Date();

// Two local days over the end of a month in UTC, so two parts; energy with digits that binary fractions do not hold.
const days = ["2026-03-30T13:00:00Z", "2026-03-31T13:00:00Z", "2026-04-01T13:00:00Z"];
const energy = (_device: string, at: number) => 0.1 + ((at / 300) % 7) * 0.000000003;
const factor = {
  publisher: "P",
  edition: "1",
  value: "0.66",
  source: "Test",
  validFrom: "2026-01-01T00:00:00Z",
};

let count = 0;
let region = "";
let meter: MeterRow;
let worker: Awaited<ReturnType<typeof aWorker>>;
let taskIds: string[];
let factorId = "";

beforeEach(async () => {
  region = `R${++count}`;
  factorId = (await createFactor(ctx(), { ...factor, region })).id;
  meter = await anApiMeter(database.db, { region });
  worker = await aWorker(database.db, energy);
  const job = await aJob(database.db, { meterId: meter.id, anchorAt: new Date(days[0] ?? 0) });
  const batch = await aBatchOf(database.db, job, days);
  await runStages(worker, batch);
  taskIds = batch.tasks.map(({ id }) => id);
});

const rowsOf = (meterId: string) =>
  database.db.select().from(meterData).where(eq(meterData.meterId, meterId)).orderBy(asc(meterData.timestamp));
const revisionsOf = (meterId: string) =>
  database.db
    .select()
    .from(meterDataRevisions)
    .where(eq(meterDataRevisions.meterId, meterId))
    .orderBy(asc(meterDataRevisions.timestamp));
const workAll = async () => {
  for (let step = 0; step < 20; step++) if (!(await runRecomputes(database.db, now)).isLeft) return;
  throw new Error("It does not end.");
};

/** Until so many transactions wait for another. */
const waiting = (transactions: number) =>
  vi.waitFor(
    async () => {
      const [row] = await database.db.execute<{ waiting: number }>(sql`
        select count(*)::int as waiting from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`);
      if (row?.waiting !== transactions) throw new Error(`${row?.waiting} of ${transactions} wait.`);
    },
    { timeout: 10_000, interval: 20 },
  );

/** A corrected value for the same period, with the recompute of its plan. */
async function correct(values: object = {}) {
  const corrected = { ...factor, region, edition: "1 corrected", value: "0.7", supersedes: factorId, ...values };
  const plan = await planFactor(ctx(), corrected);
  return { plan, created: await createFactor(ctx(), { ...corrected, planToken: plan.planToken }) };
}

describe("a plan", () => {
  it("counts by meter and month what changes from which value to which, and stores nothing", async () => {
    const before = await rowsOf(meter.id);
    const corrected = { ...factor, region, edition: "2", value: "0.7", supersedes: factorId };
    const plan = await planFactor(ctx(), corrected);
    expect(plan).toMatchObject({ region, rows: 576, meters: 1, mrvRecords: 0, isPartsCut: false });
    expect(plan.parts).toMatchObject([
      { meterId: meter.id, month: "2026-03", fromValue: "0.66", toValue: "0.7", rows: 420 },
      { meterId: meter.id, month: "2026-04", fromValue: "0.66", toValue: "0.7", rows: 156 },
    ]);
    const kwh = before.reduce((sum, row) => sum + Number(row.eRealKwh), 0);
    expect(plan.tonsBefore).toBeCloseTo((kwh * 0.66) / 1000, 9);
    expect(plan.tonsAfter).toBeCloseTo((kwh * 0.7) / 1000, 9);
    expect(await rowsOf(meter.id)).toEqual(before);
    expect(await planFactor(ctx(), corrected)).toEqual(plan);
    expect(await planRecompute(ctx(), { region })).toMatchObject({ rows: 0, parts: [] });
  });

  it("of a factor from a date touches only what comes after it", async () => {
    const from = "2026-04-01T00:00:00Z";
    const plan = await planFactor(ctx(), { ...factor, region, edition: "2", value: "0.6", validFrom: from });
    expect(plan.parts).toMatchObject([{ month: "2026-04", fromValue: "0.66", toValue: "0.6", rows: 156 }]);
  });

  it("counts the records that use such rows, and has those that were submitted flagged", async () => {
    const record = (from: number, values: Parameters<typeof aRecord>[1] = {}) =>
      aRecord(database.db, {
        meter,
        periodStart: new Date(days[from] ?? 0),
        periodEnd: new Date(days[from + 1] ?? 0),
        ...values,
      });
    const decided = { decidedAt: new Date(), decidedById: "a" };
    const first = await record(0, { status: "submitted", ...decided });
    await record(1);
    await record(1, { status: "rejected", ...decided });
    await record(1, { replacedAt: new Date() });
    const corrected = { ...factor, region, edition: "2", value: "0.7", supersedes: factorId };
    expect(await planFactor(ctx(), corrected)).toMatchObject({ rows: 576, mrvRecords: 2 });
    // The first record's month, and none of its readings.
    const later = { ...factor, region, edition: "2", value: "0.6", validFrom: "2026-03-31T14:00:00Z" };
    expect(await planFactor(ctx(), later)).toMatchObject({ mrvRecords: 1 });
    await correct();
    await workAll();
    await flagRestated(worker);
    const [flagged] = await database.db.select().from(mrvRecords).where(eq(mrvRecords.id, first.id));
    expect(flagged).toMatchObject({
      restatedAt: expect.any(Date),
      restatement: { now: { readings: 288 }, readings: 288 },
    });
  });

  it("is refused when the rows it counted are others by now, and with it the factor", async () => {
    const corrected = { ...factor, region, edition: "2", value: "0.7", supersedes: factorId };
    const { planToken } = await planFactor(ctx(), corrected);
    await database.db.execute(
      sql`delete from meter_data where meter_id = ${meter.id} and timestamp = ${days[0]}::timestamptz`,
    );
    await expect(createFactor(ctx(), { ...corrected, planToken })).rejects.toBeInstanceOf(Conflict);
    await expect(createFactor(ctx(), { ...corrected, value: "0.71", planToken })).rejects.toBeInstanceOf(Conflict);
    expect(await factorUse(ctx(), { factorId })).toMatchObject({ rows: 575 });
    expect(await planRecompute(ctx(), { region })).toMatchObject({ rows: 0 });
  });

  it("is for administrators", async () => {
    const operator: Actor = { ...admin, roles: ["operator"] };
    const as = { db: database.db, actor: operator };
    await expect(planRecompute(as, { region })).rejects.toBeInstanceOf(Forbidden);
    await expect(planFactor(as, { ...factor, region })).rejects.toBeInstanceOf(Forbidden);
  });
});

describe("a recompute", () => {
  it("restates carbon: old rows are kept with their cause, rollups follow, and all of it is in the log", async () => {
    const before = await rowsOf(meter.id);
    const { plan, created } = await correct();
    await workAll();
    const rows = await rowsOf(meter.id);
    expect(rows).toHaveLength(before.length);
    for (const [index, row] of rows.entries()) {
      const { carbonTons, carbonFactorId, carbonFactorValue, revision, ingestedAt: _at, ...rest } = row;
      expect(before[index]).toMatchObject(rest);
      expect({ carbonFactorId, carbonFactorValue, revision }).toEqual({
        carbonFactorId: created.id,
        carbonFactorValue: "0.7",
        revision: 2,
      });
      // In whole numbers: billionths of a kWh times 0.7 are billionths of a kilogram, rounded half away from zero.
      expect(Number(carbonTons)).toBe(Math.round((Math.round(Number(row.eRealKwh) * 1e9) * 7) / 10) / 1e12);
    }
    const kept = await revisionsOf(meter.id);
    expect(
      kept.every((row) => row.replacedByRecomputeId === created.recomputeId && row.replacedByTaskId === null),
    ).toBe(true);
    expect(kept.map(({ replacedAt: _a, replacedByTaskId: _t, replacedByRecomputeId: _r, ...row }) => row)).toEqual(
      before,
    );
    await expectRollupsToAgree();
    expect(await listRecomputes(ctx())).toContainEqual(
      expect.objectContaining({
        id: created.recomputeId,
        status: "done",
        rowsPlanned: 576,
        rowsChanged: 576,
        parts: 2,
        partsDone: 2,
      }),
    );
    const log = await database.db
      .select()
      .from(auditLog)
      .where(eq(auditLog.objectId, created.recomputeId ?? ""));
    expect(log.map(({ action, actorName }) => [action, actorName])).toEqual([
      ["recompute.started", "Ada"],
      ["recompute.finished", "recompute-carbon"],
    ]);
    expect(plan.rows).toBe(576);
    expect(await factorUse(ctx(), { factorId })).toMatchObject({ rows: 0, meters: [] });
    expect(await factorUse(ctx(), { factorId: created.id })).toMatchObject({
      rows: 576,
      meters: [
        {
          meterId: meter.id,
          rows: 576,
          months: [
            { month: "2026-03", rows: 420 },
            { month: "2026-04", rows: 156 },
          ],
        },
      ],
    });
  });

  it("gives to the last digit what transforming again gives", async () => {
    await correct({ value: "0.734567891234" });
    await workAll();
    const recomputed = await rowsOf(meter.id);
    const { transformedObjectId } = await taskOf(database.db, taskIds[0] ?? "");
    await runStages(worker, await again(database.db, taskIds));
    expect((await taskOf(database.db, taskIds[0] ?? "")).transformedObjectId).not.toBe(transformedObjectId);
    expect(await rowsOf(meter.id)).toEqual(recomputed);
    expect(await revisionsOf(meter.id)).toHaveLength(576);
  });

  it("is not undone by ingesting once more what was transformed before", async () => {
    await correct();
    await workAll();
    const recomputed = await rowsOf(meter.id);
    const batch = await aBatch(database.db);
    await database.db.execute(sql`
      update meter_tasks set batch_id = ${batch.id}, state = 'queued', stage = 'ingestion' where meter_id = ${meter.id}`);
    expect(await ingest(worker, { batchId: batch.id, runId: "test" })).toMatchObject({ succeeded: 2 });
    expect(await rowsOf(meter.id)).toEqual(recomputed);
  });

  it("goes on after it was cut anywhere, and does no part twice", async () => {
    const { created } = await correct();
    // The second part fails in the middle of its transaction, as a killed process leaves it.
    await database.db.execute(sql`
      create function refuse_april() returns trigger language plpgsql as $$
      begin if new.timestamp >= '2026-04-01' then raise exception 'cut'; end if; return new; end $$`);
    await database.db.execute(
      sql`create trigger refuse_april before insert on meter_data_revisions for each row execute function refuse_april()`,
    );
    await expect(runRecomputes(database.db, now)).rejects.toThrow();
    const parts = await database.db
      .select()
      .from(carbonRecomputeParts)
      .where(eq(carbonRecomputeParts.recomputeId, created.recomputeId ?? ""))
      .orderBy(asc(carbonRecomputeParts.monthAt));
    expect(parts.map(({ rowsChanged, doneAt }) => [rowsChanged, doneAt !== null])).toEqual([
      [420, true],
      [0, false],
    ]);
    expect((await rowsOf(meter.id)).filter((row) => row.revision === 2)).toHaveLength(420);
    await database.db.execute(sql`drop function refuse_april() cascade`);
    // Two at once, as after a lost step.
    await Promise.all([workAll(), workAll()]);
    expect((await rowsOf(meter.id)).every((row) => row.revision === 2 && row.carbonFactorId === created.id)).toBe(true);
    expect(await revisionsOf(meter.id)).toHaveLength(576);
    await expectRollupsToAgree();
  });

  it("finds rows that were transformed before the change and came in after it", async () => {
    const { created } = await correct();
    // As a batch under way leaves it: the part is done, then a row with the old factor is there.
    await runRecomputes(database.db, now);
    await database.db
      .update(carbonRecomputes)
      .set({ finishedAt: null })
      .where(eq(carbonRecomputes.id, created.recomputeId ?? ""));
    await database.db
      .update(meterData)
      .set({ carbonFactorId: factorId, carbonFactorValue: "0.66" })
      .where(and(eq(meterData.meterId, meter.id), eq(meterData.timestamp, new Date(days[1] ?? 0))));
    await workAll();
    expect((await rowsOf(meter.id)).every((row) => row.carbonFactorId === created.id)).toBe(true);
    expect((await listRecomputes(ctx()))[0]).toMatchObject({ rowsChanged: 577, status: "done" });
  });

  it("is not over before ingestions that read the old factor have committed", async () => {
    const other = await anApiMeter(database.db, { region });
    const job = await aJob(database.db, { meterId: other.id, anchorAt: new Date(days[0] ?? 0) });
    const batch = await aBatchOf(database.db, job, days);
    await collect(worker, batch);
    await transform(worker, batch);
    const { recompute, ends } = await withTx(database.db, async (tx) => {
      // It writes the meter's newest reading last, long after it has looked at the factors.
      await tx.execute(sql`select from meters where id = ${other.id} for update`);
      const ingesting = ingest(worker, batch);
      await waiting(1);
      const { plan, created } = await correct();
      // Nothing of the other meter is there yet.
      expect(plan).toMatchObject({ rows: 576, meters: 1 });
      const working = workAll();
      await Promise.race([working, waiting(2)]);
      return { recompute: created, ends: [ingesting, working] };
    });
    await Promise.all(ends);
    const rows = await rowsOf(other.id);
    expect(rows).toHaveLength(576);
    expect(rows.every((row) => row.carbonFactorId === recompute.id && row.carbonFactorValue === "0.7")).toBe(true);
    expect(await planRecompute(ctx(), { region })).toMatchObject({ rows: 0 });
    expect((await listRecomputes(ctx()))[0]).toMatchObject({ status: "done", rowsChanged: 1152, parts: 4 });
  });

  it("takes carbon away where no factor holds any more, and gives some where none held, only in the range asked for", async () => {
    await createFactor(ctx(), {
      ...factor,
      region,
      edition: "2",
      validTo: "2026-04-01T00:00:00Z",
      supersedes: factorId,
    });
    const scope = { region, from: "2026-04-01T12:00:00Z" };
    const plan = await planRecompute(ctx(), scope);
    expect(plan).toMatchObject({ rows: 12, tonsAfter: 0, parts: [{ fromValue: "0.66", toValue: null }] });
    await startRecompute(ctx(), { ...scope, planToken: plan.planToken });
    await workAll();
    const rows = await rowsOf(meter.id);
    expect(rows.slice(-12).every((row) => row.carbonTons === null && row.carbonFactorId === null)).toBe(true);
    expect(rows.filter((row) => row.revision > 1)).toHaveLength(12);
    await createFactor(ctx(), { ...factor, region, edition: "3", value: "0.5", validFrom: "2026-04-01T00:00:00Z" });
    const back = await planRecompute(ctx(), scope);
    expect(back.parts).toMatchObject([{ fromValue: null, toValue: "0.5", rows: 12 }]);
    const empty = await planRecompute(ctx(), { region: "nowhere" });
    await expect(startRecompute(ctx(), { region: "nowhere", planToken: empty.planToken })).rejects.toBeInstanceOf(
      NotPossibleNow,
    );
  });
});

async function expectRollupsToAgree() {
  for (const [table, bucket] of [
    ["meter_data_hourly", sql`to_char(date_trunc('hour', d.timestamp), 'YYYY-MM-DD HH24')`],
    ["meter_data_daily", sql`to_char(d.timestamp at time zone ${meter.timezone}, 'YYYY-MM-DD')`],
  ] as const) {
    const key = table === "meter_data_hourly" ? sql`to_char(hour, 'YYYY-MM-DD HH24')` : sql`day::text`;
    const differing = await database.db.execute(sql`
      select * from (select ${bucket} as bucket, sum(carbon_tons) as tons, count(*) filter (where revision > 1)::int as restated
        from meter_data d where meter_id = ${meter.id} group by 1) a
      full join (select ${key} as bucket, carbon_tons as tons, restated from ${sql.raw(table)} where meter_id = ${meter.id}) b using (bucket)
      where (a.tons, a.restated) is distinct from (b.tons, b.restated)`);
    expect(differing, table).toEqual([]);
  }
}
