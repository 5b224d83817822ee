import { sql } from "drizzle-orm";
import type { Db } from "../../db/client";
import type { notificationChannels } from "../../db/schema";
import type { DueChange } from "./compose";

export type ChannelRow = typeof notificationChannels.$inferSelect;

type Due = DueChange & { dueAt: Date; isFlapping: boolean };

/**
 * How a channel's knowledge differs from what is open now. Not yet due is what the channel was told of a short while ago:
 * - a subject that opens again waits for an hour after the last message on it; was it told of within two hours, it flaps,
 *   and its healing waits for the hour, too;
 * - an open one that grew (more failed tasks) waits for a day.
 * Healing is told where opening was. What came and went in between leaves no difference.
 */
export async function dueChanges(tx: Db, channel: ChannelRow, now: Date): Promise<Due[]> {
  const at = sql`${now.toISOString()}::timestamptz`;
  const rows = await tx.execute<
    Record<"kind" | "subject_id" | "subject_name" | "since" | "due_at", string> & {
      change: DueChange["change"];
      is_flapping: boolean;
    }
  >(sql`
    with current as (
      select kind, subject_id, subject_name, opened_at, detected_at, worsened_at from incidents
      where closed_at is null and kind = any(${kindsLiteral(channel)}::text[])
    ),
    known as (select * from announcements where channel_id = ${channel.id}),
    due as (
      select c.kind, c.subject_id, c.subject_name, 'opened' as change, c.opened_at as since,
        greatest(c.detected_at, k.announced_at + interval '1 hour') as due_at,
        coalesce(k.announced_at > ${at} - interval '2 hours', false) as is_flapping
      from current c left join known k on k.kind = c.kind and k.subject_id = c.subject_id
      where k.is_open is not true
      union all
      select c.kind, c.subject_id, c.subject_name, 'worsened', c.worsened_at,
        -- Not from its last growth on: one that grows every minute would never have been still for long enough.
        k.announced_at + interval '1 day', k.is_flapping
      from current c join known k on k.kind = c.kind and k.subject_id = c.subject_id
      where k.is_open and c.worsened_at > k.announced_at
      union all
      select k.kind, k.subject_id, last.subject_name, 'healed', last.closed_at,
        case when k.is_flapping then greatest(last.closed_at, k.announced_at + interval '1 hour') else last.closed_at end, false
      from known k join lateral (
        select i.subject_name, i.closed_at, i.outcome from incidents i
        where i.kind = k.kind and i.subject_id = k.subject_id order by i.detected_at desc limit 1
      ) last on true
      where k.is_open and last.outcome = 'healed' and ${channel.sendsHealed}
        and k.kind = any(${kindsLiteral(channel)}::text[])
    )
    select * from due where due_at <= ${at} order by since, subject_name, subject_id`);
  return rows.map((row) => ({
    kind: row.kind,
    subjectId: row.subject_id,
    subjectName: row.subject_name,
    change: row.change,
    since: row.since,
    dueAt: new Date(row.due_at),
    isFlapping: row.is_flapping,
  }));
}

/** What the channel knows from now on. */
export async function markAnnounced(tx: Db, channelId: string, due: readonly Due[], now: Date): Promise<void> {
  const at = sql`${now.toISOString()}::timestamptz`;
  await tx.execute(sql`
    insert into announcements as a (channel_id, kind, subject_id, is_open, announced_at, is_flapping)
    select ${channelId}::uuid, d.kind, d."subjectId", d.change <> 'healed', ${at}, d."isFlapping"
    from jsonb_to_recordset(${JSON.stringify(due)}::jsonb)
      as d(kind text, "subjectId" text, change text, "isFlapping" boolean)
    on conflict (channel_id, kind, subject_id) do update set
      is_open = excluded.is_open, announced_at = excluded.announced_at,
      is_flapping = excluded.is_flapping`);
}

/** What is over and not worth a message (paused, archived, not asked for): were it to open again, that is news. */
export async function forgetSilently(tx: Db, channel: ChannelRow): Promise<void> {
  await tx.execute(sql`
    update announcements k set is_open = false
    where k.channel_id = ${channel.id} and k.is_open
      and not exists (
        select from incidents i where i.kind = k.kind and i.subject_id = k.subject_id and i.closed_at is null
      )
      and (not ${channel.sendsHealed} or k.kind <> all(${kindsLiteral(channel)}::text[]) or 'ended' = (
        select i.outcome from incidents i where i.kind = k.kind and i.subject_id = k.subject_id
        order by i.detected_at desc limit 1
      ))`);
}

function kindsLiteral(channel: ChannelRow): string {
  return `{${channel.kinds.join(",")}}`;
}
