import { eq } from "drizzle-orm";
import type { z } from "zod";
import { audit } from "../../audit/audit";
import { authorise } from "../../auth/actor";
import type { WorkerCtx } from "../../ctx";
import { notifications } from "../../db/schema";
import { withTx } from "../../db/tx";
import { NotFound, NotPossibleNow } from "../../errors";
import { parseInput } from "../../field-errors";
import { messageIdInput } from "../channels/schemas";
import { TRIED_FOR } from "../messages/collect-notifications";
import { deliverOne } from "./deliver-notifications";
import { getMessage, type MessageDto } from "./queries";

/** Tries a message again now, with the same delivery id, and for a day more. A test stays one try. */
export async function retryMessage(ctx: WorkerCtx, input: z.input<typeof messageIdInput>): Promise<MessageDto> {
  authorise(ctx.actor, "settings:edit");
  const { messageId } = parseInput(messageIdInput, input);
  const { worker } = ctx;
  const now = worker.now();
  await withTx(ctx.db, async (tx) => {
    const [row] = await tx.select().from(notifications).where(eq(notifications.id, messageId)).for("update");
    if (!row) throw new NotFound("There is no such message: its channel was removed.");
    if (row.state === "delivered") throw new NotPossibleNow("It was delivered: there is nothing to try again.");
    if (row.claimedUntil && row.claimedUntil > now) throw new NotPossibleNow("It is being sent right now.");
    const giveUpAt = new Date(now.getTime() + (row.type === "test" ? 0 : TRIED_FOR));
    await tx
      .update(notifications)
      .set({ state: "pending", nextAttemptAt: now, claimedUntil: null, giveUpAt })
      .where(eq(notifications.id, messageId));
    await audit(tx, ctx.actor, "message.retried", {
      objectType: "channel",
      objectId: row.channelId,
      details: { messageId, title: row.title },
    });
  });
  await deliverOne(worker, messageId);
  return getMessage(ctx, { messageId });
}
