import { eq } from "drizzle-orm";
import type { Actor } from "../../auth/actor";
import type { Role } from "../../auth/roles";
import type { Ctx } from "../../ctx";
import type { Db } from "../../db/client";
import { meterData, mrvRecords } from "../../db/schema";
import { addDevice, rowOf } from "../../devices/testing";
import { newId } from "../../ids";
import { ensurePartitions } from "../../pipeline/etl/partitions";
import { aJob, aMeter, aRecord, aTask } from "../../testing/builders";
import { evidenceHash } from "../evidence/evidence-hash";
import { readingsNow } from "../extraction/readings-now";
import { mrvSettings } from "../settings";
import type { RecordRow } from "./internal";

/** Records that can be approved, signed and sent, for tests: a device that was read from its config, readings, and evidence that fits them. */

const PERIOD = { periodStart: new Date("2026-11-22T13:00:00Z"), periodEnd: new Date("2026-11-23T13:00:00Z") };

/** For policies whose fields are three texts: the day, the energy and the seconds. */
const TEXT_FIELDS = {
  field0: { from: "periodStart", as: "date" },
  field1: { from: "metric" },
  field2: { from: "periodSeconds" },
};

export const aUser = (name: string, ...roles: Role[]): Actor & { kind: "user" } => ({
  kind: "user",
  id: newId(),
  name,
  roles,
});

export const as = (db: Db, actor: Actor): Ctx => ({ db, actor });

interface Wanted {
  /** A simulated device; one for each record, or their periods would overlap. */
  from: Parameters<typeof addDevice>[1];
  guardianUrl?: string;
  /** JSON schema of the policy's subject. */
  subjectSchema?: Record<string, unknown>;
  settings?: Record<string, unknown>;
  values?: Partial<typeof mrvRecords.$inferInsert>;
  maxRetries?: number;
}

/** A verified record of a day of 12.5 kWh, in Sydney's zone, all of it in two readings. Made by the system: nobody has touched it. */
export async function aReviewable(
  db: Db,
  { from, guardianUrl, subjectSchema, settings, values, maxRetries }: Wanted,
): Promise<RecordRow> {
  const { id } = await addDevice(db, from, {
    ...(guardianUrl !== undefined && { guardianUrl }),
    ...(subjectSchema && { schema: subjectSchema }),
  });
  const device = await rowOf(db, id);
  const meter = await aMeter(db, { deviceId: id, region: `region of ${id}` });
  const parsed = mrvSettings.parse({ MRV_METRIC: "eRealPositiveKwh", MRV_FIELD_MAP: TEXT_FIELDS, ...settings });
  const job = await aJob(db, {
    meterId: meter.id,
    type: "mrv",
    settings: parsed,
    ...(maxRetries !== undefined && { maxRetries }),
  });
  const task = await aTask(db, {
    job,
    intervalStart: PERIOD.periodStart,
    stage: "submission",
    state: "waiting",
    waitReason: "review",
  });
  await addReading(db, meter.id, PERIOD.periodStart, "12");
  await addReading(db, meter.id, new Date(PERIOD.periodEnd.getTime() - 300_000), "0.5");
  const record = await aRecord(db, { device, meter, job, taskId: task.id, ...PERIOD, settings: parsed, ...values });
  const { sha256 } = await readingsNow(db, record);
  const evidence = { ...record.evidence, readings: { count: 2, sha256 } };
  return writeEvidence(db, record, evidence);
}

async function writeEvidence(db: Db, record: RecordRow, evidence: RecordRow["evidence"]): Promise<RecordRow> {
  const [row] = await db
    .update(mrvRecords)
    .set({ evidence, evidenceHash: evidenceHash(evidence) })
    .where(eq(mrvRecords.id, record.id))
    .returning();
  if (!row) throw new Error("There is no row.");
  return row;
}

async function addReading(db: Db, meterId: string, timestamp: Date, kwh: string): Promise<void> {
  await ensurePartitions(db, [{ from: timestamp.getTime(), to: timestamp.getTime() + 1 }]);
  await db.insert(meterData).values({
    meterId,
    timestamp,
    durationSeconds: 300,
    eRealPositiveKwh: kwh,
    quality: "actual",
    taskId: newId(),
    objectId: newId(),
    ingestedAt: timestamp,
  });
}

export async function recordNow(db: Db, recordId: string): Promise<RecordRow> {
  const [row] = await db.select().from(mrvRecords).where(eq(mrvRecords.id, recordId));
  if (!row) throw new Error("There is no row.");
  return row;
}
