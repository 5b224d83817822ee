import { eq } from "drizzle-orm";
import { expect, it } from "vitest";
import { openDatabase } from "../db/client";
import { sourceQuotas } from "../db/schema";
import { testDatabase } from "../db/testing";
import { reachSource } from "../meters/reach-source";
import { collect } from "../pipeline/etl/collect";
import { aBatchOf, again, anApiMeter, aWorker } from "../pipeline/etl/testing";
import { aJob } from "../testing/builders";

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

it("never overdraws a key of ten calls a day by forty restarts, retries, connection tests and two jobs", async () => {
  const clock = { now: new Date("2026-05-11T20:07:00Z") };
  const vendor = countingVendor(clock);
  const accountKey = "Solcast:ten calls";
  const bounds = ["2026-05-10T00:00:00Z", "2026-05-11T00:00:00Z"];
  const meters = await Promise.all(
    ["north", "south"].map((dataSource) =>
      anApiMeter(database.db, { type: "Solcast", dataSource, timezone: "UTC", accountKey }),
    ),
  );
  const taskIds: string[] = [];
  for (const { id: meterId } of meters) {
    const job = await aJob(database.db, { meterId, timezone: "UTC", anchorAt: new Date(bounds[0] ?? "") });
    taskIds.push(...(await aBatchOf(database.db, job, bounds)).tasks.map(({ id }) => id));
  }
  let killed = 0;

  // A pool of its own is what a new process has: nothing is remembered but what the database holds.
  const liveOnce = async (restart: number) => {
    const { db, close } = openDatabase(database.url, { max: 3 });
    try {
      const made = await aWorker(db, { vendor: () => null, answer: vendor.answer }, () => clock.now);
      let calls = 0;
      const fetch: typeof globalThis.fetch = (input, init) => {
        // Every third process ends after its call was taken and before it is made.
        if (restart % 3 === 0 && calls++ === 0) {
          killed += 1;
          return Promise.reject(new Error("The process was killed."));
        }
        return made.fetch(input, init);
      };
      const worker = { ...made, fetch };
      const [first] = meters;
      if (!first) throw new Error("There is no meter.");
      const test = () =>
        reachSource(worker, { ...first, credential: "key_0123456789" }).then(
          () => "reached",
          (error: unknown) => error,
        );
      // Two jobs, each task forced back to collection, and a person who presses the button.
      const batches = await Promise.all(taskIds.map((id) => again(db, [id])));
      await Promise.all([...batches.map((batch) => collect(worker, batch)), test()]);
    } finally {
      await close();
    }
  };
  for (let restart = 0; restart < 40; restart += 4) {
    await Promise.all([0, 1, 2, 3].map((at) => liveOnce(restart + at)));
  }
  expect(killed).toBeGreaterThan(0);
  // A call that was taken and not made is lost: the vendor may have counted it.
  expect((vendor.byDay.get("2026-05-11") ?? 0) + killed).toBe(10);
  const quota = () => database.db.select().from(sourceQuotas).where(eq(sourceQuotas.accountKey, accountKey));
  expect(await quota()).toMatchObject([{ window: "day", limit: 10, used: 10 }]);

  clock.now = new Date("2026-05-12T00:07:00Z");
  for (let restart = 1; restart < 16; restart += 3) await liveOnce(restart);
  expect(vendor.byDay.get("2026-05-12")).toBe(10);
  expect(await quota()).toMatchObject([{ used: 10, resetAt: new Date("2026-05-13T00:00:00Z") }]);
}, 120_000);

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
