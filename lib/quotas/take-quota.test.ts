import { and, eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { SourceError } from "../connectors/source-error";
import { openDatabase } from "../db/client";
import { sourceQuotas } from "../db/schema";
import { testDatabase } from "../db/testing";
import { holdAccount } from "./hold-account";
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
    expect(await tryTake(database.db, "both", limits, new Date(noon.getTime() + 1_021))).toBeNull();
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

describe("calls per second", () => {
  it.each([1, 3, 5, 12])(
    "lets no more than %i into any second, whenever it begins, and most of them",
    async (limit) => {
      const limits = [{ window: "second" as const, limit }];
      const taken: number[] = [];
      // Somebody who takes whatever there is, as soon as it is there.
      for (let at = 0; at < 4_000; ) {
        const spent = await tryTake(database.db, `rate-${limit}`, limits, new Date(noon.getTime() + at));
        if (!spent) taken.push(at);
        at = spent ? spent.resetAt.getTime() - noon.getTime() : at + 1;
      }
      const most = Math.max(...taken.map((from) => taken.filter((at) => at >= from && at < from + 1000).length));
      expect(most).toBeLessThanOrEqual(limit);
      expect(taken.length).toBeGreaterThanOrEqual(Math.floor(4 * limit * 0.7));
    },
    60_000,
  );
});

describe("an account that was told to wait", () => {
  const busy = (retryAt: Date, waitReason: "retry" | "quota" = "retry") =>
    new SourceError("TOO_MANY", "Slow down.", {
      isRetryable: true,
      retryAt,
      waitReason,
      answer: { request: "GET", status: 429 },
    });
  const limits = [{ window: "second" as const, limit: 5 }, ...day(100)];

  it("is left alone by everyone until the instant the vendor named, and no later word shortens that", async () => {
    expect(await tryTake(database.db, "held", limits, noon)).toBeNull();
    await holdAccount(database.db, "held", busy(new Date(noon.getTime() + 30_000)), noon);
    await holdAccount(database.db, "held", busy(new Date(noon.getTime() + 5_000)), noon);
    const later = (seconds: number) => () => new Date(noon.getTime() + seconds * 1000);
    await expect(takeQuota(database.db, "held", limits, later(1))).rejects.toMatchObject({
      code: "QUOTA_HELD",
      waitReason: "quota",
      retryAt: new Date(noon.getTime() + 30_000),
    });
    await takeQuota(database.db, "held", limits, later(30));
    expect((await usedOf("held"))?.used).toBe(2);
  });

  it("waits for the reset of a day that the vendor calls spent, whatever was counted here", async () => {
    expect(await tryTake(database.db, "spent", limits, noon)).toBeNull();
    const reset = new Date("2026-06-01T13:00:00Z");
    await holdAccount(database.db, "spent", busy(reset, "quota"), noon);
    expect(await tryTake(database.db, "spent", limits, new Date("2026-06-01T12:59:59Z"))).toMatchObject({
      resetAt: reset,
    });
    expect(await tryTake(database.db, "spent", limits, reset)).toBeNull();
  });

  it("is not held for other failures", async () => {
    expect(await tryTake(database.db, "free", limits, noon)).toBeNull();
    const retryAt = new Date(noon.getTime() + 60_000);
    const failed = new SourceError("VENDOR_FAILED", "No.", {
      isRetryable: true,
      retryAt,
      answer: { request: "GET", status: 503 },
    });
    await holdAccount(database.db, "free", failed, noon);
    await holdAccount(database.db, "free", new Error("else"), noon);
    expect(await tryTake(database.db, "free", limits, new Date(noon.getTime() + 1_000))).toBeNull();
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

  it("takes over the limit of a second when that second is long over", async () => {
    await tryTake(database.db, "seconds-learnt", [{ window: "second", limit: 5 }], noon);
    await learnQuota(
      database.db,
      "seconds-learnt",
      [{ window: "second", limit: 20 }],
      new Date(noon.getTime() + 5_000),
    );
    expect(await usedOf("seconds-learnt", "second")).toMatchObject({ limit: 20 });
  });
});
