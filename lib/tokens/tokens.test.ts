import { eq, sql } from "drizzle-orm";
import { expect, it } from "vitest";
import { apiTokens, auditLog } from "../db/schema";
import { testDatabase } from "../db/testing";
import { aMeter } from "../testing/builders";
import { authenticateToken } from "./authenticate-token";
import { createToken, seedToken } from "./create-token";
import { listTokens } from "./queries";
import { revokeToken } from "./revoke-token";

const database = testDatabase();
const ctx = () => ({ db: database.db, actor: { kind: "system", name: "test" } as const });
const use = (text: string) => authenticateToken(database.db, text);
const rowOf = async (id: string) => (await database.db.select().from(apiTokens).where(eq(apiTokens.id, id)))[0];

it("shows a token once and keeps only its hash", async () => {
  const { token, text } = await createToken(ctx(), { name: "Middleware", role: "viewer" });
  expect(text).toMatch(/^mp_[A-Za-z0-9_-]{43}$/);
  expect(await use(text)).toEqual({
    kind: "token",
    id: token.id,
    name: "Middleware",
    roles: ["viewer"],
    meterIds: null,
  });
  const audited = await database.db.select().from(auditLog);
  const kept = JSON.stringify([await rowOf(token.id), audited, await listTokens(ctx()), token]);
  expect(kept).not.toContain(text.slice(9));
  expect(JSON.stringify([audited, await listTokens(ctx()), token])).not.toContain("tokenHash");
});

it("refuses unknown, revoked and expired tokens with one sentence", async () => {
  const revoked = await createToken(ctx(), { name: "Revoked", role: "viewer" });
  await revokeToken(ctx(), { tokenId: revoked.token.id });
  await revokeToken(ctx(), { tokenId: revoked.token.id });
  const expired = await createToken(ctx(), { name: "E", role: "viewer", expiresAt: new Date(Date.now() + 60_000) });
  expect(await use(expired.text)).toMatchObject({ name: "E" });
  await database.db
    .update(apiTokens)
    .set({ expiresAt: sql`now() - interval '1 second'` })
    .where(eq(apiTokens.id, expired.token.id));
  const sentences = await Promise.all(
    [revoked.text, expired.text, "mp_unknown", ""].map((text) => use(text).catch((error: Error) => error.message)),
  );
  expect(new Set(sentences)).toEqual(new Set(["This API token is unknown, revoked or expired."]));
  const revocations = await database.db.select().from(auditLog).where(eq(auditLog.action, "token.revoked"));
  expect(revocations).toHaveLength(1);
});

it("writes its last use once a minute at most", async () => {
  const { token, text } = await createToken(ctx(), { name: "Busy", role: "viewer" });
  await use(text);
  const first = (await rowOf(token.id))?.lastUsedAt;
  expect(first).toBeInstanceOf(Date);
  await use(text);
  expect((await rowOf(token.id))?.lastUsedAt).toEqual(first);
  await database.db.update(apiTokens).set({ lastUsedAt: sql`now() - interval '61 seconds'` });
  await use(text);
  const again = (await rowOf(token.id))?.lastUsedAt?.getTime() ?? 0;
  expect(again).toBeGreaterThanOrEqual(first?.getTime() ?? Number.POSITIVE_INFINITY);
});

it("is limited to meters that exist", async () => {
  const meter = await aMeter(database.db);
  const { text } = await createToken(ctx(), { name: "One meter", role: "operator", meterIds: [meter.id] });
  expect(await use(text)).toMatchObject({ meterIds: [meter.id] });
  const unknown = createToken(ctx(), { name: "x", role: "viewer", meterIds: ["01900000-0000-7000-8000-00000000000a"] });
  await expect(unknown).rejects.toMatchObject({ fields: { meterIds: expect.any(String) } });
  await expect(createToken(ctx(), { name: "x", role: "viewer", meterIds: [] })).rejects.toThrow();
});

it("does not start expired", async () => {
  const late = createToken(ctx(), { name: "x", role: "viewer", expiresAt: new Date(Date.now() - 1) });
  await expect(late).rejects.toMatchObject({ fields: { expiresAt: expect.any(String) } });
});

it("has a chosen text only from the system, and once", async () => {
  const wanted = { name: "Demo", role: "admin", text: "demo-token-of-the-environment" } as const;
  await seedToken(ctx(), wanted);
  await seedToken(ctx(), wanted);
  expect(await use(wanted.text)).toMatchObject({ roles: ["admin"] });
  expect((await listTokens(ctx())).filter(({ name }) => name === "Demo")).toHaveLength(1);
  const admin = { kind: "user", id: "u", name: "Ada", roles: ["admin"] } as const;
  await expect(
    seedToken({ db: database.db, actor: admin }, { ...wanted, text: "another-chosen-text" }),
  ).rejects.toThrow();
});
