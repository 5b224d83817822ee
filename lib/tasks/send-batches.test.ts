import { eq } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";
import { meterTasks, taskBatches } from "../db/schema/tasks";
import { testDatabase } from "../db/testing";
import { aTask } from "../testing/builders";
import { beginBatch } from "./begin-batch";
import { formBatches } from "./form-batches";
import { type SendBatches, sendBatches } from "./send-batches";
import { startBatches } from "./start-batches";

const database = testDatabase();
const now = new Date("2026-03-01T00:00:00Z");
const later = new Date("2026-03-01T00:01:00Z");

beforeEach(async () => {
  await database.db.delete(meterTasks);
  await database.db.delete(taskBatches);
});

function aReceiver() {
  const received: string[] = [];
  const send: SendBatches = async (batches) => {
    received.push(...batches.map((batch) => batch.batchId));
  };
  return { received, send };
}

describe("sendBatches", () => {
  it("sends a batch whose sender died between commit and send, once, and not again", async () => {
    await aTask(database.db);
    const [formed] = await formBatches(database.db, now);
    const { received, send } = aReceiver();
    expect(await sendBatches(database.db, send, later)).toBe(1);
    expect(await sendBatches(database.db, send, later)).toBe(0);
    expect(received).toEqual([formed?.batchId]);
    const [row] = await database.db.select().from(taskBatches);
    expect(row).toMatchObject({ sentAt: later, heartbeatAt: later });
  });

  it("keeps what the receiver did not take, and sends the same id next time", async () => {
    await aTask(database.db);
    const away: SendBatches = async () => {
      throw new Error("connect ECONNREFUSED");
    };
    await expect(startBatches(database.db, away, now)).rejects.toThrow("ECONNREFUSED");
    const [kept] = await database.db.select().from(taskBatches);
    const { received, send } = aReceiver();
    expect(await startBatches(database.db, send, later)).toEqual({ woken: 0, formed: 0, sent: 1 });
    expect(received).toEqual([kept?.id]);
  });
});

describe("startBatches", () => {
  it("wakes a waiting task when its time has come, not before, and never one that waits for a review", async () => {
    const waiting = { state: "waiting", waitReason: "quota", waitUntil: later } as const;
    const task = await aTask(database.db, waiting);
    await aTask(database.db, { ...waiting, waitReason: "review" });
    const { received, send } = aReceiver();
    await startBatches(database.db, send, new Date(later.getTime() - 1));
    expect(received).toEqual([]);
    expect(await startBatches(database.db, send, later)).toEqual({ woken: 1, formed: 1, sent: 1 });
    const [row] = await database.db.select().from(meterTasks).where(eq(meterTasks.id, task.id));
    expect(row).toMatchObject({ state: "queued", waitReason: null, waitUntil: null, batchId: received[0] });
  });
});

describe("beginBatch", () => {
  it("gives a batch to one run, which may ask again, and to none when it is finished", async () => {
    await aTask(database.db);
    const [formed] = await formBatches(database.db, now);
    const batchId = formed?.batchId ?? "";
    expect(await beginBatch(database.db, { batchId, runId: "first" }, now)).toBe(true);
    expect(await beginBatch(database.db, { batchId, runId: "second" }, now)).toBe(false);
    expect(await beginBatch(database.db, { batchId, runId: "first" }, now)).toBe(true);
    await database.db.update(taskBatches).set({ finishedAt: now });
    expect(await beginBatch(database.db, { batchId, runId: "first" }, now)).toBe(false);
  });
});
