import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { keys, TestApp, testClient } from "./testing/app";
import { createTestDatabase, type TestDatabase } from "./testing/postgres";
import { pause, World } from "./testing/world";

let database: TestDatabase;
let world: World;
const seen: { n: unknown; at: number }[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
});
afterEach(async () => {
  await world.close();
  seen.length = 0;
});
afterAll(() => database.drop());

async function collect(trigger: { event: string; if?: string } = { event: "thing/happened" }): Promise<void> {
  world = await World.create(database.url, (client) => [
    client.createFunction({ id: "collect", triggers: [trigger] }, async ({ event }) => {
      seen.push({ n: event.data.n, at: Date.now() });
    }),
  ]);
}

it("starts one run for each event of a batch, and names each event", async () => {
  await collect();
  const { ids } = await world.client.send([1, 2, 3].map((n) => ({ name: "thing/happened", data: { n } })));
  await world.until(() => seen.length === 3);
  expect(new Set(ids).size).toBe(3);
  expect(await world.endOf(ids[1] ?? "")).toMatchObject({ status: "Completed", function_id: "app-collect" });
});

it("takes an event id only once within 24 hours, in one request and in another", async () => {
  await collect();
  const event = (n: number): { id: string; name: string; data: object } => ({
    id: "same",
    name: "thing/happened",
    data: { n },
  });
  const { ids } = await world.client.send([event(1), event(2)]);
  const again = await world.send("thing/happened", { n: 3 }, { id: "same" });
  await world.endOf(ids[0] ?? "");
  expect(seen.map((entry) => entry.n)).toEqual([1]);
  expect([ids[1], again]).toEqual([ids[0], ids[0]]);
  await world.sql`update event_key set expires_at = now() - interval '1 second'`;
  await world.endOf(await world.send("thing/happened", { n: 4 }, { id: "same" }));
  expect(seen.map((entry) => entry.n)).toEqual([1, 4]);
});

it("does not double the events of a request that the sender repeats because its answer was lost", async () => {
  await collect();
  const init = {
    method: "POST",
    headers: { "x-inngest-event-id-seed": `${Date.now()},c2VlZC1zZWVk` },
    body: JSON.stringify([{ name: "thing/happened", data: { n: 1 } }]),
  };
  const first = await (await fetch(`${world.url}/e/${keys.eventKey}`, init)).json();
  const second = await (await fetch(`${world.url}/e/${keys.eventKey}`, init)).json();
  expect(second).toEqual(first);
  await world.run("thing/happened", { n: 2 });
  await world.until(() => seen.length === 2);
  await pause(100);
  expect(seen.map((entry) => entry.n).sort()).toEqual([1, 2]);
});

it("delays the run of an event whose ts is in the future", async () => {
  await collect();
  const at = Date.now() + 1_500;
  const id = await world.send("thing/happened", { n: 1 }, { ts: at });
  expect(await world.runsOf(id)).toMatchObject([{ status: "Scheduled" }]);
  await world.endOf(id);
  expect(seen[0]?.at).toBeGreaterThanOrEqual(at - 20);
  expect(seen[0]?.at).toBeLessThan(at + 3_000);
});

it("starts a function only for the events its if admits", async () => {
  await collect({ event: "thing/*", if: "event.data.kind == 'good' && event.data.n > 1" });
  await world.client.send([
    { name: "thing/a", data: { n: 1, kind: "good" } },
    { name: "thing/b", data: { n: 2, kind: "bad" } },
    { name: "other/c", data: { n: 3, kind: "good" } },
    { name: "thing/d", data: { n: 4, kind: "good" } },
  ]);
  await world.until(() => seen.length > 0);
  await pause(100);
  expect(seen.map((entry) => entry.n)).toEqual([4]);
});

it("refuses a wrong event key, a body that is no event, and the names of its own events", async () => {
  await collect();
  const post = (key: string, body: string): Promise<Response> =>
    fetch(`${world.url}/e/${key}`, { method: "POST", body });
  expect((await post("wrong", JSON.stringify({ name: "thing/happened" }))).status).toBe(401);
  expect((await post(keys.eventKey, "not json")).status).toBe(400);
  expect((await post(keys.eventKey, JSON.stringify({ data: {} }))).status).toBe(400);
  expect((await post(keys.eventKey, JSON.stringify({ name: "inngest/function.failed" }))).status).toBe(400);
  expect(await world.sql`select 1 from event`).toHaveLength(0);
});

it("keeps events that come before the app is up for the first time, and runs them then", async () => {
  world = await World.create(database.url, () => []);
  const app = new TestApp();
  await app.listen();
  await world.stopServer();
  const early = await World.create(database.url, () => [], { sdkUrls: [app.url] });
  try {
    const id = await early.send("early/bird", { n: 1 });
    await pause(200);
    expect(await early.runsOf(id)).toEqual([]);
    const client = testClient(early.url);
    app.mount(client, [
      client.createFunction({ id: "bird", triggers: [{ event: "early/bird" }] }, async ({ event }) => event.data.n),
    ]);
    expect(await early.endOf(id)).toMatchObject({ status: "Completed", output: 1 });
  } finally {
    await early.close();
    await app.close();
  }
});
