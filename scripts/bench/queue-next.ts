import { sql } from "drizzle-orm";
import type { Db } from "../../lib/db/client";
import { credentialPreview } from "../../lib/mrv/field-map/credential-preview";
import { reviewCounts, reviewQueue } from "../../lib/mrv/queries/queue";
import { earlierRecords, getRecordRow } from "../../lib/mrv/queries/record";
import { recordChart } from "../../lib/mrv/queries/record-chart";
import { mayApprove } from "../../lib/mrv/review/may-approve";
import { touchedBy } from "../../lib/mrv/review/touched";
import type { Result } from "./results";

const WAITING = 10_000;
const OPENED = 200;

/** Milliseconds of all that the review page asks for a record, one next after another, spread over the queue; without rendering and network. */
export async function openNext(db: Db): Promise<Result> {
  await fillQueue(db);
  const ctx = { db, actor: { kind: "user", id: "bench", name: "Bench", roles: ["reviewer"] } } as const;
  const ids = await db.execute<{ id: string }>(sql`
    select id from (select id, row_number() over (order by created_at, id) as place from mrv_records
      where status in ('verified', 'verification_failed') and evidence ->> 'copy' is null) r order by place`);
  const times: number[] = [];
  for (let index = -10; index < OPENED; index++) {
    const recordId = ids[Math.abs(index * 7) % ids.length]?.id ?? "";
    const startedAt = performance.now();
    await Promise.all([reviewQueue(ctx, { recordId }), reviewCounts(ctx), open(recordId)]);
    if (index >= 0) times.push(performance.now() - startedAt);
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.ceil(times.length * share) - 1] ?? Number.NaN;
  return {
    value: at(0.95),
    unit: "ms p95",
    goal: "at most 150",
    note: `median ${at(0.5).toFixed(0)} ms, longest ${at(1).toFixed(0)} ms; ${WAITING.toLocaleString("en")} waiting`,
  };

  async function open(recordId: string) {
    const { record, meterName } = await getRecordRow(ctx, { recordId });
    await Promise.all([
      recordChart(ctx, record, meterName),
      earlierRecords(ctx, record),
      touchedBy(db, record),
      mayApprove(ctx, record),
      credentialPreview(ctx, { recordId }),
    ]);
  }
}

/** Copies of the records that are there, of periods long after them. */
async function fillQueue(db: Db): Promise<void> {
  const [row] = await db.execute<{ records: number; days: number }>(sql`
    select count(*)::int as records, ceil(extract(epoch from max(period_end) - min(period_start)) / 86400)::int as days from mrv_records`);
  const { records = 0, days = 0 } = row ?? {};
  await db.execute(sql`
    insert into mrv_records (device_id, did, policy_id, meter_id, job_id, task_id, metric, unit, period_start, period_end, timezone, value,
      carbon_tons, readings, expected, coverage, settings, evidence, evidence_hash, values_hash, checks, checks_passed, checks_failed, status, verified_at, created_at)
    select device_id, did, policy_id, meter_id, job_id, task_id, metric, unit, period_start + n * ${days}::int * interval '1 day',
      period_end + n * ${days}::int * interval '1 day', timezone, value, carbon_tons, readings, expected, coverage, settings,
      ('{"copy":true,' || substr(evidence::text, 2))::json, evidence_hash, values_hash, checks, checks_passed, checks_failed, status, verified_at, created_at
    from mrv_records cross join generate_series(1, ${Math.ceil(WAITING / Math.max(1, records)) - 1}::int) n`);
  await db.execute(sql`analyze mrv_records`);
}
