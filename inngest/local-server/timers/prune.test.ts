import { afterAll, beforeAll, expect, it } from "vitest";
import { testEngine } from "../testing/engine";
import { createTestDatabase, type TestDatabase } from "../testing/postgres";
import { prune } from "./prune";

let database: TestDatabase;
let engine: Awaited<ReturnType<typeof testEngine>>;

beforeAll(async () => {
  database = await createTestDatabase();
  engine = await testEngine(database.url);
});
afterAll(async () => {
  await engine.close();
  await database.drop();
});

it("deletes what ended before the retention, and nothing that is still needed", async () => {
  const { sql } = engine;
  await sql`
    insert into event (id, name, body, received_at, routed_at)
    select id, 'a/b', '{}', now() - age, case when id <> 'held' then now() end
    from (values
      ('old', interval '8 days'), ('active', interval '30 days'), ('recent', interval '6 days'),
      ('unheard', interval '8 days'), ('held', interval '8 days')
    ) as made (id, age)`;
  await sql`
    insert into run (id, function_id, event_id, status, ended_at, sort_at, concurrency_keys)
    values
      ('old', 'fn', 'old', 'completed', now() - interval '8 days', now(), '{}'),
      ('recent', 'fn', 'recent', 'failed', now() - interval '6 days', now(), '{}'),
      ('active', 'fn', 'active', 'running', null, now(), '{}')`;
  await sql`insert into step (run_id, id, result) values ('old', 's', '{}'), ('active', 's', '{}')`;
  await sql`
    insert into event_key (key, event_id, expires_at)
    values ('past', 'old', now() - interval '1 second'), ('valid', 'recent', now() + interval '1 hour')`;

  expect(await prune(engine)).toBe(false);

  const ids = async (table: string): Promise<string[]> =>
    (await sql<{ id: string }[]>`select id from ${sql(table)} order by id`).map((row) => row.id);
  expect(await ids("run")).toEqual(["active", "recent"]);
  expect(await ids("event")).toEqual(["active", "held", "recent"]);
  expect(await sql`select run_id from step`).toEqual([{ run_id: "active" }]);
  expect(await sql`select key from event_key`).toEqual([{ key: "valid" }]);
});
