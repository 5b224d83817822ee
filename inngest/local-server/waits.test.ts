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

/** Waits until so many runs wait in this way. */
async function waiting(kind: string, count = 1): Promise<void> {
  await world.until(async () => (await world.sql`select 1 from wait where kind = ${kind}`).length === count);
}

describe("sleep", () => {
  it("goes on after the time, not before, and without calling the app meanwhile", async () => {
    world = await World.create(database.url, (client) => [
      client.createFunction({ id: "nap", triggers: [{ event: "nap/run" }] }, async ({ step }) => {
        const from = await step.run("from", () => Date.now());
        await step.sleep("nap", "1s");
        await step.sleepUntil("nap-until", new Date(from + 2_000));
        return (await step.run("to", () => Date.now())) - from;
      }),
    ]);
    const run = await world.run("nap/run");
    expect(run.output).toBeGreaterThanOrEqual(2_000);
    // One call for each step, and one for the end.
    expect(world.app.requests.filter((request) => request.method === "POST")).toHaveLength(5);
  });
});

describe("waitForEvent", () => {
  const makeWaiter = (options: { match?: string; if?: string; timeout?: string }) => async (): Promise<void> => {
    world = await World.create(database.url, (client) => [
      client.createFunction({ id: "waiter", triggers: [{ event: "order/placed" }] }, async ({ step }) => {
        const paid = await step.waitForEvent("paid", { event: "order/paid", timeout: "1h", ...options });
        return paid ? paid.data : "timed out";
      }),
    ]);
  };

  it("takes the first event whose field matches, and leaves others alone", async () => {
    await makeWaiter({ match: "data.order" })();
    const placed = await world.send("order/placed", { order: 1 });
    await waiting("event");
    await world.send("order/paid", { order: 2 });
    await world.send("order/paid", {});
    await pause(150);
    expect(await world.runsOf(placed)).toMatchObject([{ status: "Running" }]);
    await world.send("order/paid", { order: 1, amount: 5 });
    expect(await world.endOf(placed)).toMatchObject({ output: { order: 1, amount: 5 } });
  });

  it("evaluates an if over both events", async () => {
    await makeWaiter({ if: "event.data.order == async.data.order && async.data.amount >= 10" })();
    const placed = await world.send("order/placed", { order: 1 });
    await waiting("event");
    await world.send("order/paid", { order: 1, amount: 9 });
    await world.send("order/paid", { order: 1, amount: 10 });
    expect(await world.endOf(placed)).toMatchObject({ output: { amount: 10 } });
  });

  it("gives null when the time is over", async () => {
    await makeWaiter({ timeout: "1s" })();
    expect(await world.run("order/placed", { order: 1 })).toMatchObject({ output: "timed out" });
  });

  it("fails the run clearly when it cannot evaluate the condition", async () => {
    await makeWaiter({ if: "async.data.tags.exists(t, t == 'x')" })();
    const run = await world.run("order/placed");
    expect(run).toMatchObject({
      status: "Failed",
      output: { message: expect.stringContaining("async.data.tags.exists") },
    });
  });
});

describe("invoke", () => {
  it("returns what the other function returns, throws what it throws, and gives up after its timeout", async () => {
    world = await World.create(database.url, (client) => {
      const square = client.createFunction({ id: "square", retries: 0, triggers: [] }, async ({ event, step }) => {
        const { n } = event.data as { n: number };
        if (n < 0) throw new Error("negative");
        if (n === 0) await step.sleep("long", "1h");
        return step.run("square", () => n ** 2);
      });
      const caller = client.createFunction({ id: "caller", triggers: [{ event: "call/run" }] }, async ({ step }) => {
        const nine = await step.invoke("three", { function: square, data: { n: 3 } });
        const negative = await step
          .invoke("minus", { function: square, data: { n: -1 } })
          .catch((error: Error) => error.message);
        const late = await step
          .invoke("never", { function: square, data: { n: 0 }, timeout: "1s" })
          .catch((error: Error) => error.message);
        return [nine, negative, late];
      });
      return [square, caller];
    });
    expect(await world.run("call/run")).toMatchObject({
      status: "Completed",
      output: [9, "negative", "The invoked function did not finish in time"],
    });
  });
});

describe("cancelOn", () => {
  it("cancels the matching run only, and its steps do not go on", async () => {
    const effects: number[] = [];
    const cancelled: unknown[] = [];
    world = await World.create(database.url, (client) => [
      client.createFunction(
        {
          id: "job",
          triggers: [{ event: "job/start" }],
          cancelOn: [{ event: "job/stop", match: "data.job" }],
        },
        async ({ event, step }) => {
          await step.sleep("wait", "1s");
          await step.run("effect", () => {
            effects.push(event.data.job);
          });
        },
      ),
      client.createFunction(
        { id: "on-cancel", triggers: [{ event: "inngest/function.cancelled" }] },
        async ({ event }) => {
          cancelled.push((event.data as { function_id: string }).function_id);
        },
      ),
    ]);
    const one = await world.send("job/start", { job: 1 });
    const two = await world.send("job/start", { job: 2 });
    await waiting("sleep", 2);
    await world.send("job/stop", { job: 1 });
    expect(await world.endOf(one)).toMatchObject({ status: "Cancelled" });
    expect(await world.endOf(two)).toMatchObject({ status: "Completed" });
    expect(effects).toEqual([2]);
    await world.until(() => cancelled.length === 1);
    expect(cancelled).toEqual(["app-job"]);
  });

  it("is what a DELETE of the run does too, once", async () => {
    world = await World.create(database.url, (client) => [
      client.createFunction({ id: "endless", triggers: [{ event: "endless/run" }] }, async ({ step }) => {
        await step.sleep("long", "1h");
      }),
    ]);
    const id = await world.send("endless/run");
    await waiting("sleep");
    const [run] = await world.runsOf(id);
    expect((await world.api(`/v1/runs/${run?.run_id}`, { method: "DELETE" })).status).toBe(204);
    expect(await world.endOf(id)).toMatchObject({ status: "Cancelled" });
    await waiting("sleep", 0);
  });

  it("no longer cancels once its timeout is over", async () => {
    world = await World.create(database.url, (client) => [
      client.createFunction(
        {
          id: "brief",
          triggers: [{ event: "brief/start" }],
          cancelOn: [{ event: "brief/stop", if: "event.data.id == async.data.id", timeout: "1s" }],
        },
        async ({ step }) => {
          await step.sleep("wait", "2s");
        },
      ),
    ]);
    const id = await world.send("brief/start", { id: "x" });
    await waiting("sleep", 1);
    await pause(1_100);
    await world.send("brief/stop", { id: "x" });
    expect(await world.endOf(id)).toMatchObject({ status: "Completed" });
  });

  it("cancels a run whose start is still in the future", async () => {
    let runs = 0;
    world = await World.create(database.url, (client) => [
      client.createFunction(
        { id: "planned", triggers: [{ event: "plan/set" }], cancelOn: [{ event: "plan/dropped", match: "data.id" }] },
        async () => {
          runs += 1;
        },
      ),
    ]);
    const id = await world.send("plan/set", { id: 1 }, { ts: Date.now() + 600 });
    await world.send("plan/dropped", { id: 1 });
    expect(await world.endOf(id)).toMatchObject({ status: "Cancelled" });
    await pause(800);
    expect(runs).toBe(0);
  });
});
