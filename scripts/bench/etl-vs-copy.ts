import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { sql } from "drizzle-orm";
import type { Db } from "../../lib/db/client";
import { rawSql, withTx } from "../../lib/db/tx";
import { newId } from "../../lib/ids";
import { rowColumns, rowHeader } from "../../lib/pipeline/etl/reading-rows";
import { createDueTasksOnce } from "../../lib/tasks/create-due-tasks";
import { renderedVendor } from "./rendered-vendor";
import type { Result } from "./results";
import { runBatches } from "./run-batches";
import { addFleet, cpuSeconds, openSetting, type Setting } from "./setting";
import { openQuota } from "./tasks-per-second";

const METERS = Number(process.env.BENCH_METERS ?? 100);
const DAYS = 30;
const FROM = new Date("2026-06-30T14:00:00Z");
const TO = new Date(FROM.getTime() + DAYS * 86_400_000);

/**
 * Backfills 100 meters with 30 days of five-minute readings through the whole pipeline, then loads the very same rows into an
 * identical empty table with nothing but COPY and INSERT … ON CONFLICT, and gives the ratio of the two rates.
 */
export async function etlVsCopy(): Promise<Record<string, Result>> {
  const setting = await openSetting(renderedVendor(FROM, TO));
  try {
    const { db, worker } = setting;
    const jobs = await addFleet(db, { meters: METERS, account: "WattWatchers:bench", from: FROM, interval: "P1D" });
    await db.execute(sql`update meter_jobs set end_at = ${TO.toISOString()}::timestamptz`);
    while ((await createDueTasksOnce(db, worker.now(), { WattWatchers: 300 })).passed > 0);
    await openQuota(db);
    await db.execute(sql`checkpoint`);
    const before = await cpuSeconds(setting);
    const startedAt = performance.now();
    const { batches, spent } = await runBatches(db, worker);
    const etlSeconds = (performance.now() - startedAt) / 1000;
    const etlCpu = await cpuSeconds(setting);
    const [loaded] = await db.execute<{ rows: number }>(sql`select count(*)::int as rows from meter_data`);
    const rows = loaded?.rows ?? 0;
    if (rows !== jobs.length * DAYS * 288) throw new Error(`The backfill brought ${rows} rows.`);
    const csv = await transformedRows(setting);
    await db.execute(sql`checkpoint`);
    const beforeCopy = await cpuSeconds(setting);
    const copySeconds = await bareCopy(db, csv);
    const copyCpu = await cpuSeconds(setting);
    const cpu = `processor seconds: pipeline ${(etlCpu.node - before.node).toFixed(1)} in Node and ${(etlCpu.postgres - before.postgres).toFixed(1)} in PostgreSQL, COPY ${(copyCpu.postgres - beforeCopy.postgres).toFixed(1)} in PostgreSQL`;
    const stages = Object.entries(spent).map(([name, ms]) => `${name} ${(ms / 1000).toFixed(1)}`);
    return {
      "etl-vs-copy": {
        value: copySeconds / etlSeconds,
        unit: "ratio",
        goal: "at least 0.3, aim 0.5",
        note: `${rows} rows: pipeline ${rate(rows, etlSeconds)}, bare COPY ${rate(rows, copySeconds)}; ${batches} batches, seconds in ${stages.join(", ")}; ${cpu}`,
      },
    };
  } finally {
    await setting.close();
  }
}

function rate(rows: number, seconds: number): string {
  return `${Math.round(rows / seconds)} rows/s (${seconds.toFixed(1)} s)`;
}

/** The very bytes that ingestion sent, one chunk per transformed object. */
async function transformedRows({ db, worker }: Setting): Promise<Uint8Array[]> {
  const objects = await db.execute<{ key: string; sha256: string }>(sql`
    select key, sha256 from archive_objects where kind = 'transformed' order by meter_id, covers_from`);
  const chunks: Uint8Array[] = [];
  for (const { key, sha256 } of objects) {
    chunks.push((await worker.archive.get(key, sha256)).subarray(rowHeader.length));
  }
  return chunks;
}

async function bareCopy(db: Db, csv: Uint8Array[]): Promise<number> {
  await db.execute(sql`create table bare_data (like meter_data including all) partition by range (timestamp)`);
  const partitions = await db.execute<{ name: string; bound: string }>(sql`
    select c.relname as name, pg_get_expr(c.relpartbound, c.oid) as bound
    from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'meter_data'::regclass`);
  for (const { name, bound } of partitions) {
    await db.execute(sql.raw(`create table bare_${name} partition of bare_data ${bound}`));
  }
  const startedAt = performance.now();
  await withTx(db, async (tx) => {
    await tx.execute(
      sql.raw(`create temporary table bare_staged on commit drop as
      select ${rowColumns.join(", ")} from meter_data limit 0`),
    );
    const copy = await rawSql(tx)`copy bare_staged from stdin with (format csv)`.writable();
    await pipeline(Readable.from(csv), copy);
    const columns = rowColumns.join(", ");
    await tx.execute(
      sql.raw(`
      insert into bare_data (${columns}, task_id, object_id, revision, ingested_at)
      select ${columns}, '${newId()}'::uuid, '${newId()}'::uuid, 1, now() from bare_staged on conflict do nothing`),
    );
  });
  return (performance.now() - startedAt) / 1000;
}
