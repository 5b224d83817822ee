import { eq } from "drizzle-orm";
import { expect, it } from "vitest";
import { meterTasks } from "../db/schema";
import { testDatabase } from "../db/testing";
import { meterOverview } from "../fleet/meter-overview";
import { getJobAndMeter } from "../jobs/internal";
import { aRecord, aTask } from "../testing/builders";
import { archiveMeter } from "./archive-meter";

const database = testDatabase();
const ctx = () => ({ db: database.db, actor: { kind: "system", name: "test" } as const });
const decided = { decidedAt: new Date(), decidedById: "a" };

it("cancels what has no record yet, leaves what waits with one to its people, and cancels as many as it names beforehand", async () => {
  const record = await aRecord(database.db);
  const { job } = await getJobAndMeter(database.db, record.jobId);
  const at = (day: number) => ({ job, intervalStart: new Date(job.anchorAt.getTime() + day * 86_400_000) });
  const open = await aTask(database.db, at(1));
  const waiting = { state: "waiting", stage: "submission", waitReason: "retry", waitUntil: new Date() } as const;
  const refused = await aTask(database.db, { ...at(2), ...waiting });
  const { periodStart, deviceId, meterId } = record;
  const later = (day: number) => new Date(periodStart.getTime() + day * 86_400_000);
  const approved = { deviceId, meterId, job, taskId: refused.id, status: "approved" as const, periodStart: later(2) };
  await aRecord(database.db, { ...approved, ...decided });
  const collecting = await aTask(database.db, {
    ...at(3),
    state: "waiting",
    waitReason: "data",
    waitUntil: new Date(),
  });

  expect((await meterOverview(ctx(), record.meterId)).waitingTasks).toBe(2);
  expect(await archiveMeter(ctx(), { meterId: record.meterId })).toMatchObject({ cancelledTasks: 2 });
  const stateOf = async (id: string) =>
    (await database.db.select().from(meterTasks).where(eq(meterTasks.id, id))).map(({ state }) => state)[0];
  expect([await stateOf(open.id), await stateOf(collecting.id)]).toEqual(["cancelled", "cancelled"]);
  expect([await stateOf(record.taskId), await stateOf(refused.id)]).toEqual(["waiting", "waiting"]);
});
