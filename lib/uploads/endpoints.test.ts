import { describe, expect, it } from "vitest";
import { testDatabase } from "../db/testing";
import { aWorker } from "../pipeline/etl/testing";
import { discardUploadEndpoint, ingestUploadsEndpoint, listUploadsEndpoint, receiveUploadEndpoint } from "./endpoints";
import { anUploadMeter, halfHours, operator, tasksOf } from "./testing";

const database = testDatabase();

async function aClient() {
  const meter = await anUploadMeter(database.db);
  const environment = { db: database.db, actor: operator, worker: await aWorker(database.db, () => null) };
  const path = `http://x/api/v1/meters/${meter.id}/uploads`;
  const params = { id: meter.id };
  return {
    meter,
    send: (name: string, body: BodyInit | undefined, headers: HeadersInit = {}) =>
      receiveUploadEndpoint.answer(
        new Request(`${path}?fileName=${encodeURIComponent(name)}`, { method: "POST", body, headers }),
        params,
        environment,
      ),
    ingest: (order: object) =>
      ingestUploadsEndpoint.answer(
        new Request(`${path}/ingest`, { method: "POST", body: JSON.stringify(order) }),
        params,
        environment,
      ),
    list: () => listUploadsEndpoint.answer(new Request(path), params, environment),
    discard: (id: string) =>
      discardUploadEndpoint.answer(
        new Request(`http://x/api/v1/uploads/${id}`, { method: "DELETE" }),
        { id },
        environment,
      ),
  };
}

describe("uploads by the API", () => {
  it("take a file as it is, say what it would do, and ingest it with the token of that", async () => {
    const { meter, send, ingest, list } = await aClient();
    const sent = await send("märz.csv", halfHours("2026-03-01", 2, 0.5));
    expect(sent.status).toBe(201);
    const upload = await sent.json();
    expect(upload).toMatchObject({ state: "received", fileName: "märz.csv", sameAs: null });
    const plan = await (await ingest({ uploadIds: [upload.id], dryRun: true })).json();
    expect(plan).toMatchObject({ new: 96, from: "2026-03-01T00:00:00.000Z", refusal: null });
    expect((await ingest({ uploadIds: [upload.id] })).status).toBe(400);
    const started = await ingest({ uploadIds: [upload.id], planToken: plan.planToken });
    expect((await started.json()).items).toMatchObject([{ state: "started", taskCount: 2 }]);
    expect((await ingest({ uploadIds: [upload.id], planToken: plan.planToken })).status).toBe(409);
    expect(await tasksOf(database.db, meter.id)).toHaveLength(2);
    expect((await (await list()).json()).items).toMatchObject([{ id: upload.id, tasksByState: { pending: 2 } }]);
  });

  it("are refused where there is nothing, too much, or less than was announced", async () => {
    const { send, list } = await aClient();
    const refusal = async (answer: Promise<Response>) => {
      const { status, body } = await answer.then(async (each) => ({ status: each.status, body: await each.json() }));
      return [status, body.error.code];
    };
    expect(await refusal(send("a.csv", undefined))).toEqual([400, "invalid_input"]);
    expect(await refusal(send("a.csv", "time", { "content-length": String(600 * 1024 ** 2) }))).toEqual([
      413,
      "too_large",
    ]);
    expect(await refusal(send("a.csv", "time,kWh\n", { "content-length": "4000" }))).toEqual([400, "invalid_input"]);
    expect(await refusal(send("a\u0000b.csv", "time,kWh\n"))).toEqual([400, "invalid_input"]);
    expect((await (await list()).json()).items.map(({ state }: { state: string }) => state)).toEqual([
      "failed",
      "failed",
    ]);
  });

  it("can be discarded", async () => {
    const { send, discard, ingest } = await aClient();
    const upload = await (await send("a.csv", halfHours("2026-03-01", 1, 1))).json();
    expect(await (await discard(upload.id)).json()).toMatchObject({ state: "discarded" });
    expect((await ingest({ uploadIds: [upload.id], dryRun: true })).status).toBe(409);
  });
});
