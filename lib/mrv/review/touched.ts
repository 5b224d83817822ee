import { asc, sql } from "drizzle-orm";
import type { Db } from "../../db/client";
import { auditLog } from "../../db/schema";
import type { Touched } from "../schemas";
import type { RecordRow } from "./internal";
import { peopleBehind } from "./people-behind";
import { type AuditRow, overlaps, type Range, type RecordScope, rangesOf, whatWasDone } from "./what-was-done";

/** Changes count from so long before the period on. Its data cannot have been touched earlier; who set the meter up a season ago may approve. */
const DAYS_BEFORE = 90;

/**
 * Who did what to a record's meter, jobs and device, and to its data of the period, oldest first: from the audit log alone. `isChange` marks what
 * keeps a person from approving it.
 */
export async function touchedBy(db: Db, record: RecordRow): Promise<Touched[]> {
  const rows = await rowsAbout(db, record);
  const scope = scopeOf(record, rows);
  const done = rows.flatMap((row) => {
    const what = whatWasDone(row, scope);
    return what ? [{ row, ...what }] : [];
  });
  const people = await peopleBehind(
    db,
    new Set(done.flatMap(({ row }) => (row.actorKind === "token" ? row.actorId : []))),
  );
  return done.map(({ row, what, isChange }) => ({
    actorKind: row.actorKind,
    actorId: row.actorId,
    actorName: row.actorName,
    personId: row.actorKind === "token" ? (people.get(row.actorId) ?? row.actorId) : row.actorId,
    what,
    at: row.at,
    auditSeq: row.seq,
    isChange,
  }));
}

// Three indexes, one bitmap: a meter's rows, a device's, and the few about factors.
async function rowsAbout(db: Db, record: RecordRow): Promise<AuditRow[]> {
  const since = new Date(record.periodStart.getTime() - DAYS_BEFORE * 86_400_000);
  const meters = [record.meterId, record.settings.MRV_CROSS_CHECK_METER].filter((id) => id !== undefined);
  return db
    .select()
    .from(auditLog)
    .where(
      sql`${auditLog.at} >= ${since.toISOString()}::timestamptz and (
        ${auditLog.meterId} = any(${`{${meters.join(",")}}`}::uuid[])
        or (${auditLog.objectType} = 'device' and ${auditLog.objectId} = ${record.deviceId} and ${auditLog.meterId} is null)
        or ${auditLog.objectType} in ('factor', 'recompute'))`,
    )
    .orderBy(asc(auditLog.seq));
}

function scopeOf(record: RecordRow, rows: readonly AuditRow[]): RecordScope {
  const { periodStart, periodEnd, timezone, settings, evidence } = record;
  const compared = settings.MRV_CROSS_CHECK_METER;
  const uploadIds = new Set<string>();
  const backfillRanges = new Map<string, Range[]>();
  for (const row of rows) {
    if (row.action === "backfill.started") backfillRanges.set(row.objectId, rangesOf(row));
    if (row.action !== "upload.started") continue;
    const ranges = rangesOf(row);
    if (ranges.length > 0 && !ranges.some((range) => overlaps(range, record))) continue;
    const files = Array.isArray(row.details.files) ? row.details.files : [];
    for (const file of [{ id: row.objectId }, ...files]) if (typeof file?.id === "string") uploadIds.add(file.id);
  }
  return {
    recordId: record.id,
    periodStart,
    periodEnd,
    timezone,
    comparedMeterId: compared === undefined || compared === record.meterId ? null : compared,
    region: evidence.meter.region,
    uploadIds,
    backfillRanges,
  };
}
