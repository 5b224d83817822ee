import { asc, eq, sql } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";
import type { Actor } from "../auth/actor";
import { signIn } from "../auth/sign-in";
import { auditLog, installation, users } from "../db/schema";
import { testDatabase } from "../db/testing";
import { raceBehind } from "../testing/race";
import { changePassword } from "./change-password";
import { createUser } from "./create-user";
import { createFirstAdmin, issueSetupToken, needsFirstAdmin } from "./first-admin";
import { listUsers } from "./queries";
import { seedUser } from "./seed-user";
import { updateUser } from "./update-user";

const database = testDatabase();
const system = { kind: "system", name: "test" } as const;
const ctx = () => ({ db: database.db, actor: system });
const person = { name: "Ada", email: "ada@example.com", password: "correct horse battery" };

beforeEach(async () => {
  await database.db.delete(users);
  await database.db.delete(installation);
  await database.db.delete(auditLog);
});

describe("the first administrator", () => {
  const setUp = (setupToken: string, n = 0) =>
    createFirstAdmin(database.db, { ...person, email: `ada${n}@example.com`, setupToken });

  it("is made once, with the token, which is kept as a hash and then gone", async () => {
    const token = (await issueSetupToken(database.db)) ?? "";
    const [kept] = await database.db.select().from(installation);
    expect(kept?.setupTokenHash).toMatch(/^[0-9a-f]{64}$/);
    expect(kept?.setupTokenHash).not.toContain(token);
    await expect(setUp("wrong")).rejects.toMatchObject({ code: "forbidden" });
    expect(await needsFirstAdmin(database.db)).toBe(true);
    await setUp(token);
    expect((await listUsers(ctx()))[0]?.roles).toEqual(["admin"]);
    await expect(setUp(token, 1)).rejects.toMatchObject({ code: "not_possible_now" });
    expect(await issueSetupToken(database.db)).toBeNull();
    expect((await database.db.select().from(installation))[0]?.setupTokenHash).toBeNull();
  });

  it("is one, when several try at the same moment", async () => {
    const token = (await issueSetupToken(database.db)) ?? "";
    const attempts = Array.from({ length: 5 }, (_, n) => () => setUp(token, n));
    const results = await raceBehind(database.db, sql`select * from installation for update`, attempts);
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await database.db.select().from(users)).toHaveLength(1);
  });

  it("is not made with the token of an earlier start", async () => {
    const old = (await issueSetupToken(database.db)) ?? "";
    const fresh = (await issueSetupToken(database.db)) ?? "";
    await expect(setUp(old)).rejects.toMatchObject({ code: "forbidden" });
    await setUp(fresh);
  });

  it("is not made where no token was given out", async () => {
    await expect(setUp("")).rejects.toThrow();
    await expect(setUp("anything")).rejects.toMatchObject({ code: "forbidden" });
  });
});

describe("users", () => {
  it("have one account per address, whatever its case", async () => {
    await createUser(ctx(), { ...person, roles: ["viewer"] });
    const again = createUser(ctx(), { ...person, email: "ADA@example.com", roles: ["viewer"] });
    await expect(again).rejects.toMatchObject({ code: "conflict" });
    await seedUser(ctx(), { ...person, roles: ["admin"], password: "another long one" });
    expect((await listUsers(ctx()))[0]?.roles).toEqual(["viewer"]);
    await expect(createUser(ctx(), { ...person, email: "b@example.com", roles: [] })).rejects.toThrow();
  });

  it("keep somebody who can administer, also when two leave at once", async () => {
    const a = await createUser(ctx(), { ...person, roles: ["admin"] });
    const b = await createUser(ctx(), { ...person, email: "b@example.com", roles: ["admin"] });
    const results = await Promise.allSettled([
      updateUser(ctx(), { userId: a.id, roles: ["viewer"] }),
      updateUser(ctx(), { userId: b.id, isDisabled: true }),
    ]);
    expect(results.filter(({ status }) => status === "rejected")).toHaveLength(1);
    const left = (await listUsers(ctx())).filter((user) => user.roles.includes("admin") && !user.isDisabled);
    expect(left).toHaveLength(1);
  });

  it("lose their sessions when disabled or given a new password, and a lock with the latter", async () => {
    const user = await createUser(ctx(), { ...person, roles: ["viewer"] });
    const epoch = async () =>
      (await database.db.select({ epoch: users.sessionEpoch }).from(users).where(eq(users.id, user.id)))[0]?.epoch;
    await updateUser(ctx(), { userId: user.id, roles: ["operator"] });
    expect(await epoch()).toBe(1);
    await updateUser(ctx(), { userId: user.id, isDisabled: true });
    await updateUser(ctx(), { userId: user.id, isDisabled: false });
    expect(await epoch()).toBe(2);
    await database.db.update(users).set({ failedSignIns: 9, lockedUntil: new Date(Date.now() + 60_000) });
    await updateUser(ctx(), { userId: user.id, password: "a new one, long" });
    expect(await epoch()).toBe(3);
    expect(await signIn(database.db, { email: person.email, password: "a new one, long" })).toMatchObject({ epoch: 3 });
  });

  it("change their own password with the old one, and go on in a new session", async () => {
    const user = await createUser(ctx(), { ...person, roles: ["viewer"] });
    const actor: Actor = { kind: "user", id: user.id, name: user.name, roles: user.roles };
    const change = (currentPassword: string, newPassword: string) =>
      changePassword({ db: database.db, actor }, { currentPassword, newPassword });
    await expect(change("not it at all", "a new one, long")).rejects.toMatchObject({
      fields: { currentPassword: expect.any(String) },
    });
    await expect(change(person.password, "short")).rejects.toMatchObject({
      fields: { newPassword: expect.any(String) },
    });
    expect(await change(person.password, "a new one, long")).toEqual({ userId: user.id, epoch: 2 });
    await expect(signIn(database.db, person)).rejects.toThrow();
  });

  it("cannot try passwords for ever through a session left open", async () => {
    const user = await createUser(ctx(), { ...person, roles: ["viewer"] });
    const actor: Actor = { kind: "user", id: user.id, name: user.name, roles: user.roles };
    const change = () =>
      changePassword({ db: database.db, actor }, { currentPassword: "wrong", newPassword: "a new one, long" });
    for (let n = 0; n < 5; n += 1) await expect(change()).rejects.toMatchObject({ code: "invalid_input" });
    await expect(change()).rejects.toMatchObject({ code: "too_many_requests" });
    expect((await database.db.select().from(users))[0]?.sessionEpoch).toBe(2);
    const [, locked] = await database.db.select().from(auditLog).orderBy(asc(auditLog.seq));
    expect(locked?.action).toBe("user.locked");
  });

  it("can change their password while strangers try to sign in", async () => {
    const user = await createUser(ctx(), { ...person, roles: ["viewer"] });
    const actor: Actor = { kind: "user", id: user.id, name: user.name, roles: user.roles };
    for (let n = 0; n < 8; n += 1) await expect(signIn(database.db, { ...person, password: "x" })).rejects.toThrow();
    const input = { currentPassword: person.password, newPassword: "a new one, long" };
    expect(await changePassword({ db: database.db, actor }, input)).toEqual({ userId: user.id, epoch: 2 });
  });

  it("write nothing into the log where nothing changes", async () => {
    const user = await createUser(ctx(), { ...person, roles: ["viewer"] });
    await updateUser(ctx(), { userId: user.id, name: user.name, roles: ["viewer"], isDisabled: false });
    expect(await database.db.$count(auditLog)).toBe(1);
  });

  it("leave no password or hash in answers and audit rows", async () => {
    const user = await createUser(ctx(), { ...person, roles: ["viewer"] });
    const updated = await updateUser(ctx(), { userId: user.id, password: "a new one, long", name: "Ada L." });
    const rows = await database.db.select().from(auditLog);
    expect(rows).toHaveLength(2);
    expect(JSON.stringify([user, updated, rows, await listUsers(ctx())])).not.toMatch(/argon2|horse|a new one/);
  });
});
