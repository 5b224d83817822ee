import type { z } from "zod";
import { audit } from "../audit/audit";
import { authorise } from "../auth/actor";
import type { Ctx } from "../ctx";
import { users } from "../db/schema";
import { withTx } from "../db/tx";
import { prepareUser } from "./insert-user";
import { createUserInput } from "./schemas";

/** For seeds: makes the account unless its e-mail address has one, whose password then stays what it is. */
export async function seedUser(ctx: Ctx, input: z.input<typeof createUserInput>): Promise<void> {
  authorise(ctx.actor, "users:edit");
  const row = await prepareUser(createUserInput.parse(input));
  await withTx(ctx.db, async (tx) => {
    const [user] = await tx.insert(users).values(row).onConflictDoNothing().returning();
    if (!user) return;
    await audit(tx, ctx.actor, "user.created", {
      objectType: "user",
      objectId: user.id,
      details: { email: user.email, name: user.name, roles: user.roles },
    });
  });
}
