import { eq } from "drizzle-orm";
import { expect, it } from "vitest";
import { meterTasks } from "../db/schema";
import { testDatabase } from "../db/testing";
import { aRecord, aTask } from "../testing/builders";
import { endJob } from "./end-job";
import { getJobAndMeter } from "./internal";

const database = testDatabase();

it("cancels what an MRV job has not recorded yet, and leaves a task whose record waits to the reviewer", async () => {
  const record = await aRecord(database.db);
  const { job } = await getJobAndMeter(database.db, record.jobId);
  const open = await aTask(database.db, { job, intervalStart: new Date(job.anchorAt.getTime() + 86_400_000) });
  await endJob({ db: database.db, actor: { kind: "system", name: "test" } }, { jobId: job.id, cancelTasks: true });
  const stateOf = async (id: string) =>
    (await database.db.select().from(meterTasks).where(eq(meterTasks.id, id))).map(({ state }) => state);
  expect(await stateOf(open.id)).toEqual(["cancelled"]);
  expect(await stateOf(record.taskId)).toEqual(["waiting"]);
});
