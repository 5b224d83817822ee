import { sql } from "drizzle-orm";
import type { Db } from "../../db/client";
import { lockInTx, withTx } from "../../db/tx";
import type { IncidentKind } from "./kind";
import { incidentKinds } from "./kinds";

export interface Watched {
  opened: number;
  closed: number;
}

/**
 * Opens and closes incidents by where every subject stands in Postgres now. Asked twice it changes nothing the second time, and
 * what was missed while nothing ran is found by the next call.
 */
export async function watchIncidents(db: Db, now: Date, kinds = incidentKinds): Promise<Watched> {
  const watched = { opened: 0, closed: 0 };
  for (const kind of kinds) {
    const { opened, closed } = await withTx(db, async (tx) => {
      await lockInTx(tx, "incidents");
      return watchKind(tx, kind, now);
    });
    watched.opened += opened;
    watched.closed += closed;
  }
  return watched;
}

// One statement, so that opening and closing read one state of the world. Rows that are seen again are written every five
// minutes only: a thousand late meters would be a thousand dead rows a minute.
async function watchKind(tx: Db, { kind, subjects }: IncidentKind, now: Date): Promise<Watched> {
  const at = sql`${now.toISOString()}::timestamptz`;
  const [row] = await tx.execute<{ opened: number; closed: number }>(sql`
    with standings as materialized (${subjects(now)}),
    open as materialized (select id, subject_id from incidents where kind = ${kind} and closed_at is null),
    seen as (
      insert into incidents as i (kind, subject_id, subject_name, meter_id, opened_at, detected_at, last_seen_at, weight, newest_at)
      select ${kind}, s.subject_id, s.subject_name, s.meter_id, least(s.since, ${at}), ${at}, ${at}, s.weight, s.newest_at
      from standings s left join open o on o.subject_id = s.subject_id
      where s.standing = 'wrong' or (s.standing = 'held' and o.id is not null)
      on conflict (kind, subject_id) where closed_at is null do update set
        subject_name = excluded.subject_name, weight = excluded.weight, last_seen_at = ${at},
        newest_at = coalesce(excluded.newest_at, i.newest_at),
        worsened_at = case when excluded.newest_at > i.newest_at then ${at} else i.worsened_at end
      where i.last_seen_at <= ${at} - interval '5 minutes' or i.weight <> excluded.weight or excluded.newest_at > i.newest_at
      -- Of a row that was inserted, not updated.
      returning i.xmax = 0 as is_new
    ),
    closed as (
      update incidents i set closed_at = ${at}, last_seen_at = ${at},
        outcome = case when s.standing = 'well' then 'healed' else 'ended' end
      from open o left join standings s on s.subject_id = o.subject_id
      where i.id = o.id and coalesce(s.standing, 'gone') not in ('wrong', 'held')
      returning i.id
    )
    select (select count(*) filter (where is_new) from seen)::int as opened, (select count(*) from closed)::int as closed`);
  return { opened: row?.opened ?? 0, closed: row?.closed ?? 0 };
}
