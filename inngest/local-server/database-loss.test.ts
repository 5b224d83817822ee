import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "./testing/postgres";
import { pause, World } from "./testing/world";

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

it("keeps every result while its database connections are cut again and again", async () => {
  const effects: string[] = [];
  const world = await World.create(database.url, (client) => [
    client.createFunction(
      { id: "steady", retries: 0, triggers: [{ event: "steady/run" }] },
      async ({ event, step }) => {
        for (const name of ["a", "b", "c", "d"]) {
          await step.run(name, async () => {
            effects.push(`${event.data.n}${name}`);
            await pause(20);
          });
        }
      },
    ),
  ]);
  try {
    await world.client.send(Array.from({ length: 40 }, (_, n) => ({ name: "steady/run", data: { n } })));
    for (let cut = 0; cut < 6; cut += 1) {
      await pause(150);
      await world.sql`
        select pg_terminate_backend(pid) from pg_stat_activity
        where application_name = 'inngest-local-server' and datname = current_database()`;
    }
    await world.until(async () => (await world.sql`select 1 from run where ended_at is null`).length === 0);
    expect(await world.sql`select output from run where status <> 'completed'`).toEqual([]);
    // The server lived: it had every answer in its hands and must not have asked for any of them twice.
    expect(effects).toHaveLength(160);
    expect(new Set(effects).size).toBe(160);
    // No connection is left inside a transaction that nobody will end.
    await world.until(async () => {
      const stuck = await world.sql`
        select 1 from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'`;
      return stuck.length === 0;
    });
  } finally {
    await world.close();
  }
});
