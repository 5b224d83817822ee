import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "./testing/postgres";
import { pause, World } from "./testing/world";

let database: TestDatabase;
let world: World;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterEach(() => world.close());
afterAll(() => database.drop());

/** Counts what runs at once, in all and by key, and remembers the highest count seen. */
class Gauge {
  readonly peaks = new Map<string, number>();
  readonly #now = new Map<string, number>();
  done = 0;

  async hold(keys: string[], ms: number): Promise<void> {
    for (const key of keys) {
      const count = (this.#now.get(key) ?? 0) + 1;
      this.#now.set(key, count);
      this.peaks.set(key, Math.max(count, this.peaks.get(key) ?? 0));
    }
    await pause(ms);
    for (const key of keys) this.#now.set(key, (this.#now.get(key) ?? 0) - 1);
    this.done += 1;
  }
}

describe("concurrency", () => {
  it("keeps both limits: of the function, and of each key; a full key does not hold up the others", async () => {
    const gauge = new Gauge();
    world = await World.create(database.url, (client) => [
      client.createFunction(
        {
          id: "limited",
          triggers: [{ event: "limited/run" }],
          concurrency: [{ limit: 3 }, { key: "event.data.account", limit: 1 }],
        },
        async ({ event, step }) => {
          await step.run("work", () => gauge.hold(["all", event.data.account], 60));
          await step.run("more", () => gauge.hold(["all", event.data.account], 60));
        },
      ),
    ]);
    const accounts = [...Array(60).fill("a"), "b", "b", "c", "c", "d"] as string[];
    await world.client.send(accounts.map((account) => ({ name: "limited/run", data: { account } })));
    // The backlog of "a" came first and is longer than one look into the queue.
    await world.until(() => (gauge.peaks.get("b") ?? 0) + (gauge.peaks.get("c") ?? 0) === 2);
    expect(gauge.done).toBeLessThan(60);
    await world.until(async () => {
      const [row] = await world.sql<{ n: number }[]>`
        select count(*)::int as n from run join event on event.id = event_id where ended_at is not null and body not like '%"a"%'`;
      return row?.n === 5;
    });
    expect(Object.fromEntries(gauge.peaks)).toMatchObject({ a: 1, b: 1, c: 1, d: 1 });
    expect(gauge.peaks.get("all")).toBeLessThanOrEqual(3);
    expect(gauge.peaks.get("all")).toBeGreaterThan(1);
  });

  it("limits running steps, not sleeping runs", async () => {
    const started: number[] = [];
    world = await World.create(database.url, (client) => [
      client.createFunction(
        { id: "sleeper", triggers: [{ event: "sleeper/run" }], concurrency: 1 },
        async ({ step }) => {
          await step.run("begin", () => {
            started.push(Date.now());
          });
          await step.sleep("rest", "1h");
        },
      ),
    ]);
    await world.client.send([{ name: "sleeper/run" }, { name: "sleeper/run" }, { name: "sleeper/run" }]);
    await world.until(() => started.length === 3);
  });

  it("shares a limit between functions when its scope says so", async () => {
    const gauge = new Gauge();
    const concurrency = { scope: "account", key: '"vendor-" + event.data.vendor', limit: 1 } as const;
    world = await World.create(database.url, (client) =>
      ["one", "two"].map((id) =>
        client.createFunction({ id, triggers: [{ event: "shared/run" }], concurrency }, async ({ step, event }) => {
          await step.run("work", () => gauge.hold([event.data.vendor], 80));
        }),
      ),
    );
    await world.client.send(["x", "x", "y"].map((vendor) => ({ name: "shared/run", data: { vendor } })));
    await world.until(() => gauge.done === 6);
    expect(Object.fromEntries(gauge.peaks)).toEqual({ x: 1, y: 1 });
  });
});

describe("throttle", () => {
  /** When runs were started, by the clock of the database, in seconds since the first one. */
  async function starts(count: number, part = ""): Promise<number[]> {
    const find = (): Promise<{ at: Date }[]> => world.sql<{ at: Date }[]>`
      select started_at as at from run join event on event.id = event_id
      where started_at is not null and body like ${`%${part}%`} order by started_at`;
    await world.until(async () => (await find()).length === count);
    const times = (await find()).map((row) => row.at.getTime() / 1_000);
    return times.map((time) => time - (times[0] ?? 0));
  }

  it("spaces the starts of each key and drops none; other keys are not held up", async () => {
    world = await World.create(database.url, (client) => [
      client.createFunction(
        {
          id: "paced",
          triggers: [{ event: "paced/run" }],
          throttle: { key: "event.data.key", limit: 2, period: "1s" },
        },
        async ({ step }) => {
          await step.run("one", () => undefined);
          await step.run("later-steps-are-not-throttled", () => undefined);
        },
      ),
    ]);
    await world.client.send(["a", "a", "a", "b"].map((key) => ({ name: "paced/run", data: { key } })));
    const ofA = await starts(3, '"key":"a"');
    // Two a second are one every half second.
    expect(ofA[1]).toBeGreaterThanOrEqual(0.5);
    expect((ofA[2] ?? 0) - (ofA[1] ?? 0)).toBeGreaterThanOrEqual(0.5);
    const all = await starts(4);
    expect(all[1]).toBeLessThan(0.5);
    await world.until(async () => (await world.sql`select 1 from run where ended_at is null`).length === 0);
  });

  it("lets a burst through at once and paces what comes after it", async () => {
    world = await World.create(database.url, (client) => [
      client.createFunction(
        { id: "bursty", triggers: [{ event: "bursty/run" }], throttle: { limit: 1, period: "1s", burst: 2 } },
        async () => undefined,
      ),
    ]);
    await world.client.send([1, 2, 3, 4].map((n) => ({ name: "bursty/run", data: { n } })));
    const all = await starts(4);
    expect(all[2]).toBe(0);
    expect(all[3]).toBeGreaterThanOrEqual(1);
  });
});

describe("singleton", () => {
  it("skips an event while a run of its key is active, and takes the next one after it", async () => {
    const seen: string[] = [];
    let isHeld = true;
    world = await World.create(database.url, (client) => [
      client.createFunction(
        { id: "single", triggers: [{ event: "single/run" }], singleton: { key: "event.data.key", mode: "skip" } },
        async ({ event, step }) => {
          await step.run("work", async () => {
            seen.push(`${event.data.key}${event.data.n}`);
            while (isHeld) await pause(10);
          });
        },
      ),
    ]);
    const first = await world.send("single/run", { key: "a", n: 1 });
    const second = await world.send("single/run", { key: "a", n: 2 });
    await world.send("single/run", { key: "b", n: 1 });
    isHeld = false;
    await world.endOf(first);
    expect(await world.runsOf(second)).toEqual([]);
    await world.run("single/run", { key: "a", n: 3 });
    expect(seen.sort()).toEqual(["a1", "a3", "b1"]);
  });

  it("cancels the active run of its key when the mode says so", async () => {
    world = await World.create(database.url, (client) => [
      client.createFunction(
        { id: "latest", triggers: [{ event: "latest/run" }], singleton: { mode: "cancel" } },
        async ({ event, step }) => {
          await step.sleep("wait", event.data.n === 1 ? "1h" : "0s");
          return event.data.n;
        },
      ),
    ]);
    const first = await world.send("latest/run", { n: 1 });
    await world.until(async () => (await world.sql`select 1 from wait where kind = 'sleep'`).length === 1);
    expect(await world.run("latest/run", { n: 2 })).toMatchObject({ status: "Completed", output: 2 });
    expect(await world.endOf(first)).toMatchObject({ status: "Cancelled" });
  });
});

it("starts one run for all events with the same idempotency key", async () => {
  const seen: number[] = [];
  world = await World.create(database.url, (client) => [
    client.createFunction(
      { id: "once", triggers: [{ event: "once/run" }], idempotency: "event.data.order" },
      async ({ event }) => {
        seen.push(event.data.n);
      },
    ),
  ]);
  await world.client.send([1, 2].map((n) => ({ name: "once/run", data: { order: "o1", n } })));
  await world.run("once/run", { order: "o2", n: 3 });
  // The other order's run may still be on its way to the app.
  await world.until(() => seen.length >= 2);
  expect(seen.sort()).toEqual([1, 3]);
});

it("starts runs of higher priority first", async () => {
  const order: string[] = [];
  world = await World.create(database.url, (client) => [
    client.createFunction(
      {
        id: "ranked",
        triggers: [{ event: "ranked/run" }],
        concurrency: 1,
        priority: { run: 'event.data.plan == "gold" ? 300 : 0' },
      },
      async ({ event }) => {
        order.push(event.data.name);
        await pause(event.data.name === "first" ? 300 : 5);
      },
    ),
  ]);
  const first = await world.send("ranked/run", { name: "first" });
  await world.until(() => order.length === 1);
  await world.client.send([
    { name: "ranked/run", data: { name: "plain", plan: "none" } },
    { name: "ranked/run", data: { name: "gold", plan: "gold" } },
  ]);
  await world.endOf(first);
  await world.until(() => order.length === 3);
  expect(order).toEqual(["first", "gold", "plain"]);
});
