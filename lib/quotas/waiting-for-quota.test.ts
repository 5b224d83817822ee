import { expect, it } from "vitest";
import type { Actor } from "../auth/actor";
import { sourceQuotas } from "../db/schema";
import { testDatabase } from "../db/testing";
import { dayQuotas } from "../overview/queries";
import { aJob, aMeter, aTask } from "../testing/builders";
import { meterQuota } from "./meter-quota";
import { listQuotas } from "./queries";

const database = testDatabase();
const actor: Actor = { kind: "system", name: "test" };
const ctx = () => ({ db: database.db, actor });

it("says of an account what is left, who shares it and how many tasks wait for it, archived meters and other waits left out", async () => {
  const roof = await aMeter(database.db, { name: "Roof" });
  const { accountKey } = roof;
  const yard = await aMeter(database.db, { name: "Yard", accountKey });
  await aMeter(database.db, { name: "Attic", accountKey, archivedAt: new Date() });
  const now = new Date();
  const resetAt = new Date(now.getTime() + 3_600_000);
  const window = { accountKey, window: "day" as const, limit: 10, used: 10, windowStart: now, updatedAt: now };
  await database.db.insert(sourceQuotas).values({ ...window, resetAt });
  for (const meter of [roof, yard]) {
    await aTask(database.db, {
      job: await aJob(database.db, { meterId: meter.id }),
      state: "waiting",
      waitReason: "quota",
    });
    await aTask(database.db, {
      job: await aJob(database.db, { meterId: meter.id }),
      state: "waiting",
      waitReason: "retry",
    });
  }
  await aTask(database.db, { state: "waiting", waitReason: "quota" });

  const { items } = await listQuotas(ctx(), {});
  expect(items).toMatchObject([{ accountKey, limit: 10, used: 10, remaining: 0, tasksWaiting: 2 }]);
  expect(items[0]?.meterIds.sort()).toEqual([roof.id, yard.id].sort());
  expect(await dayQuotas(ctx())).toMatchObject([{ accountKey, meters: 2, tasksWaiting: 2 }]);
  expect(await meterQuota(ctx(), roof.id)).toMatchObject({
    accountKey,
    limit: 10,
    used: 10,
    resetAt: resetAt.toISOString(),
    meters: [
      { id: roof.id, name: "Roof" },
      { id: yard.id, name: "Yard" },
    ],
    tasksWaiting: 2,
  });

  const token: Actor = { kind: "token", id: "t", name: "t", roles: ["viewer"], meterIds: [yard.id] };
  const limited = { db: database.db, actor: token };
  expect((await listQuotas(limited, {})).items).toMatchObject([{ meterIds: [yard.id], tasksWaiting: 1 }]);
  expect(await meterQuota(limited, yard.id)).toMatchObject({ meters: [{ name: "Yard" }], tasksWaiting: 1 });
});
