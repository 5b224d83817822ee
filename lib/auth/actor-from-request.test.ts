import { eq } from "drizzle-orm";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { users } from "../db/schema";
import { testDatabase } from "../db/testing";
import { createToken } from "../tokens/create-token";
import { createUser } from "../users/create-user";
import { actorFromRequest } from "./actor-from-request";
import { SESSION_SECONDS, type SessionToken, sealSession, sessionCookie } from "./session-token";

const settings = vi.hoisted(() => ({ NEXTAUTH_SECRET: "s".repeat(40), NEXTAUTH_URL: undefined as string | undefined }));
vi.mock("../env", () => ({ env: () => settings }));

const database = testDatabase();
const ctx = () => ({ db: database.db, actor: { kind: "system", name: "test" } as const });
let userId: string;
let session: string;

beforeAll(async () => {
  const user = { name: "Otto", email: "otto@example.com", password: "correct horse battery" };
  userId = (await createUser(ctx(), { ...user, roles: ["operator"] })).id;
});
beforeEach(async () => {
  settings.NEXTAUTH_URL = undefined;
  await database.db.update(users).set({ sessionEpoch: 1, disabledAt: null, roles: ["operator"] });
  session = await sealSession({ userId, epoch: 1 });
});

function ask(method: string, headers: Record<string, string>) {
  const request = new Request("http://meterproof.test/api/v1/meters", {
    method,
    headers: { host: "meterproof.test", ...headers },
  });
  return actorFromRequest(request, database.db);
}
const cookie = (value = session) => ({ cookie: `other=1; ${sessionCookie().name}=${value}` });

describe("a session", () => {
  it("reads the roles from the database at every request", async () => {
    expect(await ask("GET", cookie())).toEqual({ kind: "user", id: userId, name: "Otto", roles: ["operator"] });
    await database.db
      .update(users)
      .set({ roles: ["viewer"] })
      .where(eq(users.id, userId));
    expect(await ask("GET", cookie())).toMatchObject({ roles: ["viewer"] });
  });

  it("is over when it was ended, the account disabled, or its time run out", async () => {
    const over = { code: "unauthenticated" };
    await database.db.update(users).set({ sessionEpoch: 2 });
    await expect(ask("GET", cookie())).rejects.toMatchObject(over);
    await database.db.update(users).set({ sessionEpoch: 1, disabledAt: new Date() });
    await expect(ask("GET", cookie())).rejects.toMatchObject(over);
    await database.db.update(users).set({ disabledAt: null });
    const sealedAgo = async (seconds: number) => {
      vi.useFakeTimers({ toFake: ["Date"], now: Date.now() - seconds * 1_000 });
      const sealed = await sealSession({ userId, epoch: 1 });
      vi.useRealTimers();
      return sealed;
    };
    expect(await ask("GET", cookie(await sealedAgo(SESSION_SECONDS - 60)))).toMatchObject({ id: userId });
    // The library forgives clocks that differ by 15 seconds.
    await expect(ask("GET", cookie(await sealedAgo(12 * 3_600 + 20)))).rejects.toMatchObject(over);
  });

  it("is not made by anybody else", async () => {
    settings.NEXTAUTH_SECRET = "t".repeat(40);
    const forged = await sealSession({ userId, epoch: 1 });
    settings.NEXTAUTH_SECRET = "s".repeat(40);
    for (const text of [forged, "", "x", `${session}x`, session.slice(1)]) {
      await expect(ask("GET", cookie(text))).rejects.toMatchObject({ code: "unauthenticated" });
    }
    const withoutEpoch = await sealSession({ userId } as SessionToken);
    await expect(ask("GET", cookie(withoutEpoch))).rejects.toMatchObject({ code: "unauthenticated" });
  });

  it.each([
    ["the same origin, said by the browser", { "sec-fetch-site": "same-origin" }],
    ["an origin that is the host", { origin: "http://meterproof.test" }],
  ])("may change things from %s", async (_what, headers) => {
    expect(await ask("POST", { ...cookie(), ...headers })).toMatchObject({ id: userId });
  });

  it.each([
    ["another site", { "sec-fetch-site": "cross-site", origin: "http://evil.test" }],
    ["another site that sends the right origin", { "sec-fetch-site": "cross-site", origin: "http://meterproof.test" }],
    ["a sister site", { "sec-fetch-site": "same-site" }],
    ["another origin", { origin: "http://evil.test" }],
    ["another port", { origin: "http://meterproof.test:81" }],
    ["a page without origin", { origin: "null" }],
    ["something that says nothing", {}],
  ])("may not change things from %s", async (_what, headers) => {
    for (const method of ["POST", "PATCH", "DELETE", "PUT"]) {
      await expect(ask(method, { ...cookie(), ...headers })).rejects.toMatchObject({ code: "forbidden" });
    }
  });

  it("takes the configured address behind a proxy that changes the host", async () => {
    settings.NEXTAUTH_URL = "https://meters.example.com";
    const headers = { cookie: `${sessionCookie().name}=${session}` };
    expect(await ask("POST", { ...headers, origin: "https://meters.example.com" })).toMatchObject({ id: userId });
  });

  it("is sent only over https where the address is https", () => {
    expect(sessionCookie()).toMatchObject({ options: { secure: false, httpOnly: true, sameSite: "lax" } });
    settings.NEXTAUTH_URL = "https://meters.example.com";
    expect(sessionCookie()).toMatchObject({ name: expect.stringMatching(/^__Host-/), options: { secure: true } });
  });
});

describe("a token", () => {
  it("acts without any origin", async () => {
    const { text } = await createToken(ctx(), { name: "Script", role: "operator" });
    expect(await ask("POST", { authorization: `Bearer ${text}` })).toMatchObject({ kind: "token", name: "Script" });
  });

  it("that is wrong is not made good by a cookie", async () => {
    for (const authorization of ["Bearer mp_wrong", "Basic b3R0bzpv", "Bearer", ""]) {
      await expect(ask("GET", { ...cookie(), authorization })).rejects.toMatchObject({ code: "unauthenticated" });
    }
  });
});
