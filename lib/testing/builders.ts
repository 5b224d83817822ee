import type { Db } from "../db/client";
import { devices } from "../db/schema/devices";
import { backfills, meterJobs } from "../db/schema/jobs";
import { meters } from "../db/schema/meters";
import { mrvRecords } from "../db/schema/mrv";
import { meterTasks, taskBatches } from "../db/schema/tasks";
import { type DeviceRow, sealDeviceKey } from "../devices/internal";
import { newId } from "../ids";
import { evidenceHash } from "../mrv/evidence/evidence-hash";
import type { EvidenceManifest } from "../mrv/evidence/manifest";
import { mrvSettings } from "../mrv/settings";
import type { SecretBox } from "../secrets";

/** Rows for tests, inserted directly: every column can be given, the rest is plausible. No verb runs, nothing is audited. */

export type MeterRow = typeof meters.$inferSelect;
export type JobRow = typeof meterJobs.$inferSelect;
export type TaskRow = typeof meterTasks.$inferSelect;
export type BatchRow = typeof taskBatches.$inferSelect;

/** A WattWatchers API meter in Sydney. Its credential text is not sealed: seal one where a stage opens it. */
export async function aMeter(db: Db, values: Partial<typeof meters.$inferInsert> = {}): Promise<MeterRow> {
  const [row] = await db
    .insert(meters)
    .values({
      name: "Roof, north",
      type: "WattWatchers",
      dataSourceType: "API",
      dataSource: "D123456789012",
      dataCredentials: "not sealed",
      credentialsKeyId: "test",
      accountKey: `WattWatchers:${newId()}`,
      credentialHint: "key_test…00",
      timezone: "Australia/Sydney",
      ...values,
    })
    .returning();
  return only(row);
}

/** A device whose config could sign nothing; its key is sealed where a box is given. */
export async function aDevice(
  db: Db,
  values: Partial<typeof devices.$inferInsert> & { seed?: Buffer; box?: SecretBox } = {},
): Promise<DeviceRow> {
  const { seed = Buffer.alloc(32, 7), box, ...columns } = values;
  const id = columns.id ?? newId();
  const did = `did:hedera:testnet:${id}_0.0.4001`;
  const key = box ? sealDeviceKey(box, id, seed) : { deviceKey: "not sealed", deviceKeyId: "test" };
  const [row] = await db
    .insert(devices)
    .values({
      name: "Inverter A",
      config: {
        guardianUrl: "https://guardian.example/api/v1",
        installerDid: "did:hedera:testnet:owner_0.0.4001",
        did,
        verificationMethod: `${did}#did-root-key`,
        publicKeyBase58: "none",
        type: "record&1.0.0",
        contextUrls: ["ipfs://none"],
        context: { "@context": { "record&1.0.0": { "@id": "#record", "@context": {} } } },
        policyId: "66f0a1",
        policyTag: "Tag_1",
        ref: did,
      },
      notices: [],
      ...key,
      ...columns,
      id,
    })
    .returning();
  return only(row);
}

/** An active ETL job of days in the meter's zone from 2026-01-01 local, without delay. A meter is made unless given. */
export async function aJob(db: Db, values: Partial<typeof meterJobs.$inferInsert> = {}): Promise<JobRow> {
  const meterId = values.meterId ?? (await aMeter(db)).id;
  const startAt = values.startAt ?? new Date("2025-12-31T13:00:00Z");
  const anchorAt = values.anchorAt ?? startAt;
  const [row] = await db
    .insert(meterJobs)
    .values({
      name: "Collect every day",
      type: "etl",
      startAt,
      anchorAt,
      nextIntervalAt: anchorAt,
      interval: "P1D",
      timezone: "Australia/Sydney",
      delaySeconds: 0,
      rereadIntervals: 0,
      ...values,
      meterId,
    })
    .returning();
  return only(row);
}

/** A pending task at collection: the first interval of its job, 24 hours, 288 readings expected. A job is made unless given. */
export async function aTask(
  db: Db,
  values: Partial<typeof meterTasks.$inferInsert> & { job?: JobRow } = {},
): Promise<TaskRow> {
  const { job: given, ...columns } = values;
  const job = given ?? (await aJob(db));
  const intervalStart = columns.intervalStart ?? job.anchorAt;
  const intervalEnd = columns.intervalEnd ?? new Date(intervalStart.getTime() + 86_400_000);
  const [row] = await db
    .insert(meterTasks)
    .values({
      jobId: job.id,
      meterId: job.meterId,
      type: job.type,
      dueAt: new Date(intervalEnd.getTime() + job.delaySeconds * 1000),
      stage: job.type === "etl" ? "collection" : "extraction",
      readingsExpected: 288,
      ...columns,
      intervalStart,
      intervalEnd,
    })
    .returning();
  return only(row);
}

/** An open, sent batch. Give its id to tasks as `batchId`, with state `queued`. */
export async function aBatch(db: Db, values: Partial<typeof taskBatches.$inferInsert> = {}): Promise<BatchRow> {
  const [row] = await db
    .insert(taskBatches)
    .values({
      accountKey: "WattWatchers:test",
      meterType: "WattWatchers",
      taskCount: 1,
      sentAt: new Date(),
      ...values,
    })
    .returning();
  return only(row);
}

/** A running backfill of a job. */
export async function aBackfill(
  db: Db,
  values: Partial<typeof backfills.$inferInsert> & { jobId: string },
): Promise<typeof backfills.$inferSelect> {
  const [row] = await db
    .insert(backfills)
    .values({
      fromAt: new Date("2026-01-01T00:00:00Z"),
      toAt: new Date("2026-02-01T00:00:00Z"),
      mode: "all",
      isForced: false,
      taskCount: 1,
      createdBy: "test",
      ...values,
    })
    .returning();
  return only(row);
}

export type RecordRow = typeof mrvRecords.$inferSelect;

/**
 * A verified record over the first interval of an MRV job: 12.5 kWh of 288 readings, every check passed. Meter, device, job and task
 * are made unless given. A status that needs a decision or signed bytes is given with those columns.
 */
export async function aRecord(
  db: Db,
  values: Partial<typeof mrvRecords.$inferInsert> & { job?: JobRow; device?: DeviceRow; meter?: MeterRow } = {},
): Promise<RecordRow> {
  const { job: givenJob, device: givenDevice, meter: givenMeter, ...columns } = values;
  const device = givenDevice ?? (await aDevice(db));
  const meter = givenMeter ?? (await aMeter(db, { deviceId: device.id }));
  const settings = mrvSettings.parse({ MRV_METRIC: "eRealPositiveKwh" });
  const job = givenJob ?? (await aJob(db, { meterId: meter.id, type: "mrv", name: "Record every day", settings }));
  const task =
    columns.taskId === undefined
      ? await aTask(db, { job, stage: "submission", state: "waiting", waitReason: "review" })
      : { id: columns.taskId, intervalStart: job.anchorAt, intervalEnd: job.anchorAt };
  const id = columns.id ?? newId();
  const periodStart = columns.periodStart ?? task.intervalStart;
  const periodEnd = columns.periodEnd ?? new Date(periodStart.getTime() + 86_400_000);
  const metric = columns.metric ?? "eRealPositiveKwh";
  const value = columns.value === undefined ? "12.5" : columns.value;
  const { did, policyId, policyTag, type } = device.config;
  const evidence: EvidenceManifest = {
    format: "meterproof-evidence/1",
    codeVersion: "test",
    record: {
      id,
      taskId: task.id,
      replacesId: columns.replacesId ?? null,
      correctsId: columns.correctsId ?? null,
      correction: columns.correction ?? 0,
    },
    device: { id: device.id, did, policyId, policyTag, type },
    meter: {
      id: meter.id,
      name: meter.name,
      type: meter.type,
      dataSourceType: meter.dataSourceType,
      dataSource: meter.dataSource,
      timezone: meter.timezone,
      region: meter.region,
      capacityKw: meter.capacityKw,
      settings: meter.settings,
    },
    job: { id: job.id, interval: job.interval, timezone: job.timezone, settings: job.settings },
    period: { start: periodStart.toISOString(), end: periodEnd.toISOString(), timezone: job.timezone },
    figures: { metric, unit: "kWh", value, carbonTons: columns.carbonTons ?? null },
    coverage: { expected: 288, present: 288, ratio: "1.000000", longestGapMinutes: 0, missing: [] },
    qualities: { actual: 288 },
    readings: { count: 288, sha256: "0".repeat(64) },
    factors: [],
    objects: [],
  };
  const [row] = await db
    .insert(mrvRecords)
    .values({
      deviceId: device.id,
      did,
      policyId,
      meterId: meter.id,
      jobId: job.id,
      taskId: task.id,
      metric,
      unit: "kWh",
      timezone: job.timezone,
      value,
      readings: 288,
      expected: 288,
      coverage: 1,
      settings,
      evidence,
      evidenceHash: evidenceHash(columns.evidence ?? evidence),
      valuesHash: "0".repeat(64),
      checks: [
        {
          check: "coverage",
          label: "Coverage",
          result: "passed",
          isBlocking: false,
          figure: "100 %",
          threshold: "at least 100 %",
          sentence: "288 of 288 readings.",
        },
      ],
      checksPassed: 1,
      status: "verified",
      verifiedAt: new Date(),
      ...columns,
      id,
      periodStart,
      periodEnd,
    })
    .returning();
  return only(row);
}

function only<T>(row: T | undefined): T {
  if (row === undefined) throw new Error("The insert returned no row.");
  return row;
}
