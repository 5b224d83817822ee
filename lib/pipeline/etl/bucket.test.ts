import { gzipSync } from "node:zlib";
import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type S3Simulator, simulatorAccount, startS3Simulator } from "../../../e2e/simulators/s3/simulator";
import { connectorOf } from "../../connectors/registry";
import { SourceError } from "../../connectors/source-error";
import { meters } from "../../db/schema";
import { testDatabase } from "../../db/testing";
import { checkCredential } from "../../meters/check-source";
import { zipOf } from "../../sources/zip-for-tests";
import { aJob, aMeter, type MeterRow } from "../../testing/builders";
import { aBatchOf, again, aWorker, runStages, taskOf } from "./testing";

const database = testDatabase();
let simulator: S3Simulator;
beforeAll(async () => {
  simulator = await startS3Simulator({ port: 0, buckets: ["exports"] });
});
afterAll(() => simulator.close());

/** Half-hours of two civil days in AEST, each with this many kWh; times of writing tell versions apart. */
function nem12(day: string, kwh: number, updatedAt: string): string {
  const values = Array(48).fill(kwh).join(",");
  return `100,NEM12,${updatedAt.slice(0, 12)},MDP,RET\n200,6123456789,E1B1,E1,E1,N1,SER1,kWh,30,\n300,${day},${values},A,,,${updatedAt},\n200,6123456789,E1B1,B1,B1,N1,SER1,kWh,30,\n300,${day},${Array(48).fill(0.25).join(",")},A,,,${updatedAt},\n900\n`;
}

/** Unix seconds of the half-hours of a day. */
const halfHours = (start: Date) => Array.from({ length: 48 }, (_, at) => start.getTime() / 1000 + at * 1800);

async function aBucketMeter(
  worker: Awaited<ReturnType<typeof aWorker>>,
  prefix: string,
  pattern: string,
  { type, settings }: { type: string; settings?: Record<string, unknown> } = { type: "NEM12" },
): Promise<MeterRow> {
  const meter = await aMeter(database.db, {
    type,
    dataSourceType: "S3",
    dataSource: "exports",
    timezone: "Australia/Brisbane",
    settings: { ...settings, s3: { prefix, pattern } },
  });
  const text = JSON.stringify({
    ...simulatorAccount,
    region: simulator.region,
    endpoint: simulator.url,
    forcePathStyle: true,
  });
  const credential = checkCredential(connectorOf(type), "S3", text, worker);
  const { sealed, keyId } = worker.secrets.seal(credential.text, `meters.data_credentials:${meter.id}`);
  await database.db
    .update(meters)
    .set({ dataCredentials: sealed, credentialsKeyId: keyId })
    .where(eq(meters.id, meter.id));
  return { ...meter, dataCredentials: sealed };
}

const sumOf = async (meterId: string) => {
  const [row] = await database.db.execute(sql`
    select count(*)::int as readings, sum(e_real_kwh)::text as net, sum(e_real_positive_kwh)::text as taken, max(revision) as revision
    from meter_data where meter_id = ${meterId}::uuid`);
  return row;
};
const days = ["2026-02-28T14:00Z", "2026-03-01T14:00Z", "2026-03-02T14:00Z"];

describe("a bucket as source", () => {
  it("copies what fits the day unchanged, packed or not, and brings it to the table", async () => {
    await simulator.seedObject("exports", "daily/nem12_20260301.csv", nem12("20260301", 0.5, "20260302010000"));
    await simulator.seedObject(
      "exports",
      "daily/nem12_20260302.csv.gz",
      gzipSync(nem12("20260302", 1.5, "20260303010000")),
    );
    await simulator.seedObject("exports", "daily/nem12_20260401.csv", "no business of these days");
    const worker = await aWorker(database.db, () => null);
    const meter = await aBucketMeter(worker, "daily/", "nem12_{yyyy}{MM}{dd}.csv*");
    const job = await aJob(database.db, {
      meterId: meter.id,
      timezone: meter.timezone,
      anchorAt: new Date(days[0] ?? ""),
    });
    const batch = await aBatchOf(database.db, job, days);
    await runStages(worker, batch);
    expect(await sumOf(meter.id)).toEqual({ readings: 96, net: "72.00", taken: "96.0", revision: 1 });
    const task = await taskOf(database.db, batch.tasks[0]?.id ?? "");
    expect(task).toMatchObject({ state: "succeeded", rowsRead: 48, readingsPresent: 48, readingsExpected: 48 });
  });

  it.each([
    [
      "CSV",
      {
        stampColumn: "time",
        values: [
          { column: "in", metric: "eRealPositiveKwh", unit: "Wh" },
          { column: "out", metric: "eRealNegativeKwh", unit: "kWh" },
        ],
      },
      (start: Date, seconds: number) =>
        `time,in,out\n${halfHours(start)
          .map((at) => `${new Date(at * 1000 + 36_000_000).toISOString().slice(0, 16)},${seconds},0.25\n`)
          .join("")}`,
    ],
    [
      "GreenButton",
      {},
      (start: Date, seconds: number) =>
        `<feed><entry><link rel="self" href="t"/><content><ReadingType><uom>72</uom></ReadingType></content></entry><entry><content><IntervalBlock>${halfHours(
          start,
        )
          .map(
            (at) =>
              `<IntervalReading><timePeriod><duration>${seconds}</duration><start>${at}</start></timePeriod><value>1800</value></IntervalReading>`,
          )
          .join("")}</IntervalBlock></content></entry></feed>`,
    ],
  ])("brings %s files to the table, larger than what is held in memory and packed", async (type, settings, content) => {
    const folder = type.toLowerCase();
    const first = content(new Date(days[0] ?? ""), 1_800);
    // Blank lines at the end are read and say nothing.
    await simulator.seedObject("exports", `${folder}/20260301.dat`, `${first}${" \n".repeat(1_000_000)}`);
    const second = zipOf({ "day.dat": content(new Date(days[1] ?? ""), 1_800) });
    await simulator.seedObject("exports", `${folder}/20260302.dat`, second);
    const worker = await aWorker(database.db, () => null);
    const meter = await aBucketMeter(worker, `${folder}/`, "{yyyy}{MM}{dd}.dat", { type, settings });
    const anchorAt = new Date(days[0] ?? "");
    const job = await aJob(database.db, { meterId: meter.id, timezone: meter.timezone, anchorAt });
    const batch = await aBatchOf(database.db, job, days);
    await runStages(worker, batch);
    const task = await taskOf(database.db, batch.tasks[0]?.id ?? "");
    expect(task).toMatchObject({ state: "succeeded", rowsRead: 48, readingsPresent: 48, readingsExpected: 48 });
    expect(await sumOf(meter.id)).toMatchObject({ readings: 96, revision: 1 });
    expect(Number((await sumOf(meter.id))?.taken)).toBeCloseTo(172.8, 9);
  });

  it("does not download the same ETag again, and restates what another ETag changes", async () => {
    const put = (kwh: number, stamp: string) =>
      simulator.seedObject("exports", "site/month.ZIP", zipOf({ "deep/month.csv": nem12("20260301", kwh, stamp) }));
    await put(1, "20260302010000");
    const worker = await aWorker(database.db, () => null);
    const meter = await aBucketMeter(worker, "site/", "*");
    const job = await aJob(database.db, {
      meterId: meter.id,
      timezone: meter.timezone,
      anchorAt: new Date(days[0] ?? ""),
    });
    const batch = await aBatchOf(database.db, job, days.slice(0, 2));
    const ids = batch.tasks.map(({ id }) => id);
    await runStages(worker, batch);
    await runStages(worker, await again(database.db, ids));
    const copies = () =>
      database.db.execute(
        sql`select count(*)::int as n from archive_objects where meter_id = ${meter.id}::uuid and kind = 'raw'`,
      );
    expect((await copies())[0]).toEqual({ n: 1 });
    expect(await sumOf(meter.id)).toMatchObject({ readings: 48, revision: 1 });

    await put(2, "20260305010000");
    await runStages(worker, await again(database.db, ids));
    expect((await copies())[0]).toEqual({ n: 2 });
    expect(await sumOf(meter.id)).toMatchObject({ readings: 48, taken: "96", revision: 2 });
  });

  it("fails only the days that need an object which cannot be had", async () => {
    const four = [
      "2026-05-09T14:00Z",
      "2026-05-10T14:00Z",
      "2026-05-11T14:00Z",
      "2026-05-12T14:00Z",
      "2026-05-13T14:00Z",
    ];
    for (const day of ["20260510", "20260511", "20260512", "20260513"]) {
      await simulator.seedObject("exports", `apart/${day}.csv`, nem12(day, 1, `${day}230000`));
    }
    const worker = await aWorker(database.db, () => null);
    const meter = await aBucketMeter(worker, "apart/", "{yyyy}{MM}{dd}.csv");
    const values = { meterId: meter.id, timezone: meter.timezone, anchorAt: new Date(four[0] ?? "") };
    const batch = await aBatchOf(database.db, await aJob(database.db, values), four);
    const putStream = worker.archive.putStream.bind(worker.archive);
    const asked: string[] = [];
    async function* denied() {
      yield Buffer.from("100,NEM12");
      throw new SourceError("ACCESS_DENIED", "No.", { isRetryable: false });
    }
    vi.spyOn(worker.archive, "putStream").mockImplementation((key, bytes, contentType) => {
      asked.push(key);
      return putStream(key, key.includes("20260510") ? denied() : bytes, contentType);
    });
    await runStages(worker, batch);
    const tasks = await Promise.all(batch.tasks.map(({ id }) => taskOf(database.db, id)));
    // A day's object is read for the days around it too: files are named by other clocks.
    expect(tasks.map(({ state }) => state)).toEqual(["failed", "failed", "succeeded", "succeeded"]);
    expect(tasks[0]?.executionErrs[0]?.code).toBe("ACCESS_DENIED");
    expect(asked.filter((key) => key.includes("20260510"))).toHaveLength(1);
  });

  it("waits for a day's file although another day's has a row that cannot be read", async () => {
    const bad = nem12("20260610", 1, "20260611010000").replace(/,1,1,1,/, ",x,1,1,");
    await simulator.seedObject("exports", "late/20260610.csv", bad);
    const worker = await aWorker(
      database.db,
      () => null,
      () => new Date("2026-06-13T00:00Z"),
    );
    const meter = await aBucketMeter(worker, "late/", "*.csv");
    const two = ["2026-06-09T14:00Z", "2026-06-10T14:00Z", "2026-06-11T14:00Z"];
    const values = {
      meterId: meter.id,
      timezone: meter.timezone,
      anchorAt: new Date(two[0] ?? ""),
      rereadIntervals: 1,
    };
    const batch = await aBatchOf(database.db, await aJob(database.db, values), two);
    await runStages(worker, batch);
    const [first, second] = await Promise.all(batch.tasks.map(({ id }) => taskOf(database.db, id)));
    expect(first).toMatchObject({ state: "succeeded", rowsRejected: 1, rejects: [{ row: "line 3" }] });
    expect(second).toMatchObject({ state: "waiting", waitReason: "data" });

    const alone = await again(database.db, [second?.id ?? ""]);
    await runStages(worker, alone);
    const [, later] = await Promise.all(batch.tasks.map(({ id }) => taskOf(database.db, id)));
    expect(later).toMatchObject({ state: "waiting", waitReason: "data" });
    expect(later?.executionErrs.at(-1)?.message).toContain('line 3: Value 1 is "x", no number.');
  });

  it("waits for a file that may still come, and says why another cannot be read", async () => {
    const worker = await aWorker(database.db, () => null);
    const empty = await aBucketMeter(worker, "nothing/", "*");
    const job = await aJob(database.db, {
      meterId: empty.id,
      timezone: empty.timezone,
      anchorAt: new Date(days[0] ?? ""),
    });
    const batch = await aBatchOf(database.db, job, days.slice(0, 2));
    await runStages(worker, batch);
    const waiting = await taskOf(database.db, batch.tasks[0]?.id ?? "");
    expect(waiting).toMatchObject({ state: "waiting", waitReason: "data", retryCount: 0 });
    expect(waiting.executionErrs[0]?.code).toBe("NO_OBJECT_YET");

    await simulator.seedObject("exports", "broken/a.csv", "<html>Sign in</html>");
    const broken = await aBucketMeter(worker, "broken/", "*");
    const brokenJob = await aJob(database.db, {
      meterId: broken.id,
      timezone: broken.timezone,
      anchorAt: new Date(days[0] ?? ""),
    });
    const second = await aBatchOf(database.db, brokenJob, days.slice(0, 2));
    await runStages(worker, second);
    const failed = await taskOf(database.db, second.tasks[0]?.id ?? "");
    expect(failed.executionErrs[0]?.stage).toBe("transformation");
    expect(await sumOf(broken.id)).toMatchObject({ readings: 0 });
  });
});
