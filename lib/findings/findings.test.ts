import { eq } from "drizzle-orm";
import { expect, it } from "vitest";
import { auditLog, findings, meterDataDaily, readingChanges } from "../db/schema";
import { testDatabase } from "../db/testing";
import { Forbidden, NotPossibleNow } from "../errors";
import { aMeter } from "../testing/builders";
import { acknowledgeFinding } from "./acknowledge-finding";
import { acknowledgeFindingEndpoint, listFindingsEndpoint } from "./endpoints";
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

it("is listed page by page through the API, by where it stands and what found it", async () => {
  const meter = await aMeter(database.db);
  const days = ["2026-03-01", "2026-03-02", "2026-03-03"].map((day) => new Date(`${day}T00:00:00Z`));
  const ids: string[] = [];
  for (const fromAt of days) ids.push((await aFinding(meter.id, { fromAt })).id);
  const [oldest = "", middle, newest] = ids;
  const spike = await aFinding(meter.id, { check: "spike", clearedAt: at });
  const environment = { db: database.db, actor: user("operator").actor };
  const list = async (query: string) => {
    const request = new Request(`http://x/api/v1/meters/${meter.id}/findings?${query}`);
    const answer = await listFindingsEndpoint.answer(request, { id: meter.id }, environment);
    return { status: answer.status, body: await answer.json() };
  };
  const first = await list("state=open&limit=2");
  expect(first.body.items.map(({ id }: { id: string }) => id)).toEqual([newest, middle]);
  expect(first.body.items[0]).toMatchObject({
    meterId: meter.id,
    check: "gap",
    label: "Gap",
    state: "open",
    from: "2026-03-03T00:00:00.000Z",
    to: "2026-03-02T05:00:00.000Z",
    figure: 180,
    threshold: 60,
    unit: "min",
    sentence: "There are no readings for 180 minutes.",
    healedAt: null,
    acknowledged: null,
  });
  const second = await list(`state=open&limit=2&cursor=${first.body.nextCursor}`);
  expect(second.body).toMatchObject({ items: [{ id: oldest }], nextCursor: null });
  expect((await list("check=spike")).body.items).toMatchObject([{ id: spike.id, state: "healed" }]);
  expect((await list("check=nonsense")).status).toBe(400);
  const body = JSON.stringify({ reason: "Known." });
  const post = new Request("http://x/", { method: "POST", body, headers: { "content-type": "application/json" } });
  const acknowledged = await acknowledgeFindingEndpoint.answer(post, { id: oldest }, environment);
  expect(await acknowledged.json()).toMatchObject({ id: oldest, state: "acknowledged", acknowledged: { by: "Ada" } });
});
