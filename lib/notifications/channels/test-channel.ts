import type { z } from "zod";
import { audit } from "../../audit/audit";
import { authorise } from "../../auth/actor";
import type { WorkerCtx } from "../../ctx";
import { withTx } from "../../db/tx";
import { parseInput } from "../../field-errors";
import { deliverOne } from "../delivery/deliver-notifications";
import { getMessage, type MessageDto } from "../delivery/queries";
import { recordMessage } from "../messages/collect-notifications";
import { testContent } from "../messages/compose";
import { getChannelRow } from "./internal";
import { channelIdInput } from "./schemas";

/** Sends a message that says so, once and now, also of a paused channel, and tells how it went. */
export async function testChannel(ctx: WorkerCtx, input: z.input<typeof channelIdInput>): Promise<MessageDto> {
  authorise(ctx.actor, "settings:edit");
  const { channelId } = parseInput(channelIdInput, input);
  const { worker } = ctx;
  const messageId = await withTx(ctx.db, async (tx) => {
    const { name } = await getChannelRow(tx, channelId);
    const content = testContent(name, worker.consoleUrl);
    const id = await recordMessage(tx, { channelId, content, now: worker.now(), triedFor: 0 });
    await audit(tx, ctx.actor, "channel.tested", { objectType: "channel", objectId: channelId, details: { name } });
    return id;
  });
  await deliverOne(worker, messageId);
  return getMessage(ctx, { messageId });
}
