import { sql } from "drizzle-orm";
import type { Db } from "../../db/client";
import type { RecordStatus } from "../statuses";
import { replaceableStatuses } from "../statuses";
import type { MrvTask } from "./mrv-tasks";

/** Which record a new one takes the place of, and which submitted one it corrects. */
export interface Place {
  replacesId: string | null;
  correctsId: string | null;
  correction: number;
}

/** A record of a task that no other replaced. */
export interface StandingRecord {
  id: string;
  status: RecordStatus;
  correctsId: string | null;
  correction: number;
  isCorrectionOrdered: boolean;
}

/** What is to be done for a task: a new record in this place, or nothing, because its record was decided on. */
export type Standing = { place: Place; live: StandingRecord | null } | { settled: StandingRecord };

/**
 * The records of these tasks that no other replaced, newest correction first; locked until the transaction ends, so that nobody
 * decides on one that is being replaced.
 */
export async function standingRecords(tx: Db, tasks: readonly MrvTask[]): Promise<Map<string, StandingRecord[]>> {
  const rows = await tx.execute<{
    id: string;
    task_id: string;
    status: RecordStatus;
    corrects_id: string | null;
    correction: number;
    is_ordered: boolean;
  }>(sql`
    select id, task_id, status, corrects_id, correction, correction_ordered_at is not null as is_ordered from mrv_records
    where task_id = any(${`{${tasks.map(({ id }) => id).join(",")}}`}::uuid[]) and replaced_at is null
    order by id for update`);
  const records = new Map<string, StandingRecord[]>();
  // Ids are in the order of time, so of two the later one is the newer.
  for (const row of [...rows].reverse()) {
    const { id, status, correction } = row;
    const record = { id, status, correctsId: row.corrects_id, correction, isCorrectionOrdered: row.is_ordered };
    const all = records.get(row.task_id);
    if (all) all.push(record);
    else records.set(row.task_id, [record]);
  }
  for (const all of records.values()) all.sort((a, b) => b.correction - a.correction);
  return records;
}

/** Where a task's next record goes. `records` are those of `standingRecords`. */
export function placeOf(records: readonly StandingRecord[]): Standing {
  const live = records.find(({ status }) => status !== "rejected") ?? null;
  const rejected = (correction: number) =>
    records.find((record) => record.status === "rejected" && record.correction === correction)?.id ?? null;
  if (!live) return { live, place: { replacesId: rejected(0), correctsId: null, correction: 0 } };
  if (live.status === "submitted" && live.isCorrectionOrdered) {
    const correction = live.correction + 1;
    return { live: null, place: { replacesId: rejected(correction), correctsId: live.id, correction } };
  }
  if ((replaceableStatuses as readonly RecordStatus[]).includes(live.status)) {
    return { live, place: { replacesId: live.id, correctsId: live.correctsId, correction: live.correction } };
  }
  return { settled: live };
}
