import { eq, sql } from "drizzle-orm";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Actor } from "../auth/actor";
import { auditLog } from "../db/schema";
import { testDatabase } from "../db/testing";
import { withTx } from "../db/tx";
import { activityFacets } from "./activity";
import { audit } from "./audit";
import { listAuditLog } from "./queries";
import { recentChainCheck } from "./recent-check";
import { verifyChain } from "./verify-chain";

const database = testDatabase();
const system: Actor = { kind: "system", name: "test" };
const meterA = "01900000-0000-7000-8000-00000000000a";
const meterB = "01900000-0000-7000-8000-00000000000b";

function write(n: number, meterId?: string) {
  return withTx(database.db, (tx) =>
    audit(tx, system, "thing.changed", { objectType: "thing", objectId: `${n}`, meterId, details: { z: n, a: [n] } }),
  );
}

describe("the audit log", () => {
  beforeEach(async () => {
    await database.db.delete(auditLog);
    for (let n = 1; n <= 4; n += 1) await write(n);
  });

  it("is one chain from the first row", async () => {
    expect(await verifyChain(database.db)).toMatchObject({ ok: true, rows: 4, head: { seq: 4 } });
  });

  it("says which row was changed", async () => {
    await database.db
      .update(auditLog)
      .set({ details: { z: 9, a: [2] } })
      .where(eq(auditLog.seq, 2));
    expect(await verifyChain(database.db)).toMatchObject({ ok: false, brokenAtSeq: 2 });
  });

  it.each(["actor_name", "action", "object_id", "actor_id", "object_type"])("covers %s", async (column) => {
    await database.db.execute(sql`update audit_log set ${sql.identifier(column)} = 'other' where seq = 3`);
    expect(await verifyChain(database.db)).toMatchObject({ ok: false, brokenAtSeq: 3 });
  });

  it("covers the instant and the meter", async () => {
    await database.db.execute(sql`update audit_log set at = at - interval '1 millisecond' where seq = 3`);
    expect(await verifyChain(database.db)).toMatchObject({ ok: false, brokenAtSeq: 3 });
    await database.db.execute(
      sql`update audit_log set at = at + interval '1 millisecond', meter_id = ${meterA} where seq = 3`,
    );
    expect(await verifyChain(database.db)).toMatchObject({ ok: false, brokenAtSeq: 3 });
  });

  it("says which row was removed", async () => {
    await database.db.delete(auditLog).where(eq(auditLog.seq, 3));
    expect(await verifyChain(database.db)).toMatchObject({ ok: false, brokenAtSeq: 3, reason: "Row 3 is missing." });
    await database.db.delete(auditLog).where(eq(auditLog.seq, 1));
    expect(await verifyChain(database.db)).toMatchObject({ ok: false, brokenAtSeq: 1 });
  });

  it("says that two rows were swapped", async () => {
    await database.db.execute(sql`update audit_log set seq = -seq where seq in (2, 3)`);
    await database.db.execute(sql`update audit_log set seq = 5 + seq where seq < 0`);
    expect(await verifyChain(database.db)).toMatchObject({ ok: false, brokenAtSeq: 2 });
  });

  it("shows rows cut off at the end to somebody who kept the head", async () => {
    const seen = await verifyChain(database.db);
    if (!seen.ok) throw new Error(seen.reason);
    await write(5);
    expect(await verifyChain(database.db, seen.head)).toMatchObject({ ok: true });
    await database.db.execute(sql`delete from audit_log where seq >= 4`);
    expect(await verifyChain(database.db)).toMatchObject({ ok: true });
    expect(await verifyChain(database.db, seen.head)).toMatchObject({ ok: false, brokenAtSeq: 4 });
    await write(6);
    expect(await verifyChain(database.db, seen.head)).toMatchObject({ ok: false, brokenAtSeq: 4 });
  });

  it("stays one chain when many write at once", async () => {
    await Promise.all(Array.from({ length: 12 }, (_, n) => write(100 + n)));
    expect(await verifyChain(database.db)).toMatchObject({ ok: true, rows: 16 });
  });

  it("leaves no row and no hole when the transaction is rolled back", async () => {
    const failing = withTx(database.db, async (tx) => {
      await audit(tx, system, "thing.changed", { objectType: "thing", objectId: "x" });
      throw new Error("no");
    });
    await expect(failing).rejects.toThrow("no");
    await write(5);
    expect(await verifyChain(database.db)).toMatchObject({ ok: true, rows: 5 });
  });

  it("keeps text that PostgreSQL cannot hold, without breaking the chain", async () => {
    await withTx(database.db, (tx) =>
      audit(tx, { kind: "system", name: "a\0b" }, "thing.changed", {
        objectType: "thing",
        objectId: "\ud800",
        details: { bad: "\0\udc00", at: new Date(0), none: undefined, nested: { b: 1e21, a: 0.1 } },
      }),
    );
    expect(await verifyChain(database.db)).toMatchObject({ ok: true, rows: 5 });
  });

  it("gives pages, newest first, and only the meters of a limited token", async () => {
    await write(5, meterA);
    await write(6, meterB);
    const first = await listAuditLog({ db: database.db, actor: system }, { limit: 4 });
    expect(first.items.map((row) => row.seq)).toEqual([6, 5, 4, 3]);
    const second = await listAuditLog({ db: database.db, actor: system }, { limit: 4, cursor: first.nextCursor ?? "" });
    expect(second.items.map((row) => row.seq)).toEqual([2, 1]);
    expect(second.nextCursor).toBeNull();
    const token: Actor = { kind: "token", id: "t", name: "t", roles: ["viewer"], meterIds: [meterA] };
    const limited = await listAuditLog({ db: database.db, actor: token }, {});
    expect(limited.items.map((row) => row.seq)).toEqual([5]);
    expect(await activityFacets({ db: database.db, actor: token })).toEqual({
      actors: [{ id: "test", name: "test" }],
      objectTypes: ["thing"],
    });
    expect(await activityFacets({ db: database.db, actor: { ...token, meterIds: [] } })).toEqual({
      actors: [],
      objectTypes: [],
    });
  });

  it("is checked for the page at most once a minute, against the newest head seen", async () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    expect(await recentChainCheck(database.db)).toMatchObject({ ok: true, rows: 4 });
    await database.db.delete(auditLog).where(eq(auditLog.seq, 4));
    expect(await recentChainCheck(database.db)).toMatchObject({ ok: true, rows: 4 });
    vi.advanceTimersByTime(61_000);
    expect(await recentChainCheck(database.db)).toMatchObject({ ok: false, brokenAtSeq: 4 });
    vi.useRealTimers();
  });
});
