import { expect, it } from "vitest";
import type { Actor } from "../auth/actor";
import { meterData } from "../db/schema";
import { testDatabase } from "../db/testing";
import { newId } from "../ids";
import { ensurePartitions } from "../pipeline/etl/partitions";
import { aMeter } from "../testing/builders";
import {
  createFactorEndpoint,
  factorUseEndpoint,
  listFactorsEndpoint,
  listRecomputesEndpoint,
  recomputeEndpoint,
} from "./endpoints";
import { runRecomputes } from "./recompute/run-recompute";

const database = testDatabase();
const admin: Actor = { kind: "user", id: "a", name: "Ada", roles: ["admin"] };

const send = async (endpoint: typeof createFactorEndpoint, body: object, actor: Actor = admin) => {
  const request = new Request("http://x/", { method: "POST", body: JSON.stringify(body) });
  const response = await endpoint.answer(request, {}, { db: database.db, actor });
  return { status: response.status, body: await response.json() };
};
const get = async (endpoint: typeof createFactorEndpoint, params: object = {}) =>
  (await endpoint.answer(new Request("http://x/"), params, { db: database.db, actor: admin })).json();

it("plans a factor, stores it with the recompute of exactly that plan, and tells how far it is and what used it", async () => {
  const factor = {
    publisher: "P",
    edition: "1",
    region: "NSW",
    value: 0.66,
    source: "Test",
    validFrom: "2026-01-01T00:00:00Z",
  };
  const first = await send(createFactorEndpoint, factor);
  expect(first).toMatchObject({ status: 201, body: { value: "0.66", recomputeId: null } });

  const timestamp = new Date("2026-04-01T00:00:00Z");
  await ensurePartitions(database.db, [{ from: timestamp.getTime(), to: timestamp.getTime() + 1 }]);
  const meter = await aMeter(database.db, { region: "NSW" });
  await database.db.insert(meterData).values({
    meterId: meter.id,
    timestamp,
    durationSeconds: 300,
    eRealKwh: "2",
    carbonTons: "0.00132",
    carbonFactorId: first.body.id,
    carbonFactorValue: "0.66",
    quality: "actual",
    taskId: newId(),
    objectId: newId(),
    ingestedAt: timestamp,
  });
  expect(await get(factorUseEndpoint, { id: first.body.id })).toMatchObject({
    rows: 1,
    meters: [{ meterId: meter.id }],
  });

  const next = { ...factor, edition: "2", value: 0.6, validFrom: "2026-03-01T00:00:00Z" };
  const planned = await send(createFactorEndpoint, { ...next, dryRun: true });
  expect(planned).toMatchObject({
    status: 200,
    body: {
      rows: 1,
      mrvRecords: 0,
      tonsBefore: 0.00132,
      parts: [{ month: "2026-04", fromValue: "0.66", toValue: "0.6" }],
    },
  });
  expect((await get(listFactorsEndpoint)).items).toHaveLength(1);
  const { planToken } = planned.body;
  expect((await send(createFactorEndpoint, { ...next, value: 0.61, planToken })).status).toBe(409);
  const viewer: Actor = { ...admin, roles: ["viewer"] };
  expect((await send(createFactorEndpoint, { ...next, planToken }, viewer)).status).toBe(403);
  const created = await send(createFactorEndpoint, { ...next, planToken });
  expect(created.status).toBe(201);

  const progress = async () => (await get(listRecomputesEndpoint)).items;
  expect(await progress()).toMatchObject([{ id: created.body.recomputeId, status: "running", parts: 1, partsDone: 0 }]);
  await runRecomputes(database.db, () => new Date());
  expect(await progress()).toMatchObject([{ status: "done", rowsChanged: 1, partsDone: 1 }]);
  expect(await get(factorUseEndpoint, { id: created.body.id })).toMatchObject({ rows: 1 });
  const [row] = await database.db.select().from(meterData);
  expect(row).toMatchObject({ carbonTons: "0.0012", carbonFactorValue: "0.6", revision: 2 });

  const idle = await send(recomputeEndpoint, { region: "NSW", dryRun: true });
  expect(idle).toMatchObject({ status: 200, body: { rows: 0 } });
  expect((await send(recomputeEndpoint, { region: "NSW", planToken: idle.body.planToken })).status).toBe(422);
  expect((await send(recomputeEndpoint, { region: "NSW" })).status).toBe(400);
});
