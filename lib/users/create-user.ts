import type { z } from "zod";
import { audit } from "../audit/audit";
import { authorise } from "../auth/actor";
import type { Ctx } from "../ctx";
import { withTx } from "../db/tx";
import { insertUser, prepareUser } from "./insert-user";
import { createUserInput, toDto, type UserDto } from "./schemas";

/** Throws Conflict where the e-mail address has an account, InvalidInput for a weak password. */
export async function createUser(ctx: Ctx, input: z.input<typeof createUserInput>): Promise<UserDto> {
  authorise(ctx.actor, "users:edit");
  const row = await prepareUser(createUserInput.parse(input));
  return withTx(ctx.db, async (tx) => {
    const user = await insertUser(tx, row);
    await audit(tx, ctx.actor, "user.created", {
      objectType: "user",
      objectId: user.id,
      details: { email: user.email, name: user.name, roles: user.roles },
    });
    return toDto(user);
  });
}
