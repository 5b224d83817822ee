import { expect, it } from "vitest";
import { testDatabase } from "../db/testing";
import { reachSource } from "../meters/reach-source";
import { anApiMeter, aWorker } from "../pipeline/etl/testing";

const database = testDatabase();

/** Counts what reaches it, by UTC day. */
function countingVendor(clock: { now: Date }) {
  const byDay = new Map<string, number>();
  const answer = (url: URL): Response => {
    const today = clock.now.toISOString().slice(0, 10);
    byDay.set(today, (byDay.get(today) ?? 0) + 1);
    return Response.json({ [url.pathname.split("/").at(-1) ?? ""]: [] });
  };
  return { byDay, answer };
}

it("follows the limit that the settings say, without forgetting what was used", async () => {
  const clock = { now: new Date("2026-05-11T20:07:00Z") };
  const vendor = countingVendor(clock);
  const worker = await aWorker(database.db, { vendor: () => null, answer: vendor.answer }, () => clock.now);
  const meter = await anApiMeter(database.db, { type: "Solcast", accountKey: "Solcast:raised" });
  const test = (dailyCalls: number) =>
    reachSource(worker, { ...meter, settings: { dailyCalls }, credential: "key_0123456789" });
  await test(2);
  await test(2);
  await expect(test(2)).rejects.toMatchObject({ code: "QUOTA_SPENT", waitReason: "quota" });
  await test(3);
  await expect(test(3)).rejects.toMatchObject({ code: "QUOTA_SPENT" });
  await expect(test(1)).rejects.toMatchObject({ code: "QUOTA_SPENT" });
  expect(vendor.byDay.get("2026-05-11")).toBe(3);
});
