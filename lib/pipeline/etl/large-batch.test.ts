import { sql } from "drizzle-orm";
import { expect, it } from "vitest";
import { testDatabase } from "../../db/testing";
import { aJob } from "../../testing/builders";
import { aBatchOf, again, anApiMeter, aWorker, runStages } from "./testing";

const database = testDatabase();

// The planner knows nothing of rows staged a moment ago: a join it chose for a few rows once took minutes for these.
it("restates every row of the largest batch", async () => {
  const meter = await anApiMeter(database.db);
  const anchorAt = new Date("2026-03-01T00:00Z");
  const job = await aJob(database.db, { meterId: meter.id, interval: "PT1H", rereadIntervals: 1, anchorAt });
  const bounds = Array.from({ length: 1500 }, (_, hour) => new Date(Date.UTC(2026, 2, 1, hour)).toISOString());
  const batch = await aBatchOf(database.db, job, bounds);
  const now = () => new Date();
  await runStages(await aWorker(database.db, (_device, start) => start % 7, now), batch);
  const repeated = await again(
    database.db,
    batch.tasks.map(({ id }) => id),
  );
  const { ingested } = await runStages(await aWorker(database.db, (_device, start) => (start % 7) + 1, now), repeated);
  expect(ingested).toMatchObject({ tasks: 1499, succeeded: 1499, rows: 17_988 });
  const [row] = await database.db.execute(sql`
    select count(*)::int as readings, min(revision) as lowest, max(revision) as highest,
      (select count(*)::int from meter_data_revisions where meter_id = ${meter.id}::uuid) as kept
    from meter_data where meter_id = ${meter.id}::uuid`);
  expect(row).toEqual({ readings: 17_988, lowest: 2, highest: 2, kept: 17_988 });
});
