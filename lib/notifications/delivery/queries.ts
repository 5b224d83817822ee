import { asc, eq, sql } from "drizzle-orm";
import { z } from "zod";
import { authorise } from "../../auth/actor";
import type { Ctx } from "../../ctx";
import { type attemptOutcomes, type ChannelKind, deliveryAttempts, type messageStates } from "../../db/schema";
import { NotFound } from "../../errors";
import { parseInput } from "../../field-errors";
import { decodeCursor, type Page, page } from "../../http/cursor";
import { messageIdInput } from "../channels/schemas";
import type { MessageContent } from "../messages/content";

export type MessageState = (typeof messageStates)[number];

/** A line of the delivery log. */
export interface MessageLine {
  id: string;
  channelId: string;
  channelName: string;
  channelKind: ChannelKind;
  type: MessageContent["type"];
  title: string;
  state: MessageState;
  attemptCount: number;
  createdAt: string;
  nextAttemptAt: string | null;
  /** How the last attempt went; null: none yet, or one is under way. */
  outcome: (typeof attemptOutcomes)[number] | null;
  status: number | null;
  lastMessage: string | null;
}

export interface MessageDto extends MessageLine {
  content: MessageContent;
  giveUpAt: string;
  attempts: {
    number: number;
    startedAt: string;
    durationMs: number | null;
    outcome: MessageLine["outcome"];
    status: number | null;
    message: string | null;
    answer: string | null;
  }[];
}

type Row = {
  id: string;
  channel_id: string;
  channel_name: string;
  channel_kind: ChannelKind;
  type: MessageContent["type"];
  title: string;
  state: MessageState;
  attempt_count: number;
  created_at: string;
  next_attempt_at: string | null;
  give_up_at: string;
  content: MessageContent;
  outcome: MessageLine["outcome"];
  status: number | null;
  message: string | null;
};

const columns = sql`n.*, c.name as channel_name, c.kind as channel_kind, a.outcome, a.status, a.message
  from notifications n join notification_channels c on c.id = n.channel_id
  left join delivery_attempts a on a.notification_id = n.id and a.number = n.attempt_count`;

/** Every message of every channel, newest first. */
export async function listMessages(
  ctx: Ctx,
  query: { cursor?: string; state?: MessageState; limit?: number } = {},
): Promise<Page<MessageLine>> {
  authorise(ctx.actor, "settings:edit");
  const { cursor, state, limit = 25 } = query;
  const before = cursor === undefined ? null : decodeCursor(cursor, z.tuple([z.iso.datetime(), z.uuid()]));
  const rows = await ctx.db.execute<Row>(sql`
    select ${columns}
    where ${state ? sql`n.state = ${state}` : sql`true`}
      and ${before ? sql`(date_trunc('milliseconds', n.created_at), n.id) < (${before[0]}::timestamptz, ${before[1]}::uuid)` : sql`true`}
    order by date_trunc('milliseconds', n.created_at) desc, n.id desc limit ${limit + 1}`);
  return page(rows, limit, (row) => [new Date(row.created_at).toISOString(), row.id], toLine);
}

/** One message with all its attempts. */
export async function getMessage(ctx: Ctx, input: z.input<typeof messageIdInput>): Promise<MessageDto> {
  authorise(ctx.actor, "settings:edit");
  const { messageId } = parseInput(messageIdInput, input);
  const [[row], attempts] = await Promise.all([
    ctx.db.execute<Row>(sql`select ${columns} where n.id = ${messageId}::uuid`),
    ctx.db
      .select()
      .from(deliveryAttempts)
      .where(eq(deliveryAttempts.notificationId, messageId))
      .orderBy(asc(deliveryAttempts.number)),
  ]);
  if (!row) throw new NotFound("There is no such message: its channel was removed.");
  return {
    ...toLine(row),
    content: row.content,
    giveUpAt: new Date(row.give_up_at).toISOString(),
    attempts: attempts.map(({ notificationId: _id, startedAt, ...attempt }) => ({
      ...attempt,
      startedAt: startedAt.toISOString(),
    })),
  };
}

function toLine(row: Row): MessageLine {
  return {
    id: row.id,
    channelId: row.channel_id,
    channelName: row.channel_name,
    channelKind: row.channel_kind,
    type: row.type,
    title: row.title,
    state: row.state,
    attemptCount: row.attempt_count,
    createdAt: new Date(row.created_at).toISOString(),
    nextAttemptAt: row.next_attempt_at ? new Date(row.next_attempt_at).toISOString() : null,
    outcome: row.outcome,
    status: row.status,
    lastMessage: row.message,
  };
}
