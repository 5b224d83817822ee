import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createGunzip } from "node:zlib";
import { sql } from "drizzle-orm";
import { expect, it } from "vitest";
import type { Actor } from "../auth/actor";
import { testDatabase } from "../db/testing";
import { newId } from "../ids";
import { ensurePartitions } from "../pipeline/etl/partitions";
import { aMeter } from "../testing/builders";
import { readMeterDataEndpoint } from "./endpoints";

const database = testDatabase();
const actor: Actor = { kind: "system", name: "test" };
const METERS = 10;
const from = new Date("2025-01-01T00:00:00Z");
const to = new Date("2026-01-01T00:00:00Z");
const ROWS = METERS * 365 * 288;

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** What is still held after garbage is gone, in MB. */
function heldMegabytes(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 1_048_576;
}

it("streams a million rows holding no more than a few pages of them", async () => {
  const ids: string[] = [];
  await ensurePartitions(database.db, [{ from: from.getTime(), to: to.getTime() }]);
  for (let index = 0; index < METERS; index++) {
    const { id } = await aMeter(database.db, { timezone: "UTC" });
    ids.push(id);
    await database.db.execute(sql`
      insert into meter_data (meter_id, timestamp, duration_seconds, e_real_kwh, quality, task_id, object_id, ingested_at)
      select ${id}, t, 300, 0.1, 'actual', ${newId()}, ${newId()}, now()
      from generate_series(${from.toISOString()}::timestamptz, ${to.toISOString()}::timestamptz - interval '5 minutes', interval '5 minutes') t`);
  }
  const query = new URLSearchParams({
    from: from.toISOString(),
    to: to.toISOString(),
    metrics: "eRealKwh",
    format: "csv",
  });
  for (const id of ids) query.append("meterId", id);
  const request = new Request(`http://x/api/v1/meter-data?${query}`, { headers: { "accept-encoding": "gzip" } });
  const before = heldMegabytes();
  const response = await readMeterDataEndpoint.answer(request, {}, { db: database.db, actor });
  expect(response.headers.get("content-encoding")).toBe("gzip");
  let [lines, bytes, most] = [0, 0, 0];
  const decoded = createGunzip();
  const feeding = (async () => {
    for await (const chunk of response.body ?? []) {
      if (!decoded.write(chunk)) await new Promise((resolve) => decoded.once("drain", resolve));
    }
    decoded.end();
  })();
  let measureAt = 0;
  for await (const chunk of decoded) {
    bytes += chunk.length;
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines++;
    if (bytes < measureAt) continue;
    most = Math.max(most, heldMegabytes());
    measureAt += 20_000_000;
  }
  await feeding;
  expect(lines).toBe(ROWS + 1);
  expect(bytes).toBeGreaterThan(150_000_000);
  expect(most - before).toBeLessThan(32);
}, 300_000);
