import { NonRetriableError, RetryAfterError } from "inngest";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "./testing/postgres";
import { World } from "./testing/world";

/** What the SDK gives a failure handler; declared, because the types of an untyped client leave it open. */
interface Failure {
  event: { data: { function_id: string; run_id: string; event: { data: unknown } } };
  error: Error;
  step: { run(id: string, work: () => void): Promise<unknown> };
}

let database: TestDatabase;
let world: World;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterEach(() => world.close());
afterAll(() => database.drop());

describe("steps", () => {
  it("runs every step once, in order, and hands its result to the later ones", async () => {
    const effects: string[] = [];
    world = await World.create(database.url, (client) => [
      client.createFunction({ id: "sum", triggers: [{ event: "numbers/sent" }] }, async ({ event, step }) => {
        const a = await step.run("a", () => {
          effects.push("a");
          return event.data.n + 1;
        });
        const b = await step.run("b", () => {
          effects.push("b");
          return a * 2;
        });
        return { a, b, odd: "\u0000é\u2028😀" };
      }),
    ]);
    const run = await world.run("numbers/sent", { n: 20 });
    expect(run).toMatchObject({
      function_id: "app-sum",
      status: "Completed",
      output: { a: 21, b: 42, odd: "\u0000é\u2028😀" },
    });
    expect(effects).toEqual(["a", "b"]);
  });

  it("runs parallel steps once each, whatever order they end in", async () => {
    const effects: string[] = [];
    world = await World.create(database.url, (client) => [
      client.createFunction({ id: "fan", triggers: [{ event: "fan/out" }] }, async ({ step }) => {
        const names = ["a", "b", "c", "d", "e"];
        const results = await Promise.all(
          names.map((name) =>
            step.run(name, async () => {
              effects.push(name);
              await new Promise((resolve) => setTimeout(resolve, Math.random() * 50));
              return name;
            }),
          ),
        );
        return step.run("join", () => {
          effects.push("join");
          return results.join("");
        });
      }),
    ]);
    expect(await world.run("fan/out")).toMatchObject({ status: "Completed", output: "abcde" });
    expect([...effects].sort()).toEqual(["a", "b", "c", "d", "e", "join"]);
    expect(effects.at(-1)).toBe("join");
  });

  it("sends events from a step, and they start functions", async () => {
    const got: unknown[] = [];
    world = await World.create(database.url, (client) => [
      client.createFunction({ id: "sender", triggers: [{ event: "chain/start" }] }, async ({ step }) => {
        await step.sendEvent("pass-on", [
          { name: "chain/next", data: { n: 1 } },
          { name: "chain/next", data: { n: 2 } },
        ]);
      }),
      client.createFunction({ id: "receiver", triggers: [{ event: "chain/next" }] }, async ({ event }) => {
        got.push(event.data.n);
      }),
    ]);
    await world.run("chain/start");
    await world.until(() => got.length === 2);
    expect([...got].sort()).toEqual([1, 2]);
  });
});

describe("errors", () => {
  it("retries a step as often as the function allows, with the configured back-off, and then lets the function see it", async () => {
    const attempts: { attempt: number; at: number }[] = [];
    world = await World.create(
      database.url,
      (client) => [
        client.createFunction(
          { id: "flaky", retries: 2, triggers: [{ event: "flaky/run" }] },
          async ({ step, attempt }) => {
            try {
              await step.run("fails", () => {
                attempts.push({ attempt, at: Date.now() });
                throw new Error("no luck");
              });
            } catch (error) {
              return `caught ${(error as Error).message}`;
            }
          },
        ),
      ],
      { backoffMs: [400, 800] },
    );
    expect(await world.run("flaky/run")).toMatchObject({ status: "Completed", output: "caught no luck" });
    expect(attempts.map((entry) => entry.attempt)).toEqual([0, 1, 2]);
    const [first, second, third] = attempts.map((entry) => entry.at);
    expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(400);
    expect((third ?? 0) - (second ?? 0)).toBeGreaterThanOrEqual(800);
  });

  it("keeps the results of earlier steps while a later one is retried", async () => {
    let firsts = 0;
    let seconds = 0;
    world = await World.create(database.url, (client) => [
      client.createFunction({ id: "resume", triggers: [{ event: "resume/run" }] }, async ({ step }) => {
        await step.run("first", () => {
          firsts += 1;
        });
        return step.run("second", () => {
          seconds += 1;
          if (seconds < 3) throw new Error("not yet");
          return seconds;
        });
      }),
    ]);
    expect(await world.run("resume/run")).toMatchObject({ status: "Completed", output: 3 });
    expect(firsts).toBe(1);
  });

  it("waits as long as Retry-After says, and not the usual back-off", async () => {
    const at: number[] = [];
    world = await World.create(database.url, (client) => [
      client.createFunction({ id: "later", triggers: [{ event: "later/run" }] }, async ({ step }) =>
        step.run("asks-for-time", () => {
          at.push(Date.now());
          if (at.length === 1) throw new RetryAfterError("busy", 1_500);
        }),
      ),
    ]);
    await world.run("later/run");
    expect((at[1] ?? 0) - (at[0] ?? 0)).toBeGreaterThanOrEqual(950);
  });

  it("does not retry a function that throws a non-retriable error", async () => {
    let calls = 0;
    world = await World.create(database.url, (client) => [
      client.createFunction({ id: "final", triggers: [{ event: "final/run" }] }, async () => {
        calls += 1;
        throw new NonRetriableError("never");
      }),
    ]);
    expect(await world.run("final/run")).toMatchObject({ status: "Failed", output: { message: "never" } });
    expect(calls).toBe(1);
  });

  it("does not retry a step that throws a non-retriable error", async () => {
    let calls = 0;
    world = await World.create(database.url, (client) => [
      client.createFunction({ id: "final", triggers: [{ event: "final/run" }] }, async ({ step }) => {
        await step.run("refuses", () => {
          calls += 1;
          throw new NonRetriableError("never");
        });
      }),
    ]);
    expect(await world.run("final/run")).toMatchObject({ status: "Failed", output: { message: "never" } });
    expect(calls).toBe(1);
  });

  it("calls onFailure once, with the error and the event of the failed run", async () => {
    const failures: unknown[] = [];
    world = await World.create(database.url, (client) => [
      client.createFunction(
        {
          id: "doomed",
          retries: 1,
          triggers: [{ event: "doomed/run" }],
          onFailure: async ({ event, error, step }: Failure) => {
            await step.run("note", () => {
              failures.push({
                message: error.message,
                functionId: event.data.function_id,
                runId: event.data.run_id,
                original: event.data.event.data,
              });
            });
          },
        },
        async () => {
          throw new TypeError("broken");
        },
      ),
      client.createFunction({ id: "bystander", triggers: [{ event: "doomed/other" }] }, async () => undefined),
    ]);
    const run = await world.run("doomed/run", { n: 7 });
    expect(run.status).toBe("Failed");
    await world.until(() => failures.length > 0);
    await world.run("doomed/other");
    expect(failures).toEqual([{ message: "broken", functionId: "app-doomed", runId: run.run_id, original: { n: 7 } }]);
  });

  it("fails the run clearly when a step returns more than can be kept", async () => {
    world = await World.create(database.url, (client) => [
      client.createFunction({ id: "huge", triggers: [{ event: "huge/run" }] }, async ({ step }) => {
        await step.run("returns-too-much", () => "x".repeat(5_000_000));
      }),
    ]);
    const run = await world.run("huge/run");
    expect(run).toMatchObject({ status: "Failed", output: { name: "OutputTooLarge" } });
  });

  it("still runs when the results of steps no longer fit into a request", async () => {
    world = await World.create(database.url, (client) => [
      client.createFunction({ id: "large", triggers: [{ event: "large/run" }] }, async ({ step }) => {
        const parts: string[] = [];
        for (const n of [1, 2, 3]) parts.push(await step.run(`part-${n}`, () => String(n).repeat(2_000_000)));
        return parts.map((part) => part.length);
      }),
    ]);
    expect(await world.run("large/run")).toMatchObject({ status: "Completed", output: [2e6, 2e6, 2e6] });
  });
});
