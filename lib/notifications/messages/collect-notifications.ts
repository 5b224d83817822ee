import { and, desc, eq, gte, ne, sql } from "drizzle-orm";
import type { Db } from "../../db/client";
import { notificationChannels, notifications } from "../../db/schema";
import { withTx } from "../../db/tx";
import { newId } from "../../ids";
import { compose } from "./compose";
import type { MessageContent } from "./content";
import { type ChannelRow, dueChanges, forgetSilently, markAnnounced } from "./due-changes";

const MINUTE = 60_000;
/** From the first difference until the message: what else happens meanwhile is in it. */
const QUIET = 2 * MINUTE;
/** Between two messages of a channel. */
const SPACING = 10 * MINUTE;
/** A UTC day's messages of a channel; what comes after the last one is summed up after midnight. */
export const MOST_A_DAY = 30;
/** A message is tried for so long. */
export const TRIED_FOR = 24 * 60 * MINUTE;

/**
 * Records at most one message for each channel, and in the same transaction what the channel knows by it: it is neither lost
 * nor made twice, wherever this is cut short. Answers how many messages there are to send.
 */
export async function collectNotifications(db: Db, options: { now: Date; consoleUrl: string }): Promise<number> {
  const channels = await db
    .select({ id: notificationChannels.id })
    .from(notificationChannels)
    .where(eq(notificationChannels.isPaused, false));
  let recorded = 0;
  for (const { id } of channels) recorded += (await withTx(db, (tx) => collectFor(tx, id, options))) ? 1 : 0;
  return recorded;
}

async function collectFor(tx: Db, channelId: string, options: { now: Date; consoleUrl: string }): Promise<boolean> {
  const { now, consoleUrl } = options;
  const [channel] = await tx
    .select()
    .from(notificationChannels)
    .where(eq(notificationChannels.id, channelId))
    .for("update");
  if (!channel || channel.isPaused) return false;
  await forgetSilently(tx, channel);
  const due = await dueChanges(tx, channel, now);
  if (!due.some(({ dueAt }) => dueAt.getTime() <= now.getTime() - QUIET)) return false;
  const place = await placeInDay(tx, channel, now);
  if (!place) return false;
  await markAnnounced(tx, channel.id, due, now);
  await recordMessage(tx, { channelId, content: compose(due, { ...place, consoleUrl }), now });
  return true;
}

/** Null: no message now. Otherwise what kind the next one is, and what it has to say of itself. */
async function placeInDay(tx: Db, channel: ChannelRow, now: Date) {
  const midnight = startOfDay(now);
  const sent = and(eq(notifications.channelId, channel.id), ne(notifications.type, "test"));
  const [newest] = await tx
    .select({ createdAt: notifications.createdAt })
    .from(notifications)
    .where(sent)
    .orderBy(desc(notifications.createdAt))
    .limit(1);
  if (newest && newest.createdAt.getTime() > now.getTime() - SPACING) return null;
  const since = newest ? startOfDay(newest.createdAt) : midnight;
  const [day] = await tx
    .select({ count: sql<number>`count(*)::int` })
    .from(notifications)
    .where(and(sent, gte(notifications.createdAt, since)));
  const count = day?.count ?? 0;
  if (since < midnight) {
    if (count < MOST_A_DAY) return { type: "incidents" as const, note: null };
    const note = `The ${MOST_A_DAY} messages of a day were used up: this is what changed since the last one.`;
    return { type: "summary" as const, note };
  }
  if (count >= MOST_A_DAY) return null;
  const note =
    count === MOST_A_DAY - 1
      ? `This is today's message ${MOST_A_DAY}, the last one. The next comes after 00:00 UTC and sums up what changed until then.`
      : null;
  return { type: "incidents" as const, note };
}

/** In the caller's transaction. Answers its id, which is the delivery id. */
export async function recordMessage(
  tx: Db,
  message: { channelId: string; content: MessageContent; now: Date; triedFor?: number },
): Promise<string> {
  const { channelId, content, now, triedFor = TRIED_FOR } = message;
  const id = newId();
  await tx.insert(notifications).values({
    id,
    channelId,
    type: content.type,
    title: content.title,
    content,
    nextAttemptAt: now,
    giveUpAt: new Date(now.getTime() + triedFor),
    createdAt: now,
  });
  return id;
}

function startOfDay(at: Date): Date {
  return new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()));
}
