import { beforeEach, expect, it } from "vitest";
import type { Actor } from "../auth/actor";
import { testDatabase } from "../db/testing";
import { aBatchOf, again, anApiMeter, aWorker, runStages } from "../pipeline/etl/testing";
import { aJob } from "../testing/builders";
import { readMeterDataEndpoint } from "./endpoints";

const database = testDatabase();
const actor: Actor = { kind: "system", name: "test" };
const bounds = ["2026-03-31T12:00:00Z", "2026-04-01T12:00:00Z"];
const changedAt = Date.parse("2026-03-31T18:00:00Z") / 1000;
let meterId = "";
let correction = 0;
/** Collects the day again. */
let collect: () => Promise<unknown>;

beforeEach(async () => {
  correction = 0;
  const meter = await anApiMeter(database.db, { timezone: "UTC" });
  meterId = meter.id;
  const worker = await aWorker(database.db, (_device, start) => 1 + (start === changedAt ? correction : 0));
  const job = await aJob(database.db, { meterId, anchorAt: new Date(bounds[0] ?? 0), timezone: "UTC" });
  const batch = await aBatchOf(database.db, job, bounds);
  await runStages(worker, batch);
  const ids = batch.tasks.map(({ id }) => id);
  collect = async () => runStages(worker, await again(database.db, ids));
});

const march = "from=2026-03-01T00:00:00Z&to=2026-04-01T00:00:00Z";
const april = "from=2026-04-01T00:00:00Z&to=2026-05-01T00:00:00Z";

async function get(query: string, tag?: string) {
  const request = new Request(`http://x/api/v1/meter-data?meterId=${meterId}&metrics=eRealKwh&${query}`, {
    headers: tag ? { "if-none-match": tag } : {},
  });
  const response = await readMeterDataEndpoint.answer(request, {}, { db: database.db, actor });
  return { status: response.status, tag: response.headers.get("etag") ?? "", body: await response.text(), response };
}

it("answers 304 without a body while nothing of the range has changed, and anew when something has", async () => {
  const first = await get(march);
  expect(first.status).toBe(200);
  expect(first.tag).toMatch(/^W\/"[\w-]{32}"$/);
  expect(first.response.headers.get("cache-control")).toBe("private, no-cache");
  const ofApril = await get(april);

  // The same bytes once more change nothing.
  await collect();
  expect(await get(march, first.tag)).toMatchObject({ status: 304, body: "", tag: first.tag });
  expect(await get(march, `"other", ${first.tag}`)).toMatchObject({ status: 304 });

  correction = 0.5;
  await collect();
  const second = await get(march, first.tag);
  expect(second.status).toBe(200);
  expect(second.tag).not.toBe(first.tag);
  expect(JSON.parse(second.body).items.filter((row: { revision: number }) => row.revision === 2)).toHaveLength(1);
  expect(await get(april, ofApril.tag)).toMatchObject({ status: 304 });
});

it("names another question otherwise", async () => {
  const tags = [];
  for (const query of [
    march,
    april,
    `${march}&granularity=P1D`,
    `${march}&format=csv`,
    `${march}&timezone=Asia/Tokyo`,
  ]) {
    tags.push((await get(query)).tag);
  }
  expect(new Set(tags).size).toBe(5);
});
