import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "./testing/postgres";
import { pause, World } from "./testing/world";
import { cronProblem, latestTick, nextTick } from "./timers/cron-schedule";

describe("schedule", () => {
  const at = (text: string): Date => new Date(text);

  it("gives the next tick in the time zone of its prefix, over a change of the clock", () => {
    const daily = "TZ=Australia/Sydney 30 9 * * *";
    // Sydney goes from UTC+11 to UTC+10 on 5 April 2026.
    expect(nextTick(daily, at("2026-04-03T23:00:00Z"))).toEqual(at("2026-04-04T23:30:00Z"));
    expect(nextTick(daily, at("2026-04-03T20:00:00Z"))).toEqual(at("2026-04-03T22:30:00Z"));
  });

  it("gives the newest tick that has come, including this very second", () => {
    expect(latestTick("*/10 * * * *", at("2026-01-01T00:25:00Z"))).toEqual(at("2026-01-01T00:20:00Z"));
    expect(latestTick("*/10 * * * *", at("2026-01-01T00:20:00Z"))).toEqual(at("2026-01-01T00:20:00Z"));
  });

  it.each(["* * * * * *", "0 0 L * *", "0 0 15W * *", "0 0 * * 5#2", "61 * * * *", "often", "TZ=Mars/Base 0 0 * * *"])(
    "refuses %s, as Inngest does",
    (expression) => {
      expect(cronProblem(expression, { allowSecondsInCron: false })).not.toBeNull();
    },
  );

  it.each(["*/5 * * * *", "0 9 * * MON-FRI", "TZ=Europe/Berlin 0 0 1 JUL *", "@daily"])("accepts %s", (expression) => {
    expect(cronProblem(expression, { allowSecondsInCron: false })).toBeNull();
  });
});

describe("ticks", () => {
  let database: TestDatabase;
  let world: World;
  const ticks: number[] = [];

  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterEach(async () => {
    await world.close();
    ticks.length = 0;
  });
  afterAll(() => database.drop());

  async function everySecond(): Promise<void> {
    world = await World.create(
      database.url,
      (client) => [
        client.createFunction({ id: "tick", triggers: [{ cron: "* * * * * *" }] }, async ({ event }) => {
          ticks.push(event.ts ?? 0);
        }),
      ],
      { allowSecondsInCron: true },
    );
  }

  it("come once each, also over a restart; of those missed, the newest is made up for", async () => {
    await everySecond();
    await world.until(() => ticks.length >= 2);
    await world.stopServer();
    await pause(2_500);
    const missed = Math.floor(Date.now() / 1_000) * 1_000;
    const before = ticks.length;
    await world.startServer();
    await world.until(() => ticks.length >= before + 3);
    expect(new Set(ticks).size).toBe(ticks.length);
    expect(Math.min(...ticks.slice(before))).toBeGreaterThanOrEqual(missed);
  });

  it("come once each with two servers on one database", async () => {
    await everySecond();
    const { startLocalServer } = await import("./index");
    const { keys } = await import("./testing/app");
    const second = await startLocalServer({
      databaseUrl: database.url,
      port: 0,
      sdkUrls: [world.app.url],
      allowSecondsInCron: true,
      log: () => undefined,
      ...keys,
    });
    try {
      await world.until(() => ticks.length >= 4);
      expect(new Set(ticks).size).toBe(ticks.length);
    } finally {
      await second.close();
    }
  });

  it("do not come again because the app registers again", async () => {
    await everySecond();
    await world.until(() => ticks.length >= 1);
    await world.sql`update app set checksum = 'other'`;
    await world.until(() => ticks.length >= 3);
    expect(new Set(ticks).size).toBe(ticks.length);
  });
});
