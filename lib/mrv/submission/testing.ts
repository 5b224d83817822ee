import { Writable } from "node:stream";
import { asc, eq, sql } from "drizzle-orm";
import pino from "pino";
import type { Db } from "../../db/client";
import { meterTasks, mrvSubmissions } from "../../db/schema";
import { secrets } from "../../devices/testing";
import { createAddressGuard } from "../../net/address-guard";
import type { Worker } from "../../pipeline/worker";
import { approveRecord } from "../review/approve-record";
import type { RecordRow } from "../review/internal";
import { aReviewable, as, aUser, recordNow } from "../review/testing";

/** What tests of the outbox work with: a worker whose clock can be put forward and whose log can be read. */

export interface OutboxWorker extends Worker {
  /** Milliseconds that its clock is ahead. */
  aheadMs: number;
  logged: string[];
}

export function anOutboxWorker(db: Db, values: Partial<Worker> = {}): OutboxWorker {
  const guard = createAddressGuard({ allowed: ["127.0.0.1"] });
  const logged: string[] = [];
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      logged.push(String(chunk));
      done();
    },
  });
  const worker = {
    ...{ db, secrets, fetch: guard.fetch, addresses: guard, baseUrls: {}, consoleUrl: "http://console.test" },
    aheadMs: 0,
    logged,
    now: () => new Date(Date.now() + worker.aheadMs),
    log: pino({ level: "trace" }, stream),
    ...values,
  } as OutboxWorker;
  return worker;
}

/** A record that Ada approved, due at once. */
export async function anApproved(db: Db, wanted: Parameters<typeof aReviewable>[1]): Promise<RecordRow> {
  const { id, evidenceHash } = await aReviewable(db, wanted);
  await approveRecord(as(db, aUser("Ada", "reviewer")), { recordId: id, evidenceHash });
  return recordNow(db, id);
}

export function submissionsOf(db: Db, recordId: string) {
  return db
    .select()
    .from(mrvSubmissions)
    .where(eq(mrvSubmissions.recordId, recordId))
    .orderBy(asc(mrvSubmissions.attempt));
}

export async function taskOf(db: Db, { taskId }: Pick<RecordRow, "taskId">) {
  const [task] = await db.select().from(meterTasks).where(eq(meterTasks.id, taskId));
  if (!task) throw new Error("There is no row.");
  return task;
}

/** Everything that the database holds, as text. */
export async function allRows(db: Db): Promise<string> {
  const tables = await db.execute<{ name: string }>(sql`
    select quote_ident(relname) as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace`);
  const texts: string[] = [];
  for (const { name } of tables) {
    const rows = await db.execute<{ row: string }>(sql.raw(`select to_jsonb(t)::text as row from ${name} t`));
    texts.push(...rows.map(({ row }) => row));
  }
  return texts.join("\n");
}
