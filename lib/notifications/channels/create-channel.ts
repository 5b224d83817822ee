import type { z } from "zod";
import { audit } from "../../audit/audit";
import { authorise } from "../../auth/actor";
import { notificationChannels } from "../../db/schema";
import { withTx } from "../../db/tx";
import { parseInput } from "../../field-errors";
import { newId } from "../../ids";
import type { SealingCtx } from "../../meters/internal";
import { type ChannelWithSecret, newSecret, toDto } from "./internal";
import { createChannelInput } from "./schemas";
import { hintOf, readTarget, sealTarget, type Target } from "./target";

/** A channel's first message tells what is wrong already. Throws InvalidInput for an address that may not be reached. */
export async function createChannel(
  ctx: SealingCtx,
  input: z.input<typeof createChannelInput>,
): Promise<ChannelWithSecret> {
  authorise(ctx.actor, "settings:edit");
  const { target: given, ...wanted } = parseInput(createChannelInput, input);
  const target = readTarget(wanted.kind, given, ctx.worker.addresses);
  const secret = wanted.kind === "webhook" ? newSecret() : null;
  const id = newId();
  const sealed = sealTarget(ctx.worker.secrets, id, {
    kind: wanted.kind,
    ...target,
    ...(secret && { secret }),
  } as Target);
  return withTx(ctx.db, async (tx) => {
    const [row] = await tx
      .insert(notificationChannels)
      .values({ ...wanted, ...sealed, id, targetHint: hintOf(target), createdBy: ctx.actor.name })
      .returning();
    if (!row) throw new Error("The channel was not stored.");
    await audit(tx, ctx.actor, "channel.created", {
      objectType: "channel",
      objectId: id,
      details: { ...wanted, target: row.targetHint },
    });
    return { channel: toDto(row), secret };
  });
}
