import { eq, sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { enrol } from "../../../e2e/simulators/guardian/testing";
import { audit } from "../../audit/audit";
import type { Actor } from "../../auth/actor";
import { auditLog, findings, meterTasks } from "../../db/schema";
import { testDatabase } from "../../db/testing";
import { withTx } from "../../db/tx";
import { ctxOf } from "../../devices/testing";
import { updateDevice } from "../../devices/update-device";
import { Forbidden } from "../../errors";
import { createFactor } from "../../factors/create-factor";
import { acknowledgeFinding } from "../../findings/acknowledge-finding";
import { setThresholds } from "../../findings/set-thresholds";
import { defaultThresholds } from "../../findings/thresholds";
import { newId } from "../../ids";
import { planBackfill } from "../../jobs/backfill/plan-backfill";
import { startBackfill } from "../../jobs/backfill/start-backfill";
import { pauseJob } from "../../jobs/pause-job";
import { cancelTasks } from "../../tasks/cancel-tasks";
import { retryTasks } from "../../tasks/retry-tasks";
import { aJob, aTask } from "../../testing/builders";
import { createToken } from "../../tokens/create-token";
import { insertUser } from "../../users/insert-user";
import { approveRecord } from "./approve-record";
import type { RecordRow } from "./internal";
import { mayApprove } from "./may-approve";
import { aReviewable, as, aUser } from "./testing";
import { touchedBy } from "./touched";

const database = testDatabase();
const admin = () => aUser("Ada", "admin");
const aRecord = async (settings = {}) => aReviewable(database.db, { from: await enrol({}, newId()), settings });
const may = (actor: Actor, record: RecordRow) => mayApprove(as(database.db, actor), record);
const changesOf = async (record: RecordRow) =>
  (await touchedBy(database.db, record))
    .filter(({ isChange }) => isChange)
    .map(({ actorName, what }) => [actorName, what]);

/** The ETL job of a record's meter with a task for each of these days before or after the period. */
async function tasksAround({ meterId, periodStart }: RecordRow, days: readonly number[]) {
  const at = (day: number) => new Date(periodStart.getTime() + day * 86_400_000);
  const job = await aJob(database.db, { meterId, anchorAt: at(-10), nextIntervalAt: at(5) });
  return Promise.all(
    days.map((day) =>
      aTask(database.db, {
        job,
        intervalStart: at(day),
        state: "succeeded",
        stage: "ingestion",
      }),
    ),
  );
}

const regionOf = ({ evidence }: RecordRow) => evidence.meter.region ?? "";
const addFactor = (actor: Actor, region: string, valid: { validFrom: string; validTo?: string }) =>
  createFactor(as(database.db, actor), {
    ...{ publisher: newId(), edition: "1", region, value: 0.66, source: "Test" },
    ...valid,
  });

describe("whoever changed something cannot approve", () => {
  it.each<[string, (actor: Actor, record: RecordRow) => Promise<unknown>, string]>([
    [
      "a forced collection of the period",
      async (actor, record) => {
        const [task] = await tasksAround(record, [0]);
        await retryTasks(as(database.db, actor), { taskIds: [task?.id ?? ""], force: true });
      },
      "forced the collection of 2026-11-23",
    ],
    [
      "a retry of several days around it",
      async (actor, record) => {
        const tasks = await tasksAround(record, [-1, 0, 1]);
        await retryTasks(as(database.db, actor), { taskIds: tasks.map(({ id }) => id) });
      },
      "retried tasks of 2026-11-22 to 2026-11-24",
    ],
    [
      "a cancelled task",
      async (actor, record) => {
        const [task] = await tasksAround(record, [0]);
        await database.db
          .update(meterTasks)
          .set({ state: "pending" })
          .where(eq(meterTasks.id, task?.id ?? ""));
        await cancelTasks(as(database.db, actor), { taskIds: [task?.id ?? ""] });
      },
      "cancelled tasks of 2026-11-23",
    ],
    [
      "a forced backfill",
      async (actor, record) => {
        const [task] = await tasksAround(record, [0]);
        const range = { from: record.periodStart, to: record.periodEnd, mode: "all", force: true } as const;
        const order = { jobId: task?.jobId ?? "", ...range };
        const at = new Date("2026-11-25T00:00:00Z");
        const { planToken } = await planBackfill(as(database.db, actor), order, at);
        await startBackfill(as(database.db, actor), { ...order, planToken }, at);
      },
      "forced a backfill of 2026-11-23",
    ],
    [
      "a paused job",
      (actor, record) => pauseJob(as(database.db, actor), { jobId: record.jobId, reason: "Later" }),
      "paused a job of the meter",
    ],
    [
      "changed thresholds",
      (actor, { meterId }) =>
        setThresholds(as(database.db, actor), {
          meterId,
          thresholds: { ...defaultThresholds, gapMinutes: 99 },
        }),
      "changed the thresholds of the meter's checks",
    ],
    [
      "an acknowledged finding of the period",
      async (actor, record) => {
        const [row] = await database.db
          .insert(findings)
          .values({
            meterId: record.meterId,
            check: "flat",
            fromAt: record.periodStart,
            toAt: record.periodEnd,
            ...{ figure: 1, threshold: 1, unit: "h", sentence: "Flat." },
            ...{ firstSeenAt: new Date(), lastSeenAt: new Date() },
          } as typeof findings.$inferInsert)
          .returning();
        await acknowledgeFinding(as(database.db, actor), { findingId: row?.id ?? "", reason: "It was off." });
      },
      "acknowledged a finding of the period",
    ],
    [
      "a changed device",
      (actor, { deviceId }) => updateDevice(ctxOf(database.db, actor), { deviceId, name: "Another name" }),
      "changed the device",
    ],
    [
      "an emission factor of the meter's region",
      (actor, record) => addFactor(actor, regionOf(record), { validFrom: "2026-07-01T00:00:00Z" }),
      "added an emission factor of the meter's region",
    ],
  ])("%s", async (_what, act, words) => {
    const record = await aRecord();
    const actor = admin();
    expect(await may(actor, record)).toMatchObject({ isAllowed: true });
    await act(actor, record);
    expect(await changesOf(record)).toContainEqual(["Ada", words]);
    const verdict = await may(actor, record);
    expect(verdict).toMatchObject({ isAllowed: false });
    expect(verdict.sentence).toContain(`You ${words} (20`);
    const input = { recordId: record.id, evidenceHash: record.evidenceHash };
    await expect(approveRecord(as(database.db, actor), input)).rejects.toThrow(Forbidden);
    expect(await may(aUser("Grace", "reviewer"), record)).toMatchObject({ isAllowed: true });
  });

  it("and not who touched another period, another meter, another region, or set it up a season ago", async () => {
    const record = await aRecord();
    const actor = admin();
    const tasks = await tasksAround(record, [-2, -1, 1, 2]);
    await retryTasks(as(database.db, actor), { taskIds: tasks.map(({ id }) => id), force: true });
    const [row] = await database.db.select().from(auditLog).where(eq(auditLog.meterId, record.meterId));
    expect(row?.details.ranges).toHaveLength(2);
    const other = await aRecord();
    await pauseJob(as(database.db, actor), { jobId: other.jobId });
    await addFactor(actor, "elsewhere", { validFrom: "2026-07-01T00:00:00Z" });
    await addFactor(actor, regionOf(record), { validFrom: "2020-07-01T00:00:00Z", validTo: "2021-07-01T00:00:00Z" });
    expect(await changesOf(record)).toEqual([]);
    expect(await may(actor, record)).toMatchObject({ isAllowed: true });

    const at = (days: number) => new Date(record.periodStart.getTime() - days * 86_400_000).toISOString();
    await pauseJob(as(database.db, actor), { jobId: record.jobId });
    const move = (days: number) =>
      database.db.execute(
        sql`update audit_log set at = ${at(days)}::timestamptz where meter_id = ${record.meterId} and action = 'job.paused'`,
      );
    await move(91);
    expect(await may(actor, record)).toMatchObject({ isAllowed: true });
    await move(89);
    expect(await may(actor, record)).toMatchObject({ isAllowed: false });
  });

  it("reads rows that were written before their details said what they are about", async () => {
    const record = await aRecord();
    const [actor, other] = [admin(), aUser("Otto", "admin")];
    const write = (by: Actor, action: string, objectId: string, details: Record<string, unknown>) =>
      withTx(database.db, (tx) =>
        audit(tx, by, action, { objectType: "backfill", objectId, meterId: record.meterId, details }),
      );
    const [inside, outside] = [newId(), newId()];
    const { periodStart, periodEnd } = record;
    await write(actor, "backfill.started", outside, { from: "2026-01-01 00:00:00+00", to: "2026-02-01 00:00:00+00" });
    await write(actor, "backfill.stopped", outside, { droppedTasks: 3 });
    expect(await may(actor, record)).toMatchObject({ isAllowed: true });
    await write(other, "backfill.started", inside, { from: periodStart, to: periodEnd });
    await write(actor, "backfill.stopped", inside, { droppedTasks: 3 });
    expect(await may(actor, record)).toMatchObject({ isAllowed: false });
    const strange = aUser("Sam", "admin");
    await write(strange, "backfill.stopped", newId(), {});
    expect(await may(strange, record)).toMatchObject({ isAllowed: false });
  });

  it("counts the meter that the record is held against, and a verb that no rule knows yet", async () => {
    const compared = await aRecord();
    const record = await aRecord({ MRV_CROSS_CHECK_METER: compared.meterId });
    const [actor, other] = [admin(), admin()];
    const [task] = await tasksAround(compared, [0]);
    await retryTasks(as(database.db, actor), { taskIds: [task?.id ?? ""], force: true });
    expect(await changesOf(record)).toEqual([
      ["Ada", "forced the collection of 2026-11-23 (of the meter it is compared with)"],
    ]);
    expect(await may(other, record)).toMatchObject({ isAllowed: true });
    await withTx(database.db, (tx) =>
      audit(tx, other, "meter.turned-over", { objectType: "meter", objectId: record.meterId, meterId: record.meterId }),
    );
    expect(await may(other, record)).toMatchObject({ isAllowed: false });
  });

  it("is never the system, and what the system did is shown", async () => {
    const record = await aRecord();
    const system = { kind: "system", name: "seed" } as const;
    await pauseJob(as(database.db, system), { jobId: record.jobId });
    const touched = await touchedBy(database.db, record);
    expect(touched.map(({ actorName, isChange }) => [actorName, isChange])).toContainEqual(["seed", false]);
    expect(await may(system, record)).toMatchObject({ isAllowed: true });
  });
});

describe("a token acts for whoever made it", () => {
  const tokenOf = async (by: Actor, role: "admin" | "reviewer" | "operator") => {
    const { token } = await createToken(as(database.db, by), { name: `CI ${newId()}`, role });
    return { kind: "token", id: token.id, name: token.name, roles: [token.role], meterIds: null } as const;
  };

  it("its changes count for that person, and for every other token of theirs", async () => {
    const record = await aRecord();
    const [ada, grace] = [admin(), admin()];
    const [forcing, approving] = [await tokenOf(ada, "operator"), await tokenOf(ada, "reviewer")];
    const made = await tokenOf(await tokenOf(ada, "admin"), "reviewer");
    const graces = await tokenOf(grace, "reviewer");
    const [task] = await tasksAround(record, [0]);
    await retryTasks(as(database.db, forcing), { taskIds: [task?.id ?? ""], force: true });
    expect(await may(ada, record)).toMatchObject({ isAllowed: false });
    expect((await may(ada, record)).sentence).toContain(`Your API token ${forcing.name} forced the collection`);
    for (const token of [approving, made]) expect(await may(token, record)).toMatchObject({ isAllowed: false });
    expect(await may(forcing, record)).toMatchObject({ isAllowed: false, sentence: expect.stringContaining("role") });
    expect(await may(graces, record)).toMatchObject({ isAllowed: true });
    expect(await may(grace, record)).toMatchObject({ isAllowed: true });
  });

  it("approves nothing that its maker changed", async () => {
    const record = await aRecord();
    const ada = admin();
    const token = await tokenOf(ada, "reviewer");
    expect(await may(token, record)).toMatchObject({ isAllowed: true });
    await pauseJob(as(database.db, ada), { jobId: record.jobId });
    expect(await may(token, record)).toMatchObject({ isAllowed: false });
  });

  it("of the system acts for itself", async () => {
    const record = await aRecord();
    const system = { kind: "system", name: "seed" } as const;
    const [one, other] = [await tokenOf(system, "admin"), await tokenOf(system, "admin")];
    await pauseJob(as(database.db, one), { jobId: record.jobId });
    expect(await may(one, record)).toMatchObject({ isAllowed: false });
    expect(await may(other, record)).toMatchObject({ isAllowed: true });
  });
});

it("names who can approve instead", async () => {
  const record = await aRecord();
  const actor = admin();
  await pauseJob(as(database.db, actor), { jobId: record.jobId });
  expect((await may(actor, record)).sentence).toContain("an administrator can add a reviewer");
  await withTx(database.db, (tx) =>
    insertUser(tx, {
      email: "grace@example.com",
      name: "Grace Hopper",
      passwordHash: "none",
      roles: ["reviewer"],
    }),
  );
  expect((await may(actor, record)).sentence).toContain("Grace Hopper can approve it.");
});
