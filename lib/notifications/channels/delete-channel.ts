import { eq } from "drizzle-orm";
import type { z } from "zod";
import { audit } from "../../audit/audit";
import { authorise } from "../../auth/actor";
import type { Ctx } from "../../ctx";
import { notificationChannels } from "../../db/schema";
import { withTx } from "../../db/tx";
import { parseInput } from "../../field-errors";
import { type ChannelDto, getChannelRow, toDto } from "./internal";
import { channelIdInput } from "./schemas";

/** With its address, its secret, its messages and their attempts. What is on its way may still arrive. */
export async function deleteChannel(ctx: Ctx, input: z.input<typeof channelIdInput>): Promise<ChannelDto> {
  authorise(ctx.actor, "settings:edit");
  const { channelId } = parseInput(channelIdInput, input);
  return withTx(ctx.db, async (tx) => {
    const row = await getChannelRow(tx, channelId);
    await tx.delete(notificationChannels).where(eq(notificationChannels.id, channelId));
    await audit(tx, ctx.actor, "channel.deleted", {
      objectType: "channel",
      objectId: channelId,
      details: { name: row.name, kind: row.kind, target: row.targetHint },
    });
    return toDto(row);
  });
}
