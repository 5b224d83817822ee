import { sql } from "drizzle-orm";
import { authorise } from "../../auth/actor";
import type { Ctx } from "../../ctx";
import { notificationChannels } from "../../db/schema";
import type { MessageState } from "../delivery/queries";
import { type ChannelDto, toDto } from "./internal";

export interface ChannelLine extends ChannelDto {
  /** Its newest message; null: none yet. */
  last: { id: string; state: MessageState; at: string; attempts: number; message: string | null } | null;
  /** Messages that failed for good, and those that wait for another try. */
  failed: number;
  retrying: number;
}

/** By name. The address is told by its host or first recipient only. */
export async function listChannels(ctx: Ctx): Promise<ChannelLine[]> {
  authorise(ctx.actor, "settings:edit");
  const [rows, facts] = await Promise.all([
    ctx.db
      .select()
      .from(notificationChannels)
      .orderBy(sql`lower(${notificationChannels.name})`, notificationChannels.id),
    ctx.db.execute<{
      channel_id: string;
      id: string;
      state: MessageState;
      created_at: string;
      attempts: number;
      message: string | null;
      failed: number;
      retrying: number;
    }>(sql`
      select n.*, a.message from (
        select channel_id, id, state, created_at, attempt_count as attempts,
          count(*) filter (where state = 'failed' and type <> 'test') over (partition by channel_id)::int as failed,
          count(*) filter (where state = 'pending' and attempt_count > 0) over (partition by channel_id)::int as retrying,
          row_number() over (partition by channel_id order by created_at desc, id desc) as place
        from notifications
      ) n
      left join delivery_attempts a on a.notification_id = n.id and a.number = n.attempts
      where n.place = 1`),
  ]);
  const byChannel = new Map(facts.map((fact) => [fact.channel_id, fact]));
  return rows.map((row) => {
    const fact = byChannel.get(row.id);
    return {
      ...toDto(row),
      last: fact
        ? {
            id: fact.id,
            state: fact.state,
            at: new Date(fact.created_at).toISOString(),
            attempts: fact.attempts,
            message: fact.message,
          }
        : null,
      failed: fact?.failed ?? 0,
      retrying: fact?.retrying ?? 0,
    };
  });
}
