import { and, asc, eq, isNull, sql } from "drizzle-orm";
import type { Actor } from "../auth/actor";
import type { Db } from "../db/client";
import { devices, meterTasks, mrvRecords, users } from "../db/schema";
import { approveRecord } from "../mrv/review/approve-record";
import { rejectRecord } from "../mrv/review/reject-record";
import { demoUsers } from "./demo-users";
import { isPlanted, plantOnce } from "./once";

/** What the demo's reviewer decides about a device's verified records, the oldest first; the rest waits for whoever tries the demo. */
export interface DemoReview {
  deviceName: string;
  approve: number;
  /** Of those that follow. */
  reject?: number;
}

const seedOf = ({ deviceName }: DemoReview) => `demo-review ${deviceName}`;

export function isReviewed(db: Db, review: DemoReview): Promise<boolean> {
  return isPlanted(db, seedOf(review));
}

/** Decides once, when every day of the device is extracted and verified. False: some are under way, or it was done before. */
export async function reviewDemo(db: Db, review: DemoReview): Promise<boolean> {
  if (await hasDaysUnderWay(db, review.deviceName)) return false;
  const actor = await reviewer(db);
  return plantOnce(db, seedOf(review), async (tx) => {
    const ctx = { db: tx, actor };
    const [approve, reject] = [review.approve, review.reject ?? 0];
    const records = await tx
      .select({ id: mrvRecords.id, evidenceHash: mrvRecords.evidenceHash })
      .from(mrvRecords)
      .innerJoin(devices, eq(devices.id, mrvRecords.deviceId))
      .where(and(eq(devices.name, review.deviceName), eq(mrvRecords.status, "verified"), isNull(mrvRecords.replacedAt)))
      .orderBy(asc(mrvRecords.periodStart))
      .limit(approve + reject);
    for (const [index, { id: recordId, evidenceHash }] of records.entries()) {
      if (index < approve) await approveRecord(ctx, { recordId, evidenceHash });
      else {
        const reason =
          "The site was under maintenance that afternoon: the day is recorded again with the repaired meter.";
        await rejectRecord(ctx, { recordId, evidenceHash, reason });
      }
    }
  });
}

/** Also before there is any. */
async function hasDaysUnderWay(db: Db, deviceName: string): Promise<boolean> {
  const [row] = await db
    .select({
      all: sql<number>`count(*)::int`,
      open: sql<number>`(count(*) filter (where ${meterTasks.state} in ('pending', 'queued', 'running')
        or ${meterTasks.waitReason} <> 'review'))::int`,
    })
    .from(meterTasks)
    .where(
      sql`${meterTasks.type} = 'mrv' and ${meterTasks.meterId} in (
        select m.id from meters m join devices d on d.id = m.device_id where d.name = ${deviceName})`,
    );
  return !row || row.all === 0 || row.open > 0;
}

async function reviewer(db: Db): Promise<Actor> {
  const email = demoUsers.find(({ roles }) => (roles as readonly string[]).includes("reviewer"))?.email ?? "";
  const [row] = await db.select().from(users).where(eq(users.email, email));
  if (!row) throw new Error(`The demo has no user ${email}.`);
  return { kind: "user", id: row.id, name: row.name, roles: row.roles };
}
