import type { Role } from "../auth/roles";
import type { Ctx } from "../ctx";
import { seedToken } from "../tokens/create-token";

/** An API token of the given text for a role; nothing happens where it is there already. */
export function seedDemoToken(ctx: Ctx, role: Role, text: string): Promise<void> {
  return seedToken(ctx, { name: `Demo ${role}`, role, text });
}
