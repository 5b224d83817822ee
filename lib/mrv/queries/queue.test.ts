import { describe, expect, it } from "vitest";
import type { Ctx } from "../../ctx";
import { testDatabase } from "../../db/testing";
import { aDevice, aJob, aMeter, aRecord, type RecordRow } from "../../testing/builders";
import type { CheckResult } from "../check-result";
import { reviewCounts, reviewQueue } from "./queue";

const database = testDatabase();
const DAY_MS = 86_400_000;
const FIRST = new Date("2026-01-01T13:00:00Z");

const viewer = (): Ctx => ({
  db: database.db,
  actor: { kind: "user", id: "u", name: "Ruth", roles: ["viewer"] },
});
const tokenOf = (meterId: string): Ctx => ({
  db: database.db,
  actor: { kind: "token", id: "t", name: "t", roles: ["viewer"], meterIds: [meterId] },
});

const gap: CheckResult = {
  check: "longest-gap",
  label: "Longest gap",
  result: "failed",
  isBlocking: false,
  figure: "95 min",
  threshold: "at most 30 min",
  sentence: "Nothing between 02:00 and 03:35.",
};

const noTolerance: CheckResult = { ...gap, check: "earlier-records", result: "not_applicable", figure: null };

/** Forty-five of one meter that passed, all of one moment but the first, and three that failed. */
async function aQueue() {
  const device = await aDevice(database.db);
  const meter = await aMeter(database.db, { name: "Dock roof", deviceId: device.id });
  const job = await aJob(database.db, { meterId: meter.id, type: "mrv" });
  const at = (day: number) => new Date(FIRST.getTime() + day * DAY_MS);
  const record = (day: number, values: Parameters<typeof aRecord>[1] = {}) =>
    aRecord(database.db, { device, meter, job: { ...job, anchorAt: at(day) }, periodStart: at(day), ...values });
  const passed: RecordRow[] = [];
  for (let day = 0; day < 45; day++) {
    passed.push(await record(day, { createdAt: day === 0 ? at(1) : at(2) }));
  }
  const failed: RecordRow[] = [];
  for (let day = 45; day < 48; day++) {
    const values = {
      status: "verification_failed" as const,
      checks: [gap, noTolerance],
      checksPassed: 0,
      checksFailed: 1,
    };
    failed.push(await record(day, { ...values, createdAt: at(0) }));
  }
  const byId = (rows: RecordRow[]) => rows.map(({ id }) => id);
  return { device, meter, ids: [...byId(passed).slice(0, 1), ...byId(passed).slice(1).sort(), ...byId(failed).sort()] };
}

describe("the review queue", () => {
  it("is walked forward and back through both groups without losing one, whatever the window", async () => {
    const { ids } = await aQueue();
    const first = await reviewQueue(viewer());
    expect(first).toMatchObject({ total: 48, before: 0, open: { place: 1, previousId: null } });
    expect(first.items.map(({ id }) => id)).toEqual(ids.slice(0, 40));

    const seen: string[] = [];
    for (let open = first.open; open; ) {
      seen.push(open.recordId);
      if (!open.nextId) break;
      const next: Awaited<ReturnType<typeof reviewQueue>> = await reviewQueue(viewer(), { recordId: open.nextId });
      expect(next.open).toMatchObject({ place: seen.length + 1, previousId: open.recordId });
      expect(next.items[seen.length - next.before]?.id).toBe(open.nextId);
      open = next.open;
    }
    expect(seen).toEqual(ids);

    const last = await reviewQueue(viewer(), { recordId: ids[47] });
    expect(last.open?.nextId).toBeNull();
    expect(last.before).toBe(27);
    expect(last.items.map(({ id }) => id)).toEqual(ids.slice(27));
    expect(last.items.at(-1)).toMatchObject({ checksFailed: 1, checksNotApplicable: 1 });
    expect(last.items[0]?.checksNotApplicable).toBe(0);
    expect(last.items.at(-1)?.failed).toEqual({ label: "Longest gap", figure: "95 min" });
    expect(last.items[0]?.failed).toBeNull();
  });

  it("leaves out what is decided or replaced, and opens the first instead of such a one", async () => {
    const device = await aDevice(database.db, { name: "Lone inverter" });
    const only = { deviceId: device.id };
    const decided = { decidedAt: new Date(), decidedById: "u", decidedByName: "Ruth" };
    const approved = await aRecord(database.db, { device, status: "approved", ...decided });
    await aRecord(database.db, { device, status: "extracted", periodStart: new Date(FIRST.getTime() + DAY_MS) });
    const replaced = { status: "verification_failed" as const, replacedAt: new Date() };
    await aRecord(database.db, { device, ...replaced, periodStart: new Date(FIRST.getTime() + 2 * DAY_MS) });
    expect(await reviewQueue(viewer(), only)).toEqual({ items: [], total: 0, before: 0, open: null });

    const waits = await aRecord(database.db, { device, periodStart: new Date(FIRST.getTime() + 3 * DAY_MS) });
    const queue = await reviewQueue(viewer(), { ...only, recordId: approved.id });
    expect(queue.open).toEqual({ recordId: waits.id, place: 1, previousId: null, nextId: null });
    expect((await reviewQueue(viewer(), { search: "lone inv" })).total).toBe(1);
    expect((await reviewQueue(viewer(), { ...only, show: "failed" })).total).toBe(0);
  });

  it("shows a limited token the records of its meters, also when it asks for another", async () => {
    const [mine, other] = [await aRecord(database.db), await aRecord(database.db)];
    const queue = await reviewQueue(tokenOf(mine.meterId), { recordId: other.id });
    expect(queue.items.map(({ id }) => id)).toEqual([mine.id]);
    expect(queue.open?.recordId).toBe(mine.id);
    expect(await reviewCounts(tokenOf(mine.meterId))).toMatchObject({ toReview: 1, checksFailed: 0 });
  });

  it("counts a restated record until a correction of it is made, and what nobody knows about", async () => {
    const meter = await aMeter(database.db);
    const ctx = tokenOf(meter.id);
    const device = await aDevice(database.db);
    const decided = { decidedAt: new Date(), decidedById: "u", decidedByName: "Ruth" };
    const submitted = { device, meter, status: "submitted" as const, ...decided };
    const restated = await aRecord(database.db, { ...submitted, restatedAt: new Date() });
    await aRecord(database.db, {
      ...submitted,
      status: "submission_unknown",
      periodStart: new Date(restated.periodStart.getTime() + DAY_MS),
    });
    expect(await reviewCounts(ctx)).toEqual({
      toReview: 0,
      checksFailed: 0,
      oldestAt: null,
      restated: 1,
      unknown: 1,
      submissionFailed: 0,
    });
    const createdAt = new Date("2026-02-01T00:00:00Z");
    await aRecord(database.db, { device, meter, correctsId: restated.id, correction: 1, createdAt });
    expect(await reviewCounts(ctx)).toMatchObject({ restated: 0, toReview: 1, oldestAt: createdAt });
  });
});
