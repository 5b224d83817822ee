import { eq, sql } from "drizzle-orm";
import type { z } from "zod";
import { audit } from "../../audit/audit";
import { authorise } from "../../auth/actor";
import { notificationChannels } from "../../db/schema";
import { withTx } from "../../db/tx";
import { InvalidInput, NotFound } from "../../errors";
import { parseInput } from "../../field-errors";
import type { SealingCtx } from "../../meters/internal";
import { type ChannelWithSecret, getChannelRow, newSecret, toDto } from "./internal";
import { updateChannelInput } from "./schemas";
import { hintOf, openTarget, readTarget, sealTarget, type Target } from "./target";

/** Changes what is given and keeps the rest. A paused channel gets no messages; resumed, it is told what changed since. */
export async function updateChannel(
  ctx: SealingCtx,
  input: z.input<typeof updateChannelInput>,
): Promise<ChannelWithSecret> {
  authorise(ctx.actor, "settings:edit");
  const { channelId, target: given, replaceSecret, ...changes } = parseInput(updateChannelInput, input);
  const { secrets, addresses } = ctx.worker;
  return withTx(ctx.db, async (tx) => {
    const before = await getChannelRow(tx, channelId);
    if (replaceSecret && before.kind !== "webhook") {
      throw new InvalidInput("Only webhooks are signed.", { replaceSecret: "Only webhooks are signed." });
    }
    const target = given && readTarget(before.kind, given, addresses);
    const secret = replaceSecret ? newSecret() : null;
    const sealed =
      (target || secret) &&
      sealTarget(secrets, channelId, {
        ...openTarget(secrets, before),
        ...target,
        ...(secret && { secret }),
      } as Target);
    const [row] = await tx
      .update(notificationChannels)
      .set({ ...changes, ...sealed, ...(target && { targetHint: hintOf(target) }), updatedAt: sql`now()` })
      .where(eq(notificationChannels.id, channelId))
      .returning();
    if (!row) throw new NotFound("There is no such channel: somebody removed it.");
    await audit(tx, ctx.actor, "channel.updated", {
      objectType: "channel",
      objectId: channelId,
      details: {
        name: row.name,
        ...changes,
        ...(target && { target: row.targetHint }),
        ...(secret && { secret: "replaced" }),
      },
    });
    return { channel: toDto(row), secret };
  });
}
