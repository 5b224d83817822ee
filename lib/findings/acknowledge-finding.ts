import { eq } from "drizzle-orm";
import type { z } from "zod";
import { audit } from "../audit/audit";
import { authorise } from "../auth/actor";
import type { Ctx } from "../ctx";
import { findings } from "../db/schema";
import { withTx } from "../db/tx";
import { NotFound, NotPossibleNow } from "../errors";
import { toDto } from "./queries";
import { acknowledgeFindingInput, type FindingDto } from "./schemas";

/** Says that somebody has looked at an open finding and why it may stay. Throws NotPossibleNow where it has healed since. */
export async function acknowledgeFinding(
  ctx: Ctx,
  input: z.input<typeof acknowledgeFindingInput>,
): Promise<FindingDto> {
  const { findingId, reason } = acknowledgeFindingInput.parse(input);
  authorise(ctx.actor, "tasks:operate");
  return withTx(ctx.db, async (tx) => {
    const [before] = await tx.select().from(findings).where(eq(findings.id, findingId)).for("update");
    if (!before) throw new NotFound("There is no such finding.");
    authorise(ctx.actor, "tasks:operate", before.meterId);
    if (before.clearedAt)
      throw new NotPossibleNow("This finding has healed in the meantime: there is nothing to acknowledge.");
    const [after] = await tx
      .update(findings)
      .set({ acknowledgedAt: new Date(), acknowledgedBy: ctx.actor.name, acknowledgedReason: reason })
      .where(eq(findings.id, findingId))
      .returning();
    await audit(tx, ctx.actor, "finding.acknowledged", {
      objectType: "finding",
      objectId: findingId,
      meterId: before.meterId,
      details: { check: before.check, from: before.fromAt.toISOString(), to: before.toAt.toISOString(), reason },
    });
    return toDto(after ?? before);
  });
}
