import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eq } from "drizzle-orm";
import type { Actor } from "../../auth/actor";
import type { WorkerCtx } from "../../ctx";
import type { Db } from "../../db/client";
import { archiveObjects, type meters, meterTasks, mrvRecords } from "../../db/schema";
import { addDevice, rowOf, secrets } from "../../devices/testing";
import type { JsonObject } from "../../guardian/json-object";
import { newId } from "../../ids";
import { ingest } from "../../pipeline/etl/ingest";
import { aBatchOf, anApiMeter, aWorker, runStages, type Vendor } from "../../pipeline/etl/testing";
import { transform } from "../../pipeline/etl/transform";
import { extract } from "../../pipeline/mrv/extract";
import { submitRecord } from "../../pipeline/mrv/submit";
import { recordTasks } from "../../pipeline/mrv/testing";
import { verify } from "../../pipeline/mrv/verify";
import type { Worker } from "../../pipeline/worker";
import { aJob, type MeterRow, type RecordRow } from "../../testing/builders";
import { approveRecord } from "../review/approve-record";
import { mrvSettings } from "../settings";
import { evidenceBundle } from "./bundle";

/** Records out of the real stages, signed and sent by the real outbox, and their bundles on a disk. Only vendor and Guardian are functions. */

export interface Wanted {
  /** Whose device signs; one for each record. */
  from: Parameters<typeof addDevice>[1];
  /** The record's period. */
  bounds: readonly [string, string];
  meter?: Partial<typeof meters.$inferInsert>;
  /** What the vendor's API gives; or the files that lie in a bucket. */
  vendor?: Vendor;
  files?: { name: string; content: string | Uint8Array }[];
  settings?: Record<string, unknown>;
  /** JSON schema of the policy's subject. */
  schema?: JsonObject;
  /** Between the collection and the record. */
  between?: (meter: MeterRow) => Promise<unknown>;
}

export interface Recorded {
  worker: Worker;
  /** Opens the meter's credential, which is sealed by another box than the device's key. */
  collecting: Worker;
  meter: MeterRow;
  record: RecordRow;
  /** Tasks of its collection. */
  tasks: string[];
}

/** For policies whose fields are three texts: the day, the energy and the seconds. */
const TEXT_FIELDS = {
  field0: { from: "periodStart", as: "date" },
  field1: { from: "metric" },
  field2: { from: "periodSeconds" },
};

const reviewer: Actor = { kind: "user", id: newId(), name: "Ada", roles: ["reviewer"] };
export const viewer: Actor = { kind: "user", id: newId(), name: "Vera", roles: ["viewer"] };

/** A verified record of one period. */
export async function aVerifiedRecord(db: Db, wanted: Wanted): Promise<Recorded> {
  const { from, bounds, meter: values, settings, schema } = wanted;
  const device = await rowOf(db, (await addDevice(db, from, schema && { schema })).id);
  const guardian = (url: URL) => (url.pathname.includes("/external") ? Response.json(true) : undefined);
  const vendor = { vendor: wanted.vendor ?? (() => null), answer: guardian };
  const collecting = await aWorker(db, vendor);
  const worker = { ...collecting, secrets };
  const meter = await anApiMeter(db, { deviceId: device.id, ...values });
  const anchorAt = new Date(bounds[0]);
  const etl = await aJob(db, {
    meterId: meter.id,
    timezone: meter.timezone,
    anchorAt,
    startAt: anchorAt,
    status: "ended",
  });
  const batch = await aBatchOf(db, etl, bounds);
  if (wanted.files) {
    await putFiles(worker, meter, batch.tasks[0]?.id ?? "", wanted.files);
    await transform(worker, batch);
    await ingest(worker, batch);
  } else {
    await runStages(collecting, batch);
  }
  await wanted.between?.(meter);
  const mrv = await aJob(db, {
    meterId: meter.id,
    timezone: meter.timezone,
    anchorAt,
    startAt: anchorAt,
    type: "mrv",
    settings: mrvSettings.parse({ MRV_METRIC: "eRealPositiveKwh", MRV_FIELD_MAP: TEXT_FIELDS, ...settings }),
  });
  const asked = await recordTasks(db, { mrv, bounds });
  await extract(worker, asked);
  await verify(worker, asked);
  const [record] = await db.select().from(mrvRecords).where(eq(mrvRecords.meterId, meter.id));
  if (!record) {
    const [task] = await db
      .select()
      .from(meterTasks)
      .where(eq(meterTasks.id, asked.tasks[0]?.id ?? ""));
    throw new Error(`No record was made: ${JSON.stringify(task?.executionErrs)}`);
  }
  return { worker, collecting, meter, record, tasks: batch.tasks.map(({ id }) => id) };
}

/** Raw objects as a bucket gives them, on a task that stands before its transformation. */
async function putFiles(worker: Worker, meter: MeterRow, taskId: string, files: NonNullable<Wanted["files"]>) {
  const ids: string[] = [];
  for (const [index, { name, content }] of files.entries()) {
    const bytes = Buffer.from(content);
    const { key, sha256, sizeBytes } = await worker.archive.put(`raw/${meter.id}/${index}/${name}`, bytes, "text/csv");
    const lastModified = new Date(Date.parse("2026-05-01T00:00:00Z") + index * 1_000).toISOString();
    const origin = { kind: "s3" as const, bucket: "exports", key: name, etag: String(index), lastModified, sizeBytes };
    const at = new Date(lastModified);
    const row = { meterId: meter.id, kind: "raw" as const, key, sha256, sizeBytes, contentType: "text/csv", origin };
    const [object] = await worker.db
      .insert(archiveObjects)
      .values({ ...row, fetchedAt: at, confirmedAt: at })
      .returning({ id: archiveObjects.id });
    if (object) ids.push(object.id);
  }
  await worker.db
    .update(meterTasks)
    .set({ stage: "transformation", rawObjectIds: ids })
    .where(eq(meterTasks.id, taskId));
}

/** The same, approved, signed and taken by Guardian. */
export async function aSubmittedRecord(db: Db, wanted: Wanted): Promise<Recorded> {
  const recorded = await aVerifiedRecord(db, wanted);
  const { record, worker } = recorded;
  const reason = record.checksFailed > 0 ? { reason: "Known." } : {};
  const { id: recordId, evidenceHash } = record;
  await approveRecord({ db, actor: reviewer }, { recordId, evidenceHash, ...reason }, worker.now());
  const { outcome } = await submitRecord(worker, recordId);
  if (outcome !== "submitted") throw new Error(`The record was not submitted: ${outcome}.`);
  return { ...recorded, record: await recordNow(db, recordId) };
}

export async function recordNow(db: Db, recordId: string): Promise<RecordRow> {
  const [row] = await db.select().from(mrvRecords).where(eq(mrvRecords.id, recordId));
  if (!row) throw new Error("There is no row.");
  return row;
}

/** The bytes of a record's bundle. */
export async function bundleOf(
  { worker, record }: Pick<Recorded, "worker" | "record">,
  actor = viewer,
): Promise<Buffer> {
  const ctx: WorkerCtx = { db: worker.db, actor, worker };
  const { stream, sizeBytes } = await evidenceBundle(ctx, { recordId: record.id });
  const bytes = Buffer.from(await new Response(stream).arrayBuffer());
  if (bytes.length !== sizeBytes) throw new Error("The bundle is not of the size that was told.");
  return bytes;
}

let folder: Promise<string> | undefined;

/** A file on the disk, in the run's folder. */
export async function onDisk(name: string, bytes: Uint8Array): Promise<string> {
  folder ??= mkdtemp(join(process.env.TEST_FOLDER ?? tmpdir(), "bundles-"));
  const path = join(await folder, name);
  await writeFile(path, bytes);
  return path;
}
