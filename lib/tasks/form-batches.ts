import { type SQL, sql } from "drizzle-orm";
import type { Db } from "../db/client";
import { lockInTx, withTx } from "../db/tx";
import { formMrvBatches } from "./form-mrv-batches";
import { backfillPriority, batchSize, openBatches } from "./limits";
import { type FormedBatch, type PickedTask, saveBatch, withinReadings } from "./save-batch";

interface Account {
  account: string;
  open: number;
}

/**
 * Puts pending tasks into batches, each of one source account, as far as there are free places (`limits.ts`): live tasks first, the
 * newest intervals of many meters together; then, job by job, the oldest consecutive intervals of what is catching up
 * or backfilled. Tasks that make records have places of their own. Tasks of paused jobs, paused backfills and archived meters stay pending. The batch and its tasks commit
 * here; `sendBatches` starts the runs afterwards. Formers take turns, so the limits hold; a task that somebody is
 * changing right now is left for the next time.
 */
export async function formBatches(db: Db, now: Date): Promise<FormedBatch[]> {
  return withTx(db, async (tx) => {
    await lockInTx(tx, "tasks.form-batches");
    const open = await countOpenBatches(tx);
    const formed: FormedBatch[] = [];
    const form = async (isBackfill: boolean, accounts: Account[], places: number, perAccount: number) => {
      const queue = accounts.filter(({ open: count }) => count < perAccount);
      for (let left = places; left > 0; ) {
        const next = takeLeastServed(queue);
        if (!next) return;
        const picked = isBackfill ? await pickBackfill(tx, next.account) : await pickLive(tx, next.account);
        if (picked.length === 0) continue;
        formed.push(await saveBatch(tx, { type: "etl", account: next.account, isBackfill }, picked, now));
        left -= 1;
        if (next.open + 1 < perAccount) queue.push({ account: next.account, open: next.open + 1 });
      }
    };

    await form(false, await accountsWithLive(tx), openBatches.all - open.all, openBatches.perAccount.live);
    const places = Math.min(openBatches.all - open.all - formed.length, openBatches.backfill - open.backfill);
    if (places > 0) await form(true, await accountsWithBackfill(tx, now), places, openBatches.perAccount.backfill);
    const backfills = open.backfill + formed.filter((batch) => batch.isBackfill).length;
    const left = Math.min(openBatches.all - open.all - formed.length, openBatches.backfill - backfills);
    formed.push(...(await formUploads(tx, left, now)));
    formed.push(...(await formMrvBatches(tx, now)));
    return formed;
  });
}

/** The accounts come in the order of what waits longest; the one with the fewest batches in flight goes first. */
function takeLeastServed(queue: Account[]): Account | undefined {
  let best = 0;
  for (let index = 1; index < queue.length; index++) {
    if ((queue[index]?.open ?? 0) < (queue[best]?.open ?? 0)) best = index;
  }
  return queue.splice(best, 1)[0];
}

async function countOpenBatches(tx: Db): Promise<{ all: number; backfill: number }> {
  const [row] = await tx.execute<{ all: number; backfill: number }>(sql`
    select count(*)::int as all, count(*) filter (where is_backfill)::int as backfill
    from task_batches where finished_at is null and type = 'etl'`);
  return row ?? { all: 0, backfill: 0 };
}

/**
 * What may be sent: ETL tasks of running jobs (an ended one finishes its tasks), meters in use, backfills not paused. Uploads are no
 * matter of a source's account: see `formUploads`.
 */
const isSendable = sql`t.state = 'pending' and t.type = 'etl' and j.status <> 'paused' and m.archived_at is null
  and j.trigger = 'schedule'
  and (t.backfill_id is null or not exists (select from backfills b where b.id = t.backfill_id and b.status = 'paused'))`;

const openOfAccount = (isBackfill: boolean) => sql`(select count(*)::int from task_batches b
  where b.account_key = w.account and b.finished_at is null and b.is_backfill = ${isBackfill}) as open`;

async function accountsWithLive(tx: Db): Promise<Account[]> {
  return tx.execute<Account & Record<string, unknown>>(sql`
    with w as (
      select m.account_key as account, min(t.due_at) as oldest
      from meter_tasks t join meter_jobs j on j.id = t.job_id join meters m on m.id = t.meter_id
      where ${isSendable} and t.priority < ${backfillPriority} group by m.account_key
    )
    select w.account, ${openOfAccount(false)} from w order by w.oldest, w.account`);
}

/** Probes one task per job instead of reading them: there can be millions. Accounts without quota wait for its reset. */
async function accountsWithBackfill(tx: Db, now: Date): Promise<Account[]> {
  return tx.execute<Account & Record<string, unknown>>(sql`
    with w as (
      select m.account_key as account, min(first.due_at) as oldest
      from meter_jobs j join meters m on m.id = j.meter_id cross join lateral (
        select t.due_at from meter_tasks t
        where t.job_id = j.id and t.priority = ${backfillPriority} and ${isSendable}
        order by t.interval_start limit 1
      ) first
      where not exists (select from source_quotas q where q.account_key = m.account_key and q.window = 'day'
        and q.used >= q.limit and q.reset_at > ${now.toISOString()}::timestamptz)
      group by m.account_key
    )
    select w.account, ${openOfAccount(true)} from w order by w.oldest, w.account`);
}

async function pickLive(tx: Db, account: string): Promise<PickedTask[]> {
  const rows = await pick(
    tx,
    sql`m.account_key = ${account} and t.priority < ${backfillPriority}`,
    sql`t.priority, t.due_at desc, t.id`,
    batchSize.liveTasks,
  );
  return withinReadings(rows);
}

/**
 * Consecutive intervals of one job, so that one vendor call covers many; filled up from other jobs where a job has few.
 * Jobs without a batch in flight come first and the rest by lot: with a fixed order the last of many would never be served.
 */
async function pickBackfill(tx: Db, account: string): Promise<PickedTask[]> {
  const jobs = await tx.execute<{ id: string }>(sql`
    select j.id from meter_jobs j join meters m on m.id = j.meter_id
    where m.account_key = ${account} and exists (
      select from meter_tasks t where t.job_id = j.id and t.priority = ${backfillPriority} and ${isSendable})
    order by exists (select from task_batches b join meter_tasks s on s.batch_id = b.id
      where b.account_key = ${account} and b.finished_at is null and s.job_id = j.id), random()
    limit 300`);
  const picked: PickedTask[] = [];
  for (const job of jobs) {
    const rows = await pick(
      tx,
      sql`t.job_id = ${job.id} and t.priority = ${backfillPriority}`,
      sql`t.interval_start`,
      batchSize.backfillTasks - picked.length,
    );
    picked.push(...rows);
    if (picked.length >= batchSize.backfillTasks || withinReadings(picked).length < picked.length) break;
  }
  return withinReadings(picked);
}

function pick(tx: Db, which: SQL, order: SQL, limit: number): Promise<PickedTask[]> {
  return tx.execute<PickedTask>(sql`
    select t.id, m.type as meter_type, t.readings_expected
    from meter_tasks t join meter_jobs j on j.id = t.job_id join meters m on m.id = t.meter_id
    where ${which} and ${isSendable}
    order by ${order} limit ${limit} for update of t skip locked`);
}

/**
 * Tasks of uploaded files: consecutive intervals of one meter, a batch at a time for each, so that an object is read few times. They
 * ask no source, so they never wait for one, and are never in a batch with tasks that do; they share the places of backfills.
 */
async function formUploads(tx: Db, places: number, now: Date): Promise<FormedBatch[]> {
  if (places <= 0) return [];
  const jobs = await tx.execute<{ id: string; account: string }>(sql`
    select j.id, 'upload:' || j.meter_id as account from meter_jobs j join meters m on m.id = j.meter_id
    where j.trigger = 'upload' and m.archived_at is null
      and exists (select from meter_tasks t where t.job_id = j.id and t.state = 'pending')
      and not exists (select from task_batches b where b.account_key = 'upload:' || j.meter_id and b.finished_at is null)
    order by j.updated_at limit ${places}`);
  const formed: FormedBatch[] = [];
  for (const { id, account } of jobs) {
    const rows = await tx.execute<PickedTask>(sql`
      select t.id, m.type as meter_type, t.readings_expected
      from meter_tasks t join meters m on m.id = t.meter_id
      where t.job_id = ${id} and t.state = 'pending'
      order by t.interval_start limit ${batchSize.backfillTasks} for update of t skip locked`);
    const picked = withinReadings(rows);
    if (picked.length > 0) formed.push(await saveBatch(tx, { type: "etl", account, isBackfill: true }, picked, now));
  }
  return formed;
}
