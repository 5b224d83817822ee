import { sql } from "drizzle-orm";
import { enrol } from "../../e2e/simulators/guardian/testing";
import type { Db } from "../../lib/db/client";
import { mrvRecords } from "../../lib/db/schema";
import { attachMeters } from "../../lib/devices/attach-meters";
import { createDevice } from "../../lib/devices/create-device";
import { createJob } from "../../lib/jobs/create-job";
import { ensurePartitions } from "../../lib/pipeline/etl/partitions";
import { extract } from "../../lib/pipeline/mrv/extract";
import { verify } from "../../lib/pipeline/mrv/verify";
import { beginBatch } from "../../lib/tasks/begin-batch";
import { createDueTasks } from "../../lib/tasks/create-due-tasks";
import { formBatches } from "../../lib/tasks/form-batches";
import { settleBatch } from "../../lib/tasks/settle-batch";
import { openNext } from "./queue-next";
import type { Result } from "./results";
import { addFleet, cpuSeconds, openSetting, type Setting } from "./setting";

const METERS = 5;
const DAYS = 200;
const FROM = new Date("2025-01-31T13:00:00Z");
const TO = new Date(FROM.getTime() + DAYS * 86_400_000);

/**
 * Records of days of 288 readings, extracted with their evidence and verified by every check, as the product's function does it without
 * Inngest between; then, with ten thousand of them waiting, one after another opened in the review queue.
 */
export async function mrvRecordsAndQueue(): Promise<Record<string, Result>> {
  const setting = await openSetting(() => Promise.reject(new Error("Nothing is fetched here.")));
  try {
    await prepareMrv(setting);
    const before = await cpuSeconds(setting);
    const startedAt = performance.now();
    const spent = await workOff(setting);
    const seconds = (performance.now() - startedAt) / 1000;
    const after = await cpuSeconds(setting);
    const made = await setting.db.$count(mrvRecords, sql`status in ('verified', 'verification_failed')`);
    if (made !== METERS * DAYS) throw new Error(`${made} of ${METERS * DAYS} records were made.`);
    const cpu = `processor seconds: Node ${(after.node - before.node).toFixed(1)}, PostgreSQL ${(after.postgres - before.postgres).toFixed(1)}`;
    const parts = Object.entries(spent).map(([name, milliseconds]) => `${name} ${(milliseconds / 1000).toFixed(1)} s`);
    return {
      "mrv-records": {
        value: made / seconds,
        unit: "records/s",
        goal: "at least 100",
        note: `${made} records of 288 readings in ${seconds.toFixed(1)} s: ${parts.join(", ")}; ${cpu}`,
      },
      "queue-next-p95": await openNext(setting.db),
    };
  } finally {
    await setting.close();
  }
}

/** Meters with a device each, their readings with objects behind them, finished ETL tasks, and an MRV job over all their days. */
async function prepareMrv({ db, worker }: Setting): Promise<void> {
  const ctx = { db, worker, actor: { kind: "system", name: "bench" } } as const;
  const fleet = await addFleet(db, { meters: METERS, account: "WattWatchers:bench", from: FROM, interval: "P1D" });
  await ensurePartitions(db, [{ from: FROM.getTime(), to: TO.getTime() }]);
  for (const [index, { meterId, jobId }] of fleet.entries()) {
    await fillDays(db, meterId, jobId);
    const { device } = await enrol({}, `bench ${index}`);
    const { id } = await createDevice(ctx, {
      name: `Bench ${index}`,
      mrvConfig: device.config,
      guardianUrl: "http://127.0.0.1/api/v1",
    });
    await attachMeters(ctx, { deviceId: id, meterIds: [meterId] });
    await createJob(ctx, {
      meterId,
      type: "mrv",
      startAt: FROM,
      endAt: TO,
      interval: "P1D",
      settings: {
        MRV_METRIC: "eRealPositiveKwh",
        MRV_FIELD_MAP: {
          field0: { from: "periodStart" },
          field1: { from: "metric", decimals: 3 },
          field2: { from: "periodSeconds" },
        },
      },
    });
  }
  await db.execute(sql`analyze`);
}

/** What collection, transformation and ingestion of every day would have left. */
async function fillDays(db: Db, meterId: string, jobId: string): Promise<void> {
  await db.execute(sql`
    with days as (
      select d, uuid_v7() as task_id, uuid_v7() as raw_id, uuid_v7() as rows_id
      from generate_series(${FROM.toISOString()}::timestamptz, ${TO.toISOString()}::timestamptz - interval '1 day', interval '1 day') d
    ), objects as (
      insert into archive_objects (id, meter_id, kind, key, covers_from, covers_to, sha256, size_bytes, content_type, origin, input_ids, fetched_at, confirmed_at)
      select raw_id, ${meterId}::uuid, 'raw', 'raw/' || raw_id, d, d + interval '1 day', encode(sha256(raw_id::text::bytea), 'hex'), 50000,
        'application/json', '{"kind":"api","url":"http://vendor.bench"}'::jsonb, null, now(), now() from days
      union all
      select rows_id, ${meterId}::uuid, 'transformed', 'transformed/' || rows_id, d, d + interval '1 day', encode(sha256(rows_id::text::bytea), 'hex'), 30000,
        'text/csv', '{"kind":"transformation","connector":"WattWatchers"}'::jsonb, array[raw_id], now(), now() from days
    ), tasks as (
      insert into meter_tasks (id, job_id, meter_id, type, interval_start, interval_end, due_at, stage, state, readings_expected, readings_present,
        raw_object_ids, transformed_object_id, finished_at)
      select task_id, ${jobId}::uuid, ${meterId}::uuid, 'etl', d, d + interval '1 day', d + interval '1 day', 'ingestion', 'succeeded', 288, 288,
        array[raw_id], rows_id, now() from days
    )
    insert into meter_data (meter_id, timestamp, duration_seconds, e_real_kwh, e_real_positive_kwh, e_real_negative_kwh, carbon_tons,
      carbon_factor_id, carbon_factor_value, quality, task_id, object_id, ingested_at)
    select ${meterId}::uuid, t, 300, kwh, kwh, 0, kwh * f.value / 1000, f.id, f.value, 'actual', task_id, rows_id, now()
    from days cross join lateral (
      select t, (extract(epoch from t)::bigint / 300 * 7919 % 2000)::numeric / 10000 as kwh
      from generate_series(d, d + interval '1 day' - interval '5 minutes', interval '5 minutes') t
    ) g cross join (select id, value from emission_factors where region = 'NSW' and edition = '2025') f`);
  await db.execute(
    sql`update meter_jobs set next_interval_at = ${TO.toISOString()}::timestamptz, status = 'ended' where id = ${jobId}`,
  );
}

async function workOff({ db, worker }: Setting): Promise<Record<string, number>> {
  const spent: Record<string, number> = {};
  const timed = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const startedAt = performance.now();
    const result = await work();
    spent[name] = (spent[name] ?? 0) + performance.now() - startedAt;
    return result;
  };
  await timed("dispatch", () => createDueTasks(db, worker.now(), { WattWatchers: 300 }));
  for (;;) {
    const batches = await timed("form", () => formBatches(db, worker.now()));
    if (batches.length === 0) return spent;
    await Promise.all(
      batches.map(async ({ batchId }) => {
        const batch = { batchId, runId: batchId };
        await beginBatch(db, batch, worker.now());
        await timed("extract", () => extract(worker, batch));
        await timed("verify", () => verify(worker, batch));
        await settleBatch(db, batchId, worker.now());
      }),
    );
  }
}
