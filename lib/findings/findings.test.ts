import { eq } from "drizzle-orm";
import { expect, it } from "vitest";
import { auditLog, findings, meterDataDaily, readingChanges } from "../db/schema";
import { testDatabase } from "../db/testing";
import { Forbidden, NotPossibleNow } from "../errors";
import { aMeter } from "../testing/builders";
import { acknowledgeFinding } from "./acknowledge-finding";
import { countFindings, listFindings, openFindings } from "./queries";
import { readThresholds } from "./read-thresholds";
import type { FindingState } from "./schemas";
import { setThresholds } from "./set-thresholds";
import { thresholdsOf } from "./thresholds";

const database = testDatabase();
const user = (role: "operator" | "viewer") => ({
  db: database.db,
  actor: { kind: "user", id: "u", name: "Ada", roles: [role] } as const,
});
const at = new Date("2026-03-02T02:00:00Z");

async function aFinding(meterId: string, values: Partial<typeof findings.$inferInsert> = {}) {
  const [row] = await database.db
    .insert(findings)
    .values({
      meterId,
      check: "gap",
      fromAt: at,
      toAt: new Date("2026-03-02T05:00:00Z"),
      figure: 180,
      threshold: 60,
      unit: "min",
      sentence: "There are no readings for 180 minutes.",
      firstSeenAt: at,
      lastSeenAt: at,
      ...values,
    })
    .returning();
  if (!row) throw new Error("no row");
  return row;
}

it("is acknowledged by operators with a reason, with an audit row, and not once it has healed", async () => {
  const meter = await aMeter(database.db);
  const open = await aFinding(meter.id);
  const healed = await aFinding(meter.id, { check: "spike", clearedAt: at });
  const reason = "The site was without power.";
  await expect(acknowledgeFinding(user("viewer"), { findingId: open.id, reason })).rejects.toThrow(Forbidden);
  await expect(acknowledgeFinding(user("operator"), { findingId: open.id, reason: " " })).rejects.toThrow();
  await expect(acknowledgeFinding(user("operator"), { findingId: healed.id, reason })).rejects.toThrow(NotPossibleNow);
  expect(await openFindings(user("viewer"))).toMatchObject({ findings: 1, meters: 1, meter: { id: meter.id } });
  await acknowledgeFinding(user("operator"), { findingId: open.id, reason });
  expect(await openFindings(user("viewer"))).toEqual({ findings: 0, meters: 0, meter: null });
  expect(await countFindings(user("viewer"), meter.id)).toEqual({ open: 0, acknowledged: 1, healed: 1 });
  const inState = async (state: FindingState) =>
    (await listFindings(user("viewer"), { meterId: meter.id, state: [state] })).items;
  expect(await inState("open")).toEqual([]);
  expect(await inState("acknowledged")).toMatchObject([
    { id: open.id, state: "acknowledged", acknowledged: { by: "Ada", reason } },
  ]);
  expect(await inState("healed")).toMatchObject([{ id: healed.id, state: "healed", acknowledged: null }]);
  const log = await database.db.select().from(auditLog).where(eq(auditLog.objectId, open.id));
  expect(log).toMatchObject([{ action: "finding.acknowledged", meterId: meter.id, details: { check: "gap", reason } }]);
});

it("keeps what differs from the defaults, and has readings checked again by it", async () => {
  const meter = await aMeter(database.db);
  const counts = { readings: 1, estimated: 0, restated: 0, coveredSeconds: 300 };
  await database.db.insert(meterDataDaily).values({ meterId: meter.id, day: "2026-03-02", ...counts });
  const thresholds = { ...thresholdsOf({}), flow: "generation" as const, gapMinutes: 15 };
  await expect(setThresholds(user("viewer"), { meterId: meter.id, thresholds })).rejects.toThrow(Forbidden);
  await setThresholds(user("operator"), { meterId: meter.id, thresholds });
  expect(await readThresholds(database.db, meter.id)).toEqual(thresholds);
  const notes = () => database.db.$count(readingChanges, eq(readingChanges.meterId, meter.id));
  expect(await notes()).toBe(1);
  await setThresholds(user("operator"), { meterId: meter.id, thresholds });
  expect(await notes()).toBe(1);
  const log = await database.db.select().from(auditLog).where(eq(auditLog.objectId, meter.id));
  expect(log.map(({ details }) => details)).toEqual([
    { changed: { flow: { from: "auto", to: "generation" }, gapMinutes: { from: 30, to: 15 } } },
  ]);
});

it("shows a token the findings of its own meters only", async () => {
  const [mine, other] = [await aMeter(database.db), await aMeter(database.db)];
  await aFinding(mine.id);
  await aFinding(other.id);
  const token = { kind: "token", id: "t", name: "t", roles: ["viewer"], meterIds: [mine.id] } as const;
  const ctx = { db: database.db, actor: token };
  expect(await openFindings(ctx)).toMatchObject({ findings: 1, meter: { id: mine.id } });
  await expect(listFindings(ctx, { meterId: other.id })).rejects.toThrow(Forbidden);
  await expect(countFindings(ctx, other.id)).rejects.toThrow(Forbidden);
});
