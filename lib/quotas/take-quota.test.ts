import { and, eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { SourceError } from "../connectors/source-error";
import { openDatabase } from "../db/client";
import { sourceQuotas } from "../db/schema";
import { testDatabase } from "../db/testing";
import { learnQuota } from "./learn-quota";
import { takeQuota, tryTake } from "./take-quota";

const database = testDatabase();
const noon = new Date("2026-06-01T12:00:00Z");
const day = (limit: number) => [{ window: "day" as const, limit }];

async function usedOf(accountKey: string, window: "day" | "second" = "day") {
  const [row] = await database.db
    .select()
    .from(sourceQuotas)
    .where(and(eq(sourceQuotas.accountKey, accountKey), eq(sourceQuotas.window, window)));
  return row;
}

describe("taking calls from an account", () => {
  it("is never overdrawn by 40 restarts with parallel takers", async () => {
    let granted = 0;
    // A pool of its own is what a new process has: nothing is remembered but what the database holds.
    const liveOnce = async () => {
      const { db, close } = openDatabase(database.url, { max: 2 });
      const answers = await Promise.all(Array.from({ length: 5 }, () => tryTake(db, "restarts", day(50), noon)));
      granted += answers.filter((spent) => spent === null).length;
      await close();
    };
    for (let restart = 0; restart < 40; restart += 4) await Promise.all([1, 2, 3, 4].map(liveOnce));
    expect(granted).toBe(50);
    expect(await usedOf("restarts")).toMatchObject({ used: 50, limit: 50 });
  }, 60_000);

  it("takes from no window where one is spent", async () => {
    const limits = [{ window: "second" as const, limit: 1 }, ...day(10)];
    expect(await tryTake(database.db, "both", limits, noon)).toBeNull();
    expect(await tryTake(database.db, "both", limits, noon)).toMatchObject({ window: "second" });
    expect((await usedOf("both"))?.used).toBe(1);
    expect(await tryTake(database.db, "both", limits, new Date(noon.getTime() + 1_001))).toBeNull();
    expect((await usedOf("both"))?.used).toBe(2);
  });

  it("says until when a spent day is spent, and starts anew at midnight UTC", async () => {
    await takeQuota(database.db, "daily", day(1), () => noon);
    const error = await takeQuota(database.db, "daily", day(1), () => noon).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SourceError);
    expect(error).toMatchObject({
      code: "QUOTA_SPENT",
      waitReason: "quota",
      retryAt: new Date("2026-06-02T00:00:00Z"),
    });
    await takeQuota(database.db, "daily", day(1), () => new Date("2026-06-02T00:00:00Z"));
    expect(await usedOf("daily")).toMatchObject({ used: 1, resetAt: new Date("2026-06-03T00:00:00Z") });
  });

  it("waits for the next second instead of failing", async () => {
    const limits = [{ window: "second" as const, limit: 2 }];
    const startedAt = Date.now();
    await Promise.all(Array.from({ length: 5 }, () => takeQuota(database.db, "seconds", limits)));
    expect(Date.now() - startedAt).toBeGreaterThan(1_900);
  });
});

describe("learning from the vendor's headers", () => {
  it("takes over the limit and never lowers what is used", async () => {
    for (let i = 0; i < 3; i++) await tryTake(database.db, "learns", day(10), noon);
    await learnQuota(database.db, "learns", [{ window: "day", limit: 100, remaining: 99 }], noon);
    expect(await usedOf("learns")).toMatchObject({ limit: 100, used: 3 });
    const resetAt = new Date("2026-06-01T18:00:00Z");
    await learnQuota(database.db, "learns", [{ window: "day", limit: 100, remaining: 0, resetAt }], noon);
    expect(await usedOf("learns")).toMatchObject({ limit: 100, used: 100, resetAt });
    expect(await tryTake(database.db, "learns", day(10), noon)).toMatchObject({ window: "day", resetAt });
  });
});
