import { type SQL, sql } from "drizzle-orm";
import type { Db } from "../db/client";
import { arrayLiteral } from "../pipeline/etl/array-literal";
import type { Touched } from "../pipeline/etl/merge-rows";
import { stretches } from "../pipeline/etl/present-readings";
import { checksOfRefusedRows } from "./checks/registry";

/** Remembers what is to be checked, in the transaction that changed it: one row a meter and stretch. */
export async function noteChanges(tx: Db, touched: readonly Touched[]): Promise<void> {
  await note(tx, stretches(touched));
}

/** From rows of (meter_id, from_at, to_at). */
// By whole hours: tasks of one reading each are one stretch then, not thousands.
async function note(tx: Db, changed: SQL): Promise<void> {
  await tx.execute(sql`
    insert into reading_changes (meter_id, from_at, to_at)
    select t.meter_id, lower(span), upper(span)
    from (
      select meter_id, range_agg(tstzrange(date_trunc('hour', from_at, 'UTC'),
        date_trunc('hour', to_at - interval '1 microsecond', 'UTC') + interval '1 hour')) as spans
      from (${changed}) s group by 1
    ) t, unnest(t.spans) as span`);
}

/**
 * The same for tasks with refused rows that a check looks at, and for those whose rows are right again: what was refused is
 * not among the readings, so no reading need have changed.
 */
export async function noteRefusedRows(tx: Db, taskIds: readonly string[]): Promise<void> {
  await note(
    tx,
    sql`select t.meter_id, t.interval_start as from_at, t.interval_end as to_at from meter_tasks t
    where t.id = any(${arrayLiteral(taskIds)}::uuid[])
      and ((t.rejects <> '[]' and jsonb_path_exists(t.rejects, '$[*].kind')) or exists (
        select from findings f where f.meter_id = t.meter_id and f.cleared_at is null
          and f.from_at < t.interval_end and f.to_at > t.interval_start
          and f."check" = any(${arrayLiteral(checksOfRefusedRows)}::text[])))`,
  );
}

/** Has all readings of a meter checked again, by thresholds or settings that are others now. */
// A day to either side, since days are the meter's own.
export async function noteWholeMeter(tx: Db, meterId: string): Promise<void> {
  await tx.execute(sql`
    insert into reading_changes (meter_id, from_at, to_at)
    select meter_id, min(day)::timestamptz - interval '1 day', max(day)::timestamptz + interval '2 days'
    from meter_data_daily where meter_id = ${meterId}::uuid group by meter_id`);
}
