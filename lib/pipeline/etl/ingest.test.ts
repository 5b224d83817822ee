import { sql } from "drizzle-orm";
import { describe, expect, it, vi } from "vitest";
import { testDatabase } from "../../db/testing";
import { withTx } from "../../db/tx";
import { metrics } from "../../metrics/registry";
import { aJob } from "../../testing/builders";
import { breakingAt } from "../testing/breaking-at";
import { collect } from "./collect";
import { ingest } from "./ingest";
import { rollUp } from "./roll-up";
import { aBatchOf, anApiMeter, aWorker, runStages, taskOf } from "./testing";
import { transform } from "./transform";

const database = testDatabase();

describe("ingestion", () => {
  it("leaves all or nothing, wherever it is cut", async () => {
    const meter = await anApiMeter(database.db);
    const job = await aJob(database.db, { meterId: meter.id });
    const batch = await aBatchOf(database.db, job, ["2026-03-30T00:00Z", "2026-03-31T00:00Z", "2026-04-01T12:00Z"]);
    const worker = await aWorker(database.db, () => 1.25);
    await collect(worker, batch);
    await transform(worker, batch);
    const counted = async () => {
      const [row] = await database.db.execute(sql`select
        (select count(*)::int from meter_data where meter_id = ${meter.id}) as readings,
        (select count(*)::int from meter_data_hourly where meter_id = ${meter.id}) as hours,
        (select count(*)::int from meter_data_daily where meter_id = ${meter.id}) as days,
        (select sum(readings_present)::int from meter_tasks where meter_id = ${meter.id}) as present,
        (select count(*)::int from meter_tasks where meter_id = ${meter.id} and state = 'succeeded') as succeeded`);
      return row;
    };
    let cuts = 0;
    for (let statement = 1; ; statement++) {
      const breaking = breakingAt(database.db, statement);
      const failure = await ingest({ ...worker, db: breaking.db }, batch).then(
        () => null,
        (error: unknown) => error,
      );
      if (failure === null && !breaking.isReached()) break;
      expect(failure).toMatchObject({ message: "The process died here." });
      expect(await counted()).toEqual({ readings: 0, hours: 0, days: 0, present: 0, succeeded: 0 });
      cuts += 1;
    }
    expect(cuts).toBeGreaterThan(10);
    expect(await counted()).toEqual({ readings: 720, hours: 60, days: 3, present: 720, succeeded: 2 });
  });

  it("gives rollups that equal a recomputation from the rows, in every zone and however they came", async () => {
    const zones = ["Australia/Sydney", "Australia/Adelaide", "Asia/Kathmandu", "America/Havana", "UTC"];
    // Havana's clocks go back at 01:00 on 2026-11-01, so its midnight comes twice; Sydney and Adelaide change in April.
    const from = [
      "2026-04-03T13:30:00Z",
      "2026-04-03T13:30:00Z",
      "2026-04-03T13:30:00Z",
      "2026-10-30T04:00:00Z",
      "2026-04-03T13:30:00Z",
    ];
    const worker = await aWorker(
      database.db,
      (_device, start) => ((start / 300) % 17 === 0 ? null : ((start / 300) % 1000) / 7 - 50),
      () => new Date("2027-01-01T00:00:00Z"),
    );
    for (const [index, timezone] of zones.entries()) {
      const meter = await anApiMeter(database.db, { timezone });
      const start = new Date(from[index] ?? "");
      const at = (hours: number) => new Date(start.getTime() + hours * 3_600_000).toISOString();
      const job = await aJob(database.db, { meterId: meter.id, timezone, anchorAt: start, interval: "PT1H" });
      // Newest first and in pieces that do not meet days or hours.
      await runStages(worker, await aBatchOf(database.db, job, [at(40.25), at(71.75)]));
      await runStages(worker, await aBatchOf(database.db, job, [at(0), at(13), at(40.25)]));
    }
    // Means with gaps and uneven weights: no meter here has them by itself.
    await database.db.execute(
      sql.raw(`update meter_data set pv_estimate_kw = extract(minute from timestamp) + 0.5,
      duration_seconds = case when extract(minute from timestamp) < 20 then 600 else 300 end
      where extract(minute from timestamp)::int % 3 = 0`),
    );
    const meterIds = await database.db.execute<{ id: string }>(
      sql.raw("select distinct meter_id as id from meter_data"),
    );
    const everything = { from: Date.parse("2026-03-01T00:00Z"), to: Date.parse("2026-12-01T00:00Z") };
    await withTx(database.db, (tx) =>
      rollUp(
        tx,
        meterIds.map(({ id }) => ({ meterId: id, ...everything })),
      ),
    );
    const values = metrics.map(({ column, aggregate }) =>
      aggregate === "mean"
        ? `sum(d.${column} * d.duration_seconds) / sum(d.duration_seconds) filter (where d.${column} is not null) as ${column}`
        : `${aggregate}(d.${column}) as ${column}`,
    );
    const columns = ["readings", "estimated", "restated", "covered_seconds", ...metrics.map((metric) => metric.column)];
    const recomputed = (bucket: string, name: string) => `
      select d.meter_id, ${bucket} as ${name}, count(*)::int as readings,
        count(*) filter (where quality <> 'actual')::int as estimated, count(*) filter (where revision > 1)::int as restated,
        sum(duration_seconds)::int as covered_seconds, ${values.join(", ")}
      from meter_data d join meters m on m.id = d.meter_id group by 1, 2`;
    for (const [table, name, bucket] of [
      ["meter_data_hourly", "hour", "date_trunc('hour', d.timestamp)"],
      ["meter_data_daily", "day", "(d.timestamp at time zone m.timezone)::date"],
    ] as const) {
      const kept = `select meter_id, ${name}, ${columns.join(", ")} from ${table}`;
      const fresh = `select meter_id, ${name}, ${columns.join(", ")} from (${recomputed(bucket, name)}) r`;
      const difference = await database.db.execute(
        sql.raw(`((${kept}) except (${fresh})) union all ((${fresh}) except (${kept}))`),
      );
      expect(difference).toEqual([]);
    }
    const [means] = await database.db.execute(
      sql.raw("select count(distinct pv_estimate_kw)::int as means from meter_data_hourly"),
    );
    expect(Number(means?.means)).toBeGreaterThan(5);
    const [longest] = await database.db.execute(
      sql.raw("select max(covered_seconds)::int as seconds from meter_data_daily"),
    );
    expect(Number(longest?.seconds)).toBeGreaterThan(24 * 3600);
  });

  it("holds no task while it waits for a meter: who has the meter may need them", async () => {
    const meter = await anApiMeter(database.db);
    const job = await aJob(database.db, { meterId: meter.id, interval: "PT5M" });
    const batch = await aBatchOf(database.db, job, ["2026-05-01T00:00Z", "2026-05-01T00:05Z", "2026-05-01T00:10Z"]);
    const worker = await aWorker(database.db, () => 2);
    await collect(worker, batch);
    await transform(worker, batch);
    const { ended } = await withTx(database.db, async (holder) => {
      await holder.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`meter-data:${meter.id}`}, 0))`);
      const ended = ingest(worker, batch);
      await vi.waitFor(async () => {
        const waits = await database.db.execute(sql`
          select from pg_stat_activity where datname = current_database() and wait_event = 'advisory'`);
        if (waits.length !== 1) throw new Error("It does not wait yet.");
      }, 30_000);
      const free = await withTx(database.db, (tx) =>
        tx.execute(sql`select id from meter_tasks where batch_id = ${batch.batchId} for update skip locked`),
      );
      expect(free).toHaveLength(2);
      return { ended };
    });
    expect(await ended).toMatchObject({ tasks: 2, succeeded: 2 });
  });

  it("lets one meter fail and the others succeed", async () => {
    const good = await anApiMeter(database.db, { dataSource: "D000000000001" });
    const bad = await anApiMeter(database.db, { dataSource: "D000000000002" });
    const bounds = ["2026-05-01T00:00Z", "2026-05-01T00:05Z", "2026-05-01T00:10Z"];
    const jobs = await Promise.all([good, bad].map(({ id }) => aJob(database.db, { meterId: id, interval: "PT5M" })));
    const [first, second] = jobs;
    if (!first || !second) throw new Error("Two jobs.");
    const batch = await aBatchOf(database.db, first, bounds);
    const others = await aBatchOf(database.db, second, bounds);
    await database.db.execute(
      sql`update meter_tasks set batch_id = ${batch.batchId} where batch_id = ${others.batchId}`,
    );
    const worker = await aWorker(database.db, {
      answer: (url) => (url.pathname.endsWith("2") ? new Response("gone", { status: 500 }) : undefined),
      vendor: () => 2,
    });
    const counts = await runStages(worker, batch);
    expect(counts.collected).toMatchObject({ tasks: 4, succeeded: 2, failed: 2 });
    expect(counts.ingested).toMatchObject({ tasks: 2, succeeded: 2 });
    for (const { id } of others.tasks) {
      const task = await taskOf(database.db, id);
      expect(task).toMatchObject({ state: "waiting", waitReason: "retry", stage: "collection", retryCount: 1 });
      expect(task.executionErrs).toMatchObject([{ stage: "collection", isRetryable: true }]);
    }
  });
});
