import { eq, sql } from "drizzle-orm";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { auditLog, users } from "../db/schema";
import { testDatabase } from "../db/testing";
import { newId } from "../ids";
import { createUser } from "../users/create-user";
import { matchesPassword, matchNothing } from "./password";
import { FREE_FAILURES, REFUSED, signIn } from "./sign-in";

const checks = vi.hoisted(() => ({ real: vi.fn(), nothing: vi.fn() }));
vi.mock("./password", async (original) => {
  const actual = await original<typeof import("./password")>();
  checks.real.mockImplementation(actual.matchesPassword);
  checks.nothing.mockImplementation(actual.matchNothing);
  return { ...actual, matchesPassword: checks.real, matchNothing: checks.nothing };
});

const database = testDatabase();
const system = { kind: "system", name: "test" } as const;
const password = "correct horse battery";
const email = "otto@example.com";
let userId: string;

const attempt = (given: string, as = email) => signIn(database.db, { email: as, password: given });
const row = async () => (await database.db.select().from(users).where(eq(users.id, userId)))[0];

describe("signing in", () => {
  beforeEach(async () => {
    await database.db.delete(users);
    const user = await createUser(
      { db: database.db, actor: system },
      { name: "Otto", email, password, roles: ["viewer"] },
    );
    userId = user.id;
    vi.clearAllMocks();
  });

  it("takes the right password, whatever the case of the address, and writes it down", async () => {
    expect(await attempt(password, " OTTO@Example.com ")).toEqual({ userId, epoch: 1 });
    expect((await row())?.lastSignInAt).toBeInstanceOf(Date);
    const [audited] = await database.db.select().from(auditLog).where(eq(auditLog.action, "user.signed-in"));
    expect(audited?.actorId).toBe(userId);
  });

  it("says the same, after the same work, whether the account exists or not", async () => {
    await expect(attempt("wrong password")).rejects.toThrow(REFUSED);
    expect([checks.real.mock.calls.length, checks.nothing.mock.calls.length]).toEqual([1, 0]);
    await expect(attempt("wrong password", "nobody@example.com")).rejects.toThrow(REFUSED);
    expect([checks.real.mock.calls.length, checks.nothing.mock.calls.length]).toEqual([1, 1]);
    expect(await matchNothing("nobody has this one")).toBe(false);
  });

  it("locks after repeated failures, then twice as long each time, and refuses the right password too", async () => {
    for (let n = 0; n < FREE_FAILURES; n += 1) await expect(attempt("wrong password")).rejects.toThrow(REFUSED);
    const minutes: number[] = [];
    for (let n = 0; n < 8; n += 1) {
      const lockedUntil = (await row())?.lockedUntil;
      minutes.push(Math.round(((lockedUntil?.getTime() ?? 0) - Date.now()) / 60_000));
      await expect(attempt(password)).rejects.toThrow(REFUSED);
      await database.db.update(users).set({ lockedUntil: sql`now() - interval '1 second'` });
      await expect(attempt("wrong password")).rejects.toThrow(REFUSED);
    }
    expect(minutes).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
    const locks = await database.db.select().from(auditLog).where(eq(auditLog.action, "user.locked"));
    expect(locks.length).toBeGreaterThan(0);
    await database.db.update(users).set({ lockedUntil: sql`now() - interval '1 second'` });
    await attempt(password);
    expect(await row()).toMatchObject({ failedSignIns: 0, lockedUntil: null });
  });

  it("lets a person in from where they were signed in before, however often strangers tried", async () => {
    const device = await attempt(password);
    for (let n = 0; n < 3 * FREE_FAILURES; n += 1) await expect(attempt("wrong password")).rejects.toThrow(REFUSED);
    await expect(attempt(password)).rejects.toThrow(REFUSED);
    expect(await signIn(database.db, { email, password }, device)).toEqual(device);
    expect(await row()).toMatchObject({ failedSignIns: 0, lockedUntil: null });
  });

  it("gives a known device no more tries than anybody, and none for another account or an older session", async () => {
    const device = await attempt(password);
    const guess = (as = device) => signIn(database.db, { email, password: "wrong password" }, as);
    for (let n = 0; n < 20; n += 1) await expect(guess()).rejects.toThrow(REFUSED);
    expect(checks.real).toHaveBeenCalledTimes(1 + 2 * FREE_FAILURES);
    await expect(signIn(database.db, { email, password }, device)).rejects.toThrow(REFUSED);
    await database.db.update(users).set({ knownDeviceFailures: 0 });
    for (const other of [
      { ...device, epoch: 0 },
      { ...device, userId: newId() },
    ]) {
      await expect(signIn(database.db, { email, password }, other)).rejects.toThrow(REFUSED);
    }
  });

  it("looks at no more passwords when many are tried at once", async () => {
    const tries = Array.from({ length: 20 }, (_, n) => attempt(`wrong password ${n}`));
    const results = await Promise.allSettled(tries);
    expect(results.every(({ status }) => status === "rejected")).toBe(true);
    expect(checks.real).toHaveBeenCalledTimes(FREE_FAILURES);
  });

  it("refuses a disabled account", async () => {
    await database.db.update(users).set({ disabledAt: new Date() });
    await expect(attempt(password)).rejects.toThrow(REFUSED);
  });

  it("stores argon2id with its parameters", async () => {
    const hash = (await row())?.passwordHash ?? "";
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await matchesPassword(hash, password)).toBe(true);
  });
});
