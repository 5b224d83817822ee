import { sql } from "drizzle-orm";
import type { Db } from "../db/client";
import { withTx } from "../db/tx";
import { SILENT_BATCH_SECONDS } from "./limits";

/** A task whose worker was lost this often in a row is what kills it: it fails instead of killing the next one. */
const LOST_IN_A_ROW = 5;

export interface Reconciled {
  /** Batches without a heartbeat, closed. */
  batches: number;
  /** Tasks that are pending again, or failed after too many losses. */
  tasks: number;
}

/**
 * Takes back what a lost worker held. A batch that was sent and whose run has been silent for SILENT_BATCH_SECONDS is
 * closed, and its unfinished tasks become pending again, to be sent in a new batch. A run that still lives after all finds its batch closed and its
 * tasks elsewhere: its writes match no row. Tasks that were being worked on keep a note of it, without spending a retry.
 * Batches that were never sent are not touched: `sendBatches` sends them. Nor are tasks at submission: the outbox knows what became of theirs.
 */
export async function reconcileTasks(db: Db, now: Date): Promise<Reconciled> {
  const at = sql`${now.toISOString()}::timestamptz`;
  return withTx(db, async (tx) => {
    const closed = await tx.execute(sql`
      with silent as (
        select id from task_batches
        where finished_at is null and sent_at is not null
          and heartbeat_at < ${at} - make_interval(secs => ${SILENT_BATCH_SECONDS})
        for update skip locked
      )
      update task_batches b set finished_at = ${at} from silent where silent.id = b.id`);
    const lost = sql`jsonb_build_object('stage', t.stage, 'attempt', 1 + coalesce((
        select max((e ->> 'attempt')::int) from jsonb_array_elements(t.execution_errs) e where e ->> 'stage' = t.stage), 0),
      'startedAt', coalesce(t.started_at, t.queued_at, t.updated_at), 'at', ${at}, 'code', 'WORKER_LOST',
      'message', 'The worker stopped while it worked on this task. It is taken up again.', 'isRetryable', true)`;
    const freed = await tx.execute(sql`
      with held as (
        select t.id, t.state = 'running' as was_running, (
          select count(*) = ${LOST_IN_A_ROW - 1} from (
            select e ->> 'code' as code from jsonb_array_elements(t.execution_errs) with ordinality as x(e, n)
            order by n desc limit ${LOST_IN_A_ROW - 1}
          ) newest where code = 'WORKER_LOST'
        ) as is_killer
        from meter_tasks t left join task_batches b on b.id = t.batch_id
        where t.state in ('queued', 'running') and t.stage <> 'submission' and (b.id is null or b.finished_at is not null)
        order by t.id for update of t skip locked
      )
      update meter_tasks t set
        state = case when h.was_running and h.is_killer then 'failed' else 'pending' end,
        finished_at = case when h.was_running and h.is_killer then ${at} end,
        execution_errs = case when h.was_running
          then (case when jsonb_array_length(t.execution_errs) >= 50 then t.execution_errs - 0 else t.execution_errs end)
            || jsonb_build_array(${lost})
          else t.execution_errs end,
        batch_id = null, updated_at = ${at}
      from held h where h.id = t.id`);
    return { batches: closed.count, tasks: freed.count };
  });
}
