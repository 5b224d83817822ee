import type { z } from "zod";
import { authorise } from "../../auth/actor";
import type { Ctx } from "../../ctx";
import type { Restatement } from "../../db/schema/mrv";
import { withTx } from "../../db/tx";
import { Conflict, NotPossibleNow } from "../../errors";
import { parseInput } from "../../field-errors";
import type { RecordSummary } from "../schemas";
import { auditRecord, deciderOf, lockRecord, type RecordRow, summaryOf, writeRecord } from "./internal";
import { acknowledgeRestatementInput } from "./schemas";
import { whyNotAcknowledged } from "./why-not-acknowledged";

/**
 * A person has looked at a submitted record whose readings changed, and nothing more can be done about it: it stays what it is, with both figures,
 * and needs nobody until readings change once more. Throws NotPossibleNow where something else can be done, Conflict where it was restated further
 * since it was on the screen, or another has acknowledged it. Doing so once more changes nothing.
 */
export async function acknowledgeRestatement(
  ctx: Ctx,
  input: z.input<typeof acknowledgeRestatementInput>,
  now = new Date(),
): Promise<RecordSummary> {
  const { recordId, seenAt, reason } = parseInput(acknowledgeRestatementInput, input);
  return withTx(ctx.db, async (tx) => {
    const record = await lockRecord(tx, recordId);
    authorise(ctx.actor, "mrv:review", record.meterId);
    const { decidedById: byId, decidedByName: byName } = deciderOf(ctx.actor);
    const restatement = restatementSeen(record, seenAt);
    if (record.restatementAcknowledgedAt) {
      const last = record.acknowledgements.at(-1);
      if (last?.byId === byId) return summaryOf(tx, record);
      throw new Conflict(`${last?.byName ?? "Somebody"} has acknowledged it already.`);
    }
    const why = await whyNotAcknowledged(tx, record);
    if (why) throw new NotPossibleNow(why);
    const { before, now: figuresNow } = restatement;
    const entry = { at: now.toISOString(), byId, byName, reason, before, now: figuresNow };
    const acknowledged = await writeRecord(tx, recordId, {
      restatementAcknowledgedAt: now,
      acknowledgements: [...record.acknowledgements, entry],
    });
    const shown = await summaryOf(tx, acknowledged);
    await auditRecord(tx, ctx.actor, "record.restatement-acknowledged", record, { reason, before, now: figuresNow });
    return shown;
  });
}

/** What is acknowledged is what was on the screen. */
function restatementSeen({ restatedAt, restatement }: RecordRow, seenAt: string): Restatement {
  if (!restatedAt || !restatement) {
    throw new NotPossibleNow("The readings say what this record says: there is nothing to acknowledge.");
  }
  if (new Date(restatement.seenAt).getTime() === new Date(seenAt).getTime()) return restatement;
  throw new Conflict("Its readings changed once more since it was shown: look at it again, then decide.");
}
