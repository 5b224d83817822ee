import { asc, eq, inArray, sql } from "drizzle-orm";
import { audit } from "../../audit/audit";
import type { Actor } from "../../auth/actor";
import type { Db } from "../../db/client";
import { devices, meters, meterTasks, mrvRecords } from "../../db/schema";
import { Conflict, NotFound } from "../../errors";
import { toSummary } from "../queries/to-dto";
import type { RecordSummary } from "../schemas";

export type RecordRow = typeof mrvRecords.$inferSelect;

/** Locked until the transaction ends. Lock a record before its task; the log comes last. Throws NotFound. */
export async function lockRecord(tx: Db, recordId: string): Promise<RecordRow> {
  const [row] = await tx.select().from(mrvRecords).where(eq(mrvRecords.id, recordId)).for("update");
  if (!row) throw new NotFound("There is no such record.");
  return row;
}

/** In order of their ids; two who lock many take turns. Throws NotFound where one is missing. */
export async function readRecords(db: Db, recordIds: readonly string[], lock: boolean): Promise<RecordRow[]> {
  const wanted = [...new Set(recordIds)];
  const query = db.select().from(mrvRecords).where(inArray(mrvRecords.id, wanted)).orderBy(asc(mrvRecords.id));
  const rows = await (lock ? query.for("update") : query);
  if (rows.length < wanted.length) throw new NotFound("Some of these records are not there. Load the queue again.");
  return rows;
}

/** Writes columns of a locked record. */
export async function writeRecord(
  tx: Db,
  recordId: string,
  values: Partial<typeof mrvRecords.$inferInsert>,
): Promise<RecordRow> {
  const [row] = await tx
    .update(mrvRecords)
    .set({ ...values, updatedAt: sql`now()` })
    .where(eq(mrvRecords.id, recordId))
    .returning();
  if (!row) throw new Error("The record was locked and is gone.");
  return row;
}

/** What becomes of the task of a record that was decided about. One that somebody set going again, or that ended, is left alone. */
export async function writeWaitingTask(
  tx: Db,
  taskId: string,
  values: Partial<typeof meterTasks.$inferInsert>,
): Promise<void> {
  await tx
    .update(meterTasks)
    .set({ ...values, updatedAt: sql`now()` })
    .where(sql`${meterTasks.id} = ${taskId} and ${meterTasks.state} = 'waiting'`);
}

export async function summaryOf(db: Db, record: RecordRow): Promise<RecordSummary> {
  const [names] = await db
    .select({ deviceName: devices.name, meterName: meters.name })
    .from(devices)
    .innerJoin(meters, eq(meters.id, record.meterId))
    .where(eq(devices.id, record.deviceId));
  if (!names) throw new Error("A record without its device or meter.");
  return toSummary(record, names);
}

/** Whoever decides, as the record keeps it. */
export function deciderOf(actor: Actor): { decidedById: string; decidedByName: string } {
  return { decidedById: actor.kind === "system" ? actor.name : actor.id, decidedByName: actor.name };
}

/** The row of the log about a record: last in its transaction. */
export function auditRecord(
  tx: Db,
  actor: Actor,
  action: string,
  record: RecordRow,
  details: Record<string, unknown>,
): Promise<void> {
  const { id, meterId, periodStart, periodEnd, metric } = record;
  const about = { from: periodStart.toISOString(), to: periodEnd.toISOString(), metric };
  return audit(tx, actor, action, { objectType: "record", objectId: id, meterId, details: { ...about, ...details } });
}

/** Throws Conflict where the record is not what was on the screen. */
export function assertSeen(record: RecordRow, evidenceHash: string): void {
  if (record.evidenceHash === evidenceHash) return;
  throw new Conflict("This record changed since it was shown: look at it again, then decide.");
}
