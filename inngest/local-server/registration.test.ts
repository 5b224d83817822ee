import { Inngest } from "inngest";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { sign } from "./protocol/signature";
import { keys } from "./testing/app";
import { createTestDatabase, type TestDatabase } from "./testing/postgres";
import { pause, World } from "./testing/world";

let database: TestDatabase;
let world: World;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterEach(() => world.close());
afterAll(() => database.drop());

type Options = Omit<Parameters<Inngest["createFunction"]>[0], "id" | "triggers">;

async function problemOf(options: Options & { triggers?: { event: string; if?: string }[] }): Promise<string> {
  world = await World.create(database.url, () => []);
  const fn = world.client.createFunction(
    { id: "odd", triggers: [{ event: "odd/event" }], ...options },
    async () => undefined,
  );
  world.app.mount(world.client, [fn]);
  await world.until(() => world.logged.some((line) => line.includes("odd")));
  expect(await world.registeredFunctions()).toEqual([]);
  return world.logged.find((line) => line.includes("odd")) ?? "";
}

describe("an option the server does not carry out is refused by name", () => {
  const cases: [string, Options & { triggers?: { event: string; if?: string }[] }][] = [
    ["debounce", { debounce: { period: "5s" } }],
    ["batchEvents", { batchEvents: { maxSize: 10, timeout: "5s" } }],
    ["rateLimit", { rateLimit: { limit: 1, period: "5s" } }],
    ["timeouts", { timeouts: { finish: "5s" } }],
  ];
  it.each(cases)("%s", async (option, options) => {
    expect(await problemOf(options)).toContain(`Function \\"app-odd\\": option \\"${option}\\"`);
  });

  it("an expression beyond the subset, by function, option and text", async () => {
    const problem = await problemOf({ concurrency: { limit: 1, key: "lowerAscii(event.data.x)" } });
    expect(problem).toContain('Function \\"app-odd\\": option \\"concurrency.key\\"');
    expect(problem).toContain("lowerAscii(event.data.x)");
  });

  it("a trigger's if beyond the subset", async () => {
    const problem = await problemOf({ triggers: [{ event: "odd/event", if: "event.data.list.exists(x, x > 1)" }] });
    expect(problem).toContain('option \\"if\\"');
  });
});

describe("keys and signatures", () => {
  it("refuses a registration and a read without the right signing key", async () => {
    world = await World.create(database.url, () => []);
    const stranger = new Inngest({
      id: "stranger",
      baseUrl: world.url,
      isDev: false,
      signingKey: "ffff",
      eventKey: "x",
    });
    const body = JSON.stringify({ appName: "stranger", url: world.app.url, sdk: "js:v4", functions: [] });
    const headers = { authorization: "Bearer ffff" };
    expect((await fetch(`${world.url}/fn/register`, { method: "POST", body, headers })).status).toBe(401);
    expect((await fetch(`${world.url}/v1/runs/x`)).status).toBe(401);
    await expect(stranger.send({ name: "a/b" })).rejects.toThrow();
    expect((await world.api("/fn/register", { method: "POST", body })).status).toBe(200);
  });

  it("calls the app with a signature it accepts, which a wrong key and a stale time are not", async () => {
    let runs = 0;
    world = await World.create(database.url, (client) => [
      client.createFunction({ id: "guarded", triggers: [{ event: "guard/run" }] }, async () => {
        runs += 1;
      }),
    ]);
    const body = '{"ctx":{"run_id":"01","attempt":0},"event":{"name":"guard/run","data":{}},"events":[],"steps":{}}';
    const call = async (signature: string): Promise<number> => {
      const url = `${world.app.url}?fnId=app-guarded&stepId=step`;
      return (await fetch(url, { method: "POST", body, headers: { "x-inngest-signature": signature } })).status;
    };
    const now = Math.floor(Date.now() / 1_000);
    expect(await call(sign(body, "00ff"))).toBe(401);
    expect(await call(sign(body, keys.signingKey, now - 600))).toBe(401);
    expect(runs).toBe(0);
    expect(await world.run("guard/run")).toMatchObject({ status: "Completed" });
    expect(runs).toBe(1);
  });

  it.each([
    ["unsigned", () => undefined],
    ["signed with another key", (body: string) => sign(body, "00ff")],
    ["signed too long ago", (body: string) => sign(body, keys.signingKey, Math.floor(Date.now() / 1_000) - 600)],
  ])("does not believe an answer that is %s", async (_, signature) => {
    world = await World.create(database.url, (client) => [
      client.createFunction({ id: "faked", retries: 1, triggers: [{ event: "fake/run" }] }, async () => "genuine"),
    ]);
    let answers = 0;
    world.app.answerWith((request, response) => {
      if (request.method === "POST") answers += 1;
      const header = signature('"forged"');
      if (header) response.setHeader("x-inngest-signature", header);
      response.writeHead(200).end('"forged"');
    });
    const run = await world.run("fake/run");
    expect(run).toMatchObject({ status: "Failed", output: { name: "AnswerNotBelieved" } });
    // What the app did is unknown, so it is asked again, as often as the function allows.
    expect(answers).toBe(2);
  });
});

describe("an app that changes", () => {
  it("archives the functions it no longer has, and stops their schedules", async () => {
    world = await World.create(database.url, (client) => [
      client.createFunction({ id: "kept", triggers: [{ event: "app/run" }] }, async () => "kept"),
      client.createFunction(
        { id: "gone", triggers: [{ event: "app/run" }, { cron: "* * * * *" }] },
        async () => "gone",
      ),
    ]);
    expect(await world.sql`select 1 from cron`).toHaveLength(1);
    const { client } = world;
    world.app.mount(client, [
      client.createFunction({ id: "kept", triggers: [{ event: "app/run" }] }, async () => "kept"),
    ]);
    // Once the server says so it goes by it: what is stored it has yet to read.
    await world.until(() => world.logged.filter((line) => line.includes("app registered")).length === 2);
    expect(await world.registeredFunctions()).toEqual(["app-kept"]);
    expect(await world.sql`select 1 from cron`).toHaveLength(0);
    const id = await world.send("app/run");
    await world.endOf(id);
    expect(await world.runsOf(id)).toMatchObject([{ function_id: "app-kept", output: "kept" }]);
  });

  it("is registered by itself too, when it does not answer in band", async () => {
    world = await World.create(database.url, () => [], { sdkUrls: [] });
    const { client } = world;
    world.app.mount(client, [client.createFunction({ id: "own", triggers: [{ event: "own/run" }] }, async () => 1)]);
    const response = await fetch(world.app.url, { method: "PUT" });
    expect(await response.json()).toMatchObject({ modified: true });
    expect(await world.run("own/run")).toMatchObject({ status: "Completed", output: 1 });
  });

  it("loses no run and no attempt while it is down", async () => {
    let calls = 0;
    world = await World.create(database.url, (client) => [
      client.createFunction({ id: "down", retries: 0, triggers: [{ event: "down/run" }] }, async ({ attempt }) => {
        calls += 1;
        return attempt;
      }),
    ]);
    const port = Number(new URL(world.app.url).port);
    await world.app.close();
    const id = await world.send("down/run");
    await pause(1_500);
    expect(await world.runsOf(id)).toMatchObject([{ status: "Running" }]);
    await world.app.listen(port);
    expect(await world.endOf(id)).toMatchObject({ status: "Completed", output: 0 });
    expect(calls).toBe(1);
  });
});
