import { expect, it } from "vitest";
import { testDatabase } from "../db/testing";
import { newId } from "../ids";
import { aDevice, aJob, aMeter, aRecord, aTask } from "../testing/builders";

const database = testDatabase();
const DAY = new Date("2025-12-31T13:00:00Z");

/** Twenty writers, each with what differs. */
async function race(writers: () => Promise<Parameters<typeof aRecord>[1]>) {
  const values = await Promise.all(Array.from({ length: 20 }, writers));
  const ended = await Promise.allSettled(values.map((each) => aRecord(database.db, each)));
  const refused = ended.flatMap((each) => (each.status === "rejected" ? String(each.reason.cause ?? each.reason) : []));
  return { stored: ended.length - refused.length, refused };
}

it("lets one of twenty writers store a record of a device, metric and period", async () => {
  const device = await aDevice(database.db);
  const job = await aJob(database.db, { type: "mrv" });
  const task = await aTask(database.db, { job });
  const { stored, refused } = await race(async () => {
    const meter = await aMeter(database.db);
    return { device, meter, job, taskId: task.id, periodStart: DAY };
  });
  expect(stored).toBe(1);
  for (const sentence of refused) expect(sentence).toContain("mrv_records_one_per_device");
});

it("lets one of twenty devices issue a meter's energy of a period", async () => {
  const meter = await aMeter(database.db);
  const job = await aJob(database.db, { meterId: meter.id, type: "mrv" });
  const task = await aTask(database.db, { job });
  const { stored, refused } = await race(async () => {
    const device = await aDevice(database.db);
    return { device, meter, job, taskId: task.id, periodStart: DAY };
  });
  expect(stored).toBe(1);
  for (const sentence of refused) expect(sentence).toContain("mrv_records_one_per_meter");
});

it("refuses a period that overlaps by a part, also of a device that was added anew, and takes the next one", async () => {
  const first = await aRecord(database.db, { periodStart: DAY });
  const hours = (count: number) => new Date(DAY.getTime() + count * 3_600_000);
  const [device, meter] = [await aDevice(database.db), await aMeter(database.db)];
  const job = await aJob(database.db, { meterId: meter.id, type: "mrv" });
  const again = { device, meter, job, did: first.did, policyId: first.policyId };
  const taken = { ...again, taskId: (await aTask(database.db, { job })).id };
  await expect(aRecord(database.db, { ...taken, periodStart: hours(23), periodEnd: hours(47) })).rejects.toMatchObject({
    cause: { constraint_name: "mrv_records_one_per_device" },
  });
  await aRecord(database.db, { ...taken, periodStart: hours(24), periodEnd: hours(48) });
});

it("gives the place free when a record is rejected or replaced, and never after it left", async () => {
  const decided = { decidedAt: new Date(), decidedById: newId(), decidedByName: "Ada" };
  const rejected = await aRecord(database.db, { periodStart: DAY, status: "rejected", ...decided });
  const device = { did: rejected.did, policyId: rejected.policyId };
  await aRecord(database.db, { periodStart: DAY, ...device, status: "verification_failed", replacedAt: new Date() });
  await aRecord(database.db, { periodStart: DAY, ...device, status: "submitted", ...decided });
  await expect(aRecord(database.db, { periodStart: DAY, ...device })).rejects.toMatchObject({
    cause: { constraint_name: "mrv_records_one_per_device" },
  });
  await expect(
    aRecord(database.db, { status: "submission_unknown", replacedAt: new Date(), ...decided }),
  ).rejects.toMatchObject({ cause: { constraint_name: "mrv_records_replaced_never_left" } });
});
