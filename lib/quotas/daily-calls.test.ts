import { expect, it } from "vitest";
import { testDatabase } from "../db/testing";
import { archiveMeter } from "../meters/archive-meter";
import { createMeter } from "../meters/create-meter";
import { reachSource } from "../meters/reach-source";
import { testMeter, testMeterDraft } from "../meters/test-meter";
import { updateMeter } from "../meters/update-meter";
import { collect } from "../pipeline/etl/collect";
import { aBatchOf, anApiMeter, aWorker } from "../pipeline/etl/testing";
import { aJob } from "../testing/builders";
import { meterQuota } from "./meter-quota";
import { listQuotas } from "./queries";

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

it("lets the lowest of the meters on a key hold for all of them, says so, and follows a meter that comes, changes or goes", async () => {
  const clock = { now: new Date() };
  const vendor = countingVendor(clock);
  const worker = await aWorker(database.db, { vendor: () => null, answer: vendor.answer }, () => clock.now);
  const ctx = { db: database.db, actor: { kind: "system", name: "test" } as const, worker };
  const draft = {
    type: "Solcast",
    dataSourceType: "API" as const,
    timezone: "UTC",
    dataCredentials: "key_shared_by_two",
  };
  const roof = await createMeter(ctx, { ...draft, name: "Roof", dataSource: "roof", settings: { dailyCalls: 50 } });
  const quotaOf = () => meterQuota(ctx, roof.id, clock.now);
  const test = (meterId: string) => testMeter(ctx, { meterId });
  await test(roof.id);
  expect(await quotaOf()).toMatchObject({ limit: 50, used: 1, disagreeing: [] });

  const yard = await createMeter(ctx, { ...draft, name: "Yard", dataSource: "yard", settings: { dailyCalls: 3 } });
  expect(await quotaOf()).toMatchObject({ limit: 3, used: 1, disagreeing: [3, 50] });
  expect((await listQuotas(ctx, { meterId: [roof.id] })).items).toMatchObject([{ limit: 3, remaining: 2 }]);
  await test(roof.id);
  await test(roof.id);
  for (const { id } of [roof, yard]) expect(await test(id)).toMatchObject({ ok: false, code: "QUOTA_SPENT" });
  // A collection for the meter that says more stops there, too.
  const job = await aJob(database.db, { meterId: roof.id, timezone: "UTC", anchorAt: clock.now });
  const yesterday = [86_400_000, 0].map((ago) => new Date(clock.now.getTime() - ago).toISOString());
  await collect(worker, await aBatchOf(database.db, job, yesterday));
  expect(worker.calls).toHaveLength(3);
  expect(await quotaOf()).toMatchObject({ limit: 3, used: 3, tasksWaiting: 1 });

  await updateMeter(ctx, { meterId: yard.id, settings: { dailyCalls: 4 } });
  expect(await quotaOf()).toMatchObject({ limit: 4, disagreeing: [4, 50] });
  expect(await test(roof.id)).toMatchObject({ ok: true });
  expect(await test(yard.id)).toMatchObject({ ok: false });
  // A form that says more is no word of the others.
  const unsaved = { ...draft, dataSource: "attic", settings: { dailyCalls: 1_000 } };
  expect(await testMeterDraft(ctx, unsaved)).toMatchObject({ code: "QUOTA_SPENT" });
  await archiveMeter(ctx, { meterId: yard.id });
  expect(await quotaOf()).toMatchObject({ limit: 50, used: 4, disagreeing: [] });
  expect(await test(roof.id)).toMatchObject({ ok: true });
  expect(worker.calls).toHaveLength(5);
});
