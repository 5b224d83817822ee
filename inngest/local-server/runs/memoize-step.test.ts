import { afterAll, beforeAll, expect, it } from "vitest";
import { claimJobs } from "../queue/claim-jobs";
import { testEngine } from "../testing/engine";
import { createTestDatabase, type TestDatabase } from "../testing/postgres";
import { memoizeStep } from "./memoize-step";

let database: TestDatabase;
let engine: Awaited<ReturnType<typeof testEngine>>;

beforeAll(async () => {
  database = await createTestDatabase();
  engine = await testEngine(database.url);
  await engine.sql`insert into event (id, name, body) values ('event', 'a/b', '{}')`;
  await engine.sql`
    insert into run (id, function_id, event_id, status, started_at, sort_at, concurrency_keys)
    values ('run', 'fn', 'event', 'running', now(), now(), '{}')`;
});
afterAll(async () => {
  await engine.close();
  await database.drop();
});

const claimedIds = async (): Promise<string[]> => (await claimJobs(engine, "me", 10, [])).jobs.map((job) => job.id);

it("never lets a waiting call begin with the steps from before a result it was counted on to bring", async () => {
  await engine.transactions.run((tx) => memoizeStep(tx, "run", "first", null, { data: 1 }));
  await engine.transactions.run(async (tx) => {
    await tx`select 1 from run where id = 'run' for update`;
    await memoizeStep(tx, "run", "second", null, { data: 2 });
    // Not committed yet: a call claimed now would be given only the first result, and no other call would follow.
    expect(await claimedIds()).toEqual([]);
  });
  expect(await claimedIds()).toHaveLength(1);
});

it("queues another call when the last one has begun", async () => {
  await engine.transactions.run((tx) => memoizeStep(tx, "run", "third", null, { data: 3 }));
  expect(await claimedIds()).toHaveLength(1);
});

it("keeps the first result of a step, and queues nothing for a second one", async () => {
  await engine.transactions.run((tx) => memoizeStep(tx, "run", "third", null, { data: "other" }));
  expect(await engine.sql`select result from step where id = 'third'`).toEqual([{ result: '{"data":3}' }]);
  expect(await claimedIds()).toEqual([]);
});
