import { EventEmitter, once } from "node:events";
import { asc, eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { meterData, meterDataRevisions, meters, sourceQuotas, taskBatches } from "../../db/schema";
import { testDatabase } from "../../db/testing";
import { aJob } from "../../testing/builders";
import { collect } from "./collect";
import { aBatchOf, again, anApiMeter, aWorker, runStages, taskOf } from "./testing";

const database = testDatabase();
const HALF_HOUR = 1_800_000;
const day = (number: number) => new Date(Date.UTC(2026, 4, number)).toISOString();

/** A site whose estimates are 2 kW all day up to now, and whose forecasts say 1 kW. */
function site(clock: { now: Date }, estimate = () => 2) {
  return (url: URL): Response => {
    const hours = Number(url.searchParams.get("hours"));
    const newest = Math.floor(clock.now.getTime() / HALF_HOUR) * HALF_HOUR;
    const rows = Array.from({ length: hours * 2 }, (_, at) => ({
      pv_estimate: url.pathname.endsWith("forecasts") ? 1 : estimate(),
      period_end: new Date(url.pathname.endsWith("forecasts") ? newest + (at + 1) * HALF_HOUR : newest - at * HALF_HOUR)
        .toISOString()
        .replace(".000Z", ".0000000Z"),
      period: "PT30M",
    }));
    return Response.json({ [url.pathname.split("/").at(-1) ?? ""]: rows });
  };
}

async function setUp(bounds: string[], values: { settings?: Record<string, unknown>; job?: object } = {}) {
  const meter = await anApiMeter(database.db, {
    type: "Solcast",
    dataSource: "ba75-e17a-7374-95ed",
    timezone: "UTC",
    settings: values.settings ?? {},
  });
  const job = await aJob(database.db, {
    meterId: meter.id,
    timezone: "UTC",
    anchorAt: new Date(day(1)),
    ...values.job,
  });
  return { meter, job, batch: await aBatchOf(database.db, job, bounds) };
}

const readingsOf = (meterId: string) =>
  database.db.select().from(meterData).where(eq(meterData.meterId, meterId)).orderBy(asc(meterData.timestamp));

const workerAt = (clock: { now: Date }, answer: (url: URL) => Response | undefined) =>
  aWorker(database.db, { vendor: () => null, answer }, () => clock.now);

describe("a Solcast meter", () => {
  it("gets a day of estimates and two of forecasts for two calls, and the meter's newest reading is no forecast", async () => {
    const clock = { now: new Date("2026-05-11T01:07:00Z") };
    const { meter, batch } = await setUp([day(10), day(11)]);
    const worker = await workerAt(clock, site(clock));
    await runStages(worker, batch);
    expect(worker.calls).toHaveLength(2);
    const rows = await readingsOf(meter.id);
    const of = (quality: string) => rows.filter((row) => row.quality === quality);
    expect([of("estimated").length, of("forecast").length]).toEqual([48, 96]);
    expect(of("estimated")[0]).toMatchObject({
      pvEstimateKw: "2",
      pvEstimateKwh: "1",
      eRealKwh: null,
      carbonTons: null,
    });
    expect(of("forecast")[0]?.timestamp.toISOString()).toBe("2026-05-11T01:00:00.000Z");
    expect(of("forecast").at(-1)?.timestamp.toISOString()).toBe("2026-05-13T00:30:00.000Z");
    expect(await taskOf(database.db, batch.tasks[0]?.id ?? "")).toMatchObject({
      state: "succeeded",
      readingsPresent: 48,
      readingsExpected: 48,
    });
    const [stored] = await database.db.select().from(meters).where(eq(meters.id, meter.id));
    expect(stored?.newestReadingAt?.toISOString()).toBe("2026-05-10T23:30:00.000Z");
  });

  it("replaces forecasts with the estimates that arrive later, keeps them as revisions, and never the other way round", async () => {
    const clock = { now: new Date("2026-05-11T01:07:00Z") };
    const { meter, job, batch } = await setUp([day(10), day(11)]);
    const worker = await workerAt(clock, site(clock));
    await runStages(worker, batch);
    clock.now = new Date("2026-05-12T01:07:00Z");
    const next = await aBatchOf(database.db, job, [day(11), day(12)]);
    await runStages(worker, next);
    const rows = await readingsOf(meter.id);
    const ofDay = rows.filter(({ timestamp }) => timestamp >= new Date(day(11)) && timestamp < new Date(day(12)));
    expect(ofDay.map(({ quality }) => quality)).toEqual(Array(48).fill("estimated"));
    const revisions = await database.db
      .select()
      .from(meterDataRevisions)
      .where(eq(meterDataRevisions.meterId, meter.id));
    // The first two half hours were over before the forecast was made.
    expect(revisions.map(({ quality, pvEstimateKw }) => [quality, pvEstimateKw])).toEqual(
      Array(46).fill(["forecast", "1"]),
    );

    // A clock that stands a day earlier brings forecasts of the day whose estimates are there.
    clock.now = new Date("2026-05-11T01:07:00Z");
    await runStages(worker, await again(database.db, [batch.tasks[0]?.id ?? ""]));
    expect(await readingsOf(meter.id)).toEqual(rows);
  });

  it("keeps a restated estimate's old value", async () => {
    const clock = { now: new Date("2026-05-11T01:07:00Z") };
    const { meter, batch } = await setUp([day(10), day(11)], { settings: { include: ["estimated_actuals"] } });
    let kw = 2;
    const worker = await workerAt(
      clock,
      site(clock, () => kw),
    );
    await runStages(worker, batch);
    kw = 3;
    await runStages(worker, await again(database.db, [batch.tasks[0]?.id ?? ""]));
    expect(
      (await readingsOf(meter.id)).every(({ pvEstimateKw, revision }) => pvEstimateKw === "3" && revision === 2),
    ).toBe(true);
  });

  it("has a month served by one call a list; what is older than seven days fails by name, without a call or a retry", async () => {
    const clock = { now: new Date("2026-05-31T01:07:00Z") };
    const { batch } = await setUp(Array.from({ length: 31 }, (_, at) => day(at + 1)));
    const worker = await workerAt(clock, site(clock));
    await runStages(worker, batch);
    expect(worker.calls).toHaveLength(2);
    const tasks = await Promise.all(batch.tasks.map(({ id }) => taskOf(database.db, id)));
    expect(tasks.map(({ state }) => state)).toEqual([...Array(23).fill("failed"), ...Array(7).fill("succeeded")]);
    expect(tasks[0]).toMatchObject({ retryCount: 0, executionErrs: [{ code: "HISTORY_GONE", isRetryable: false }] });
    expect(tasks[0]?.executionErrs[0]?.message).toMatch(/last 7 days only/);
  });

  const askedOf = (calls: string[]) => calls.map((call) => new URL(call).pathname.split("/").at(-1));

  it("asks for the forecasts alone where it was killed between its two calls, and keeps both", async () => {
    const clock = { now: new Date("2026-05-11T01:07:00Z") };
    const { meter, batch } = await setUp([day(10), day(11)]);
    await database.db.update(taskBatches).set({ createdAt: clock.now }).where(eq(taskBatches.id, batch.batchId));
    const first = await workerAt(clock, site(clock));
    const process = new EventEmitter();
    const fetch: typeof globalThis.fetch = async (input, init) => {
      if (!String(input).includes("/forecasts")) return first.fetch(input, init);
      process.emit("killed");
      await once(process, "forgotten");
      throw new Error("It does not live any more.");
    };
    const isKilled = once(process, "killed");
    const collecting = collect({ ...first, fetch }, batch);
    await isKilled;

    const second = await workerAt(clock, site(clock));
    second.archive = first.archive;
    await runStages(second, batch);
    expect([askedOf(first.calls), askedOf(second.calls)]).toEqual([["estimated_actuals"], ["forecasts"]]);
    const rows = await readingsOf(meter.id);
    const of = (quality: string) => rows.filter((row) => row.quality === quality).length;
    expect([of("estimated"), of("forecast")]).toEqual([48, 96]);
    const [quota] = await database.db.select().from(sourceQuotas).where(eq(sourceQuotas.accountKey, meter.accountKey));
    // The call that was under way counts: the vendor may have got it.
    expect(quota?.used).toBe(3);
    process.emit("forgotten");
    await collecting;
    expect(await taskOf(database.db, batch.tasks[0]?.id ?? "")).toMatchObject({
      state: "succeeded",
      executionErrs: [],
    });
  });

  it("does not ask for the estimates again where the forecasts failed, until the estimates turn out to be of no use", async () => {
    const clock = { now: new Date("2026-05-11T01:07:00Z") };
    const { batch } = await setUp([day(10), day(11)]);
    const [{ id } = { id: "" }] = batch.tasks;
    let isBusy = true;
    const answer = site(clock);
    const worker = await workerAt(clock, (url) =>
      isBusy && url.pathname.endsWith("forecasts") ? new Response("", { status: 429 }) : answer(url),
    );
    await runStages(worker, batch);
    await runStages(worker, await again(database.db, [id]));
    isBusy = false;
    await runStages(worker, await again(database.db, [id]));
    expect(askedOf(worker.calls)).toEqual(["estimated_actuals", "forecasts", "forecasts", "forecasts"]);
    expect(await taskOf(database.db, id)).toMatchObject({ state: "succeeded", rowsRead: 144, readingsPresent: 48 });
    // It has succeeded since: what is asked for from now on is new.
    await runStages(worker, await again(database.db, [id]));
    expect(askedOf(worker.calls).slice(4)).toEqual(["estimated_actuals", "forecasts"]);
  });

  it("takes yesterday's forecasts for no estimate where the archive may be reused", async () => {
    const clock = { now: new Date("2026-05-11T01:07:00Z") };
    const { job, batch } = await setUp([day(10), day(11)], { job: { forceOverride: false } });
    const worker = await workerAt(clock, site(clock));
    await runStages(worker, batch);
    clock.now = new Date("2026-05-12T01:37:00Z");
    const halfHours = ["2026-05-12T00:30:00Z", "2026-05-12T01:00:00Z"];
    const next = await aBatchOf(database.db, job, halfHours);
    await runStages(worker, next);
    expect(askedOf(worker.calls).slice(2)).toEqual(["estimated_actuals", "forecasts"]);
    await runStages(worker, await again(database.db, [next.tasks[0]?.id ?? ""]));
    expect(worker.calls).toHaveLength(4);
  });

  it("waits six hours for a site without estimates, and for nothing where only forecasts are collected", async () => {
    const clock = { now: new Date("2026-05-11T01:07:00Z") };
    const empty = (url: URL) =>
      url.pathname.endsWith("forecasts") ? site(clock)(url) : Response.json({ estimated_actuals: [] });
    const { batch } = await setUp([day(10), day(11)]);
    await runStages(await workerAt(clock, empty), batch);
    const task = await taskOf(database.db, batch.tasks[0]?.id ?? "");
    expect(task).toMatchObject({ state: "waiting", waitReason: "data", retryCount: 0 });
    expect((task.waitUntil?.getTime() ?? 0) - clock.now.getTime()).toBeGreaterThanOrEqual(6 * 3_600_000);

    const ahead = await setUp([day(10), day(11)], { settings: { include: ["forecasts"] } });
    await runStages(await workerAt(clock, empty), ahead.batch);
    expect(await taskOf(database.db, ahead.batch.tasks[0]?.id ?? "")).toMatchObject({
      state: "succeeded",
      rowsRead: 96,
    });
    expect(await readingsOf(ahead.meter.id)).toHaveLength(96);
  });

  it("waits for the reset where the vendor says the quota is spent, and backs off where it is busy", async () => {
    const clock = { now: new Date("2026-05-11T01:07:00Z") };
    const spentBody = { response_status: { error_code: "TooManyRequests", message: "Spent." } };
    const spent = await setUp([day(10), day(11)]);
    const worker = await workerAt(clock, () => Response.json(spentBody, { status: 429 }));
    await runStages(worker, spent.batch);
    const task = await taskOf(database.db, spent.batch.tasks[0]?.id ?? "");
    expect(task).toMatchObject({ state: "waiting", waitReason: "quota", retryCount: 0 });
    expect(task.waitUntil?.toISOString()).toMatch(/^2026-05-12T00:(0[3-9]|1[0-2]):/);
    await runStages(worker, await again(database.db, [task.id]));
    expect(worker.calls).toHaveLength(1);
    const [quota] = await database.db
      .select()
      .from(sourceQuotas)
      .where(eq(sourceQuotas.accountKey, spent.meter.accountKey));
    expect(quota).toMatchObject({ window: "day", limit: 10, used: 10 });

    const busy = await setUp([day(10), day(11)]);
    await runStages(await workerAt(clock, () => new Response("", { status: 429 })), busy.batch);
    expect(await taskOf(database.db, busy.batch.tasks[0]?.id ?? "")).toMatchObject({
      state: "waiting",
      waitReason: "retry",
      retryCount: 1,
    });
  });
});
