import type { Engine } from "../engine";

const batchSize = 1_000;

/**
 * Deletes what nobody will ask for any more: runs and events past their retention, and keys past their time. In small
 * batches, so that pruning a large past never holds up the present. Returns whether there may be more.
 */
export async function prune(engine: Engine): Promise<boolean> {
  const { sql, settings } = engine;
  const kept = sql`now() - ${settings.retentionMs}::float8 * interval '1 millisecond'`;
  const runs = await sql`
    delete from run where id in (select id from run where ended_at < ${kept} order by ended_at limit ${batchSize})`;
  const events = await sql`
    delete from event where id in (
      select id from event where received_at < ${kept} and routed_at is not null
        and not exists (select 1 from run where run.event_id = event.id)
      order by received_at limit ${batchSize}
    )`;
  await sql`delete from event_key where expires_at < now()`;
  await sql`delete from idempotency_key where expires_at < now()`;
  await sql`delete from throttle where full_at < now()`;
  return runs.count === batchSize || events.count === batchSize;
}
