import { sql } from "drizzle-orm";
import { type Claimed, claimMessages, dueMessages, recordResult } from "./claim";
import { type Sender, send } from "./send";

/** Sent side by side, so that one receiver that hangs holds up no other. */
const AT_ONCE = 16;

/** Sends what is due, once each. Answers how many were tried; the next call takes what is left or has become due. */
export async function deliverNotifications(worker: Sender): Promise<number> {
  const claimed = await claimMessages(worker.db, dueMessages(worker.now()), AT_ONCE, worker.now());
  await Promise.all(claimed.map((message) => deliver(worker, message)));
  return claimed.length;
}

/** One message now, whether its time has come or not, unless somebody is sending it. */
export async function deliverOne(worker: Sender, id: string): Promise<void> {
  const now = worker.now();
  const where = sql`n.id = ${id} and n.state = 'pending'
    and (n.claimed_until is null or n.claimed_until <= ${now.toISOString()}::timestamptz)`;
  const [claimed] = await claimMessages(worker.db, where, 1, now);
  if (claimed) await deliver(worker, claimed);
}

async function deliver(worker: Sender, message: Claimed): Promise<void> {
  const startedAt = performance.now();
  const result = await send(worker, message);
  const durationMs = Math.round(performance.now() - startedAt);
  await recordResult(worker.db, message, { ...result, durationMs }, worker.now());
  if (result.outcome !== "delivered") {
    const { outcome, status } = result;
    worker.log.warn(
      { notificationId: message.id, attempt: message.number, outcome, status },
      "A message was not delivered.",
    );
  }
}
