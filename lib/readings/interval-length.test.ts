import { eq } from "drizzle-orm";
import { beforeAll, expect, it } from "vitest";
import type { Actor } from "../auth/actor";
import { meterData, meters } from "../db/schema";
import { testDatabase } from "../db/testing";
import { withTx } from "../db/tx";
import { newId } from "../ids";
import { ensurePartitions } from "../pipeline/etl/partitions";
import { rollUp } from "../pipeline/etl/roll-up";
import { aMeter } from "../testing/builders";
import { coverageOf } from "./coverage";
import { listRows } from "./read-rows";

const database = testDatabase();
const actor: Actor = { kind: "system", name: "test" };
const from = new Date("2026-11-09T14:00:00Z");
const to = new Date("2026-11-11T14:00:00Z");
let meterId = "";

// A day of half hours, of which 03:00 to 04:00 UTC is missing, then a day of five minutes: the meter was replaced.
beforeAll(async () => {
  const meter = await aMeter(database.db, { type: "NEM12", dataSourceType: "S3", timezone: "Australia/Brisbane" });
  meterId = meter.id;
  const starts = [
    ...Array.from({ length: 48 }, (_, index) => ({ at: from.getTime() + index * 1_800_000, durationSeconds: 1800 })),
    ...Array.from({ length: 288 }, (_, index) => ({
      at: from.getTime() + 86_400_000 + index * 300_000,
      durationSeconds: 300,
    })),
  ].filter(({ at }) => at < Date.parse("2026-11-10T03:00Z") || at >= Date.parse("2026-11-10T04:00Z"));
  await ensurePartitions(database.db, [{ from: from.getTime(), to: to.getTime() }]);
  await database.db.insert(meterData).values(
    starts.map(({ at, durationSeconds }) => ({
      meterId,
      timestamp: new Date(at),
      durationSeconds,
      eRealKwh: "1",
      quality: "actual" as const,
      taskId: newId(),
      objectId: newId(),
      ingestedAt: to,
    })),
  );
  await withTx(database.db, async (tx) => {
    await rollUp(tx, [{ meterId, from: from.getTime(), to: to.getTime() }]);
  });
});

const newestReading = (at: string) =>
  database.db
    .update(meters)
    .set({ newestReadingAt: new Date(at) })
    .where(eq(meters.id, meterId));
const rows = (granularity: string, range: object) =>
  listRows(
    { db: database.db, actor },
    { meterId: [meterId], metrics: ["eRealKwh"], granularity, from, to, ...range } as never,
    new Date("2026-12-01T00:00:00Z"),
  );

it("expects of a bucket readings as long as those it has", async () => {
  const firstHours = { to: new Date("2026-11-09T16:00:00Z") };
  expect(await rows("PT1H", firstHours)).toMatchObject([
    { readings: 2, expected: 2, coverage: 1 },
    { readings: 2, expected: 2, coverage: 1 },
  ]);
  expect(await rows("P1D", { timezone: "Australia/Brisbane" })).toMatchObject([
    { readings: 46, expected: 48, coverage: 0.958333 },
    { readings: 288, expected: 288, coverage: 1 },
  ]);
});

it("counts what is missing in intervals of the newest reading", async () => {
  await newestReading("2026-11-10T13:30:00Z");
  const coverage = () => coverageOf({ db: database.db, actor }, { meterId: [meterId], from, to });
  expect(await coverage()).toMatchObject([
    { resolutionSeconds: 1800, present: 334, expected: 336, missing: [{ readings: 2 }] },
  ]);
  await newestReading("2026-11-11T13:55:00Z");
  expect(await coverage()).toMatchObject([
    { resolutionSeconds: 300, present: 334, expected: 346, missing: [{ readings: 12 }] },
  ]);
});
