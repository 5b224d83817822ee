import { randomBytes } from "node:crypto";
import { eq } from "drizzle-orm";
import type { Db } from "../../db/client";
import { type ChannelKind, notificationChannels } from "../../db/schema";
import { NotFound } from "../../errors";

type ChannelRow = typeof notificationChannels.$inferSelect;

export interface ChannelDto {
  id: string;
  name: string;
  kind: ChannelKind;
  targetHint: string;
  kinds: string[];
  sendsHealed: boolean;
  isPaused: boolean;
  createdBy: string;
  createdAt: Date;
}

/** `secret`: what a webhook's messages are signed with. Shown once; null where none was made. */
export interface ChannelWithSecret {
  channel: ChannelDto;
  secret: string | null;
}

/** Throws NotFound. Locked until the transaction ends. */
export async function getChannelRow(tx: Db, channelId: string): Promise<ChannelRow> {
  const [row] = await tx
    .select()
    .from(notificationChannels)
    .where(eq(notificationChannels.id, channelId))
    .for("update");
  if (!row) throw new NotFound("There is no such channel: somebody removed it.");
  return row;
}

/** Names fields one by one: the sealed target stays inside. */
export function toDto(row: ChannelRow): ChannelDto {
  const { id, name, kind, targetHint, kinds, sendsHealed, isPaused, createdBy, createdAt } = row;
  return { id, name, kind, targetHint, kinds, sendsHealed, isPaused, createdBy, createdAt };
}

export function newSecret(): string {
  return `whsec_${randomBytes(32).toString("base64url")}`;
}
