import { sql } from "drizzle-orm";
import { createDueTasksOnce } from "../../lib/tasks/create-due-tasks";
import { renderedVendor } from "./rendered-vendor";
import type { Result } from "./results";
import { runBatches } from "./run-batches";
import { addFleet, cpuSeconds, openSetting } from "./setting";

const METERS = Number(process.env.BENCH_METERS ?? 20);
const DAYS = 5;
const FROM = new Date("2026-07-05T14:00:00Z");
const TO = new Date(FROM.getTime() + DAYS * 86_400_000);
const ACCOUNT = "WattWatchers:bench";

/** Works off five-minute tasks of one row each, from `pending` to `succeeded`, and counts tasks per second. */
export async function tasksPerSecond(): Promise<Record<string, Result>> {
  const setting = await openSetting(renderedVendor(FROM, TO));
  try {
    const { db, worker } = setting;
    await addFleet(db, { meters: METERS, account: ACCOUNT, from: FROM, interval: "PT5M" });
    await db.execute(sql`update meter_jobs set end_at = ${TO.toISOString()}::timestamptz`);
    while ((await createDueTasksOnce(db, worker.now(), { WattWatchers: 300 })).passed > 0);
    await openQuota(db);
    const before = await cpuSeconds(setting);
    const startedAt = performance.now();
    const { batches, spent } = await runBatches(db, worker);
    const seconds = (performance.now() - startedAt) / 1000;
    const after = await cpuSeconds(setting);
    const cpu = `processor seconds: ${(after.node - before.node).toFixed(1)} in Node, ${(after.postgres - before.postgres).toFixed(1)} in PostgreSQL`;
    const [done] = await db.execute<{ tasks: number; rows: number }>(sql`
      select (select count(*)::int from meter_tasks where state = 'succeeded') as tasks,
        (select count(*)::int from meter_data) as rows`);
    const tasks = done?.tasks ?? 0;
    if (tasks !== METERS * DAYS * 288 || done?.rows !== tasks)
      throw new Error(`${tasks} tasks brought ${done?.rows} rows.`);
    const stages = Object.entries(spent).map(([name, ms]) => `${name} ${(ms / 1000).toFixed(1)}`);
    return {
      "tasks-per-second": {
        value: tasks / seconds,
        unit: "tasks/s",
        goal: "at least 1000",
        note: `${tasks} tasks in ${seconds.toFixed(1)} s; ${batches} batches, seconds in ${stages.join(", ")}; ${cpu}`,
      },
    };
  } finally {
    await setting.close();
  }
}

/** Limits that hold nobody back: what is measured is the pipeline, not the vendor's pace. */
export async function openQuota(db: Parameters<typeof addFleet>[0]): Promise<void> {
  await db.execute(sql`
    insert into source_quotas (account_key, "window", window_start, "limit", used, reset_at, updated_at)
    values (${ACCOUNT}, 'second', now(), 1000, 0, now(), now()), (${ACCOUNT}, 'day', now(), 345600, 0, now(), now())`);
}
