import { beforeAll, expect, it } from "vitest";
import { listAuditLog } from "../audit/queries";
import type { Actor } from "../auth/actor";
import { type Permission, permissions, roles } from "../auth/roles";
import type { Ctx } from "../ctx";
import { testDatabase } from "../db/testing";
import { newId } from "../ids";
import { createToken } from "../tokens/create-token";
import { listTokens } from "../tokens/queries";
import { revokeToken } from "../tokens/revoke-token";
import { createUser } from "./create-user";
import { listUsers } from "./queries";
import { updateUser } from "./update-user";

const database = testDatabase();
let userId: string;
let tokenId: string;

const newUser = () => ({ name: "N", email: `${newId()}@example.com`, password: "correct horse battery" });

beforeAll(async () => {
  const ctx = { db: database.db, actor: { kind: "system", name: "test" } } as const;
  userId = (await createUser(ctx, { ...newUser(), roles: ["viewer"] })).id;
  tokenId = (await createToken(ctx, { name: "T", role: "viewer" })).token.id;
});

const verbs: [string, Permission, (ctx: Ctx) => Promise<unknown>][] = [
  ["createUser", "users:edit", (ctx) => createUser(ctx, { ...newUser(), roles: ["admin"] })],
  ["updateUser", "users:edit", (ctx) => updateUser(ctx, { userId, name: "M" })],
  ["listUsers", "users:edit", (ctx) => listUsers(ctx)],
  ["createToken", "tokens:edit", (ctx) => createToken(ctx, { name: "T", role: "admin" })],
  ["revokeToken", "tokens:edit", (ctx) => revokeToken(ctx, { tokenId })],
  ["listTokens", "tokens:edit", (ctx) => listTokens(ctx)],
  ["listAuditLog", "audit:read", (ctx) => listAuditLog(ctx, {})],
];

it.each(verbs)("%s is for the roles of its permission", async (_name, permission, verb) => {
  const allowed: readonly string[] = permissions[permission];
  for (const role of [...roles, null]) {
    const actor: Actor = { kind: "user", id: "u", name: "U", roles: role ? [role] : [] };
    const attempt = verb({ db: database.db, actor });
    if (role && allowed.includes(role)) await attempt;
    else await expect(attempt).rejects.toMatchObject({ code: "forbidden" });
  }
});

it.each(verbs.slice(0, 6))("%s is not for a token that is limited to meters", async (_name, _permission, verb) => {
  const actor: Actor = { kind: "token", id: "t", name: "T", roles: ["admin"], meterIds: [newId()] };
  await expect(verb({ db: database.db, actor })).rejects.toMatchObject({ code: "forbidden" });
});
