import { sql } from "drizzle-orm";
import { expect, it } from "vitest";
import { testDatabase } from "../../db/testing";
import { taskOf } from "../etl/testing";
import { aLongDay, aSite, makeRecords, recordOf, recordTasks } from "./testing";

const database = testDatabase();

it("makes a record", async () => {
  const site = await aSite(database.db, { bounds: aLongDay });
  const batch = await recordTasks(database.db, site);
  console.log(await makeRecords(site.worker, batch));
  const task = await taskOf(database.db, batch.tasks[0]?.id ?? "");
  console.log(task.state, task.stage, task.waitReason, JSON.stringify(task.executionErrs), task.timings);
  const record = await recordOf(database.db, task.id);
  console.dir(record, { depth: 8 });
  const [row] = await database.db.execute(
    sql`select sum(e_real_positive_kwh)::text as s, count(*) as n from meter_data where meter_id = ${site.meter.id}`,
  );
  console.log(row);
  expect(1).toBe(1);
});
