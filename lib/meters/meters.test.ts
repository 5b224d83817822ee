import { eq, sql } from "drizzle-orm";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { z } from "zod";
import { verifyChain } from "../audit/verify-chain";
import type { Actor } from "../auth/actor";
import { permissions, roles } from "../auth/roles";
import type { WorkerCtx } from "../ctx";
import { auditLog, meterJobs, meters, meterTasks, sourceQuotas } from "../db/schema";
import { testDatabase } from "../db/testing";
import { newId } from "../ids";
import { log } from "../log";
import { createAddressGuard } from "../net/address-guard";
import type { Worker } from "../pipeline/worker";
import { createSecretBox } from "../secrets";
import { aJob, aTask } from "../testing/builders";
import { raceBehind } from "../testing/race";
import { archiveMeter } from "./archive-meter";
import { createMeter } from "./create-meter";
import { getMeter, listMeters } from "./queries";
import type { createMeterInput } from "./schemas";
import { testMeter, testMeterDraft } from "./test-meter";
import { updateMeter } from "./update-meter";

const database = testDatabase();
const secrets = createSecretBox([{ id: "k1", key: Buffer.alloc(32, 1) }], Buffer.alloc(32, 2));
const vendor = vi.fn<typeof fetch>();
const SECRET = "key_9f21b7c4d8e6a5f0b307";

function ctxOf(actor: Actor = { kind: "system", name: "test" }): WorkerCtx {
  const worker = {
    db: database.db,
    secrets,
    fetch: vendor,
    addresses: createAddressGuard({ allowed: ["127.0.0.1"] }),
    baseUrls: { WATTWATCHERS_BASE_URL: "http://vendor.test" },
    now: () => new Date(),
    log,
  };
  return { db: database.db, actor, worker: worker as unknown as Worker };
}

function wanted(values: Partial<z.input<typeof createMeterInput>> = {}): z.input<typeof createMeterInput> {
  return {
    name: "Roof, north",
    type: "WattWatchers",
    dataSourceType: "API",
    dataSource: "D123456789012",
    dataCredentials: SECRET,
    timezone: "Australia/Sydney",
    settings: { channels: [1, 2] },
    ...values,
  };
}

const add = (values = {}) => createMeter(ctxOf(), wanted(values));
const rowOf = async (id: string) => (await database.db.select().from(meters).where(eq(meters.id, id)))[0];
const auditOf = (id: string) =>
  database.db.select().from(auditLog).where(eq(auditLog.objectId, id)).orderBy(auditLog.seq);
const limitedTo = (meterIds: string[]): Actor => ({ kind: "token", id: "t", name: "t", roles: ["admin"], meterIds });

beforeEach(() => {
  vendor.mockReset();
});

describe("a meter whose files people upload", () => {
  const brought = { type: "NEM12", dataSourceType: "UPLOAD", timezone: "Australia/Brisbane" } as const;

  it("needs neither source nor credential, and has nothing to test", async () => {
    const meter = await createMeter(ctxOf(), { name: "By hand", ...brought });
    expect(meter).toMatchObject({ dataSourceType: "UPLOAD", dataSource: "", credentialHint: "" });
    expect(await testMeter(ctxOf(), { meterId: meter.id })).toMatchObject({ ok: false, code: "NO_SOURCE" });
    expect((await updateMeter(ctxOf(), { meterId: meter.id, settings: { nmi: "6203778594" } })).version).toBe(2);
    await expect(createMeter(ctxOf(), { name: "x", ...brought, settings: { s3: {} } })).rejects.toMatchObject({
      fields: { "settings.s3": expect.stringContaining("no such field") },
    });
  });

  it("can be given a source of its type later, with a credential, and keeps it then", async () => {
    const { id: meterId } = await createMeter(ctxOf(), { ...brought, name: "By hand", type: "WattWatchers" });
    const { dataCredentials, ...source } = {
      dataSourceType: "API",
      dataSource: "D123456789012",
      dataCredentials: SECRET,
    } as const;
    const refused = async (values: object) =>
      Object.keys((await updateMeter(ctxOf(), { meterId, ...values }).catch((error) => error)).fields ?? {});
    expect(await refused({ ...source })).toEqual(["dataCredentials"]);
    expect(await refused({ dataSourceType: "API", dataCredentials })).toEqual(["dataSource"]);
    expect(await refused({ ...source, dataCredentials, type: "Solcast" })).toEqual(["type"]);
    expect(await refused({ ...source, dataSourceType: "S3", dataCredentials })).not.toEqual([]);
    expect(await rowOf(meterId)).toMatchObject({ dataSourceType: "UPLOAD", accountKey: "upload", version: 1 });

    const draft = { meterId, type: "WattWatchers", timezone: brought.timezone, settings: {}, ...source };
    await expect(testMeterDraft(ctxOf(), draft)).rejects.toMatchObject({
      fields: { dataCredentials: "This is needed." },
    });
    vendor.mockResolvedValue(new Response("{}", { status: 401 }));
    expect(await testMeterDraft(ctxOf(), { ...draft, dataCredentials })).toMatchObject({
      ok: false,
      code: "KEY_REFUSED",
    });

    const changed = await updateMeter(ctxOf(), { meterId, ...source, dataCredentials });
    expect(changed).toMatchObject({
      dataSourceType: "API",
      dataSource: source.dataSource,
      credentialHint: "key_9f…07",
      version: 2,
    });
    const row = await rowOf(meterId);
    expect(secrets.open(row?.dataCredentials ?? "", `meters.data_credentials:${meterId}`)).toBe(SECRET);
    expect(row?.accountKey).toBe(`WattWatchers:${secrets.fingerprint(SECRET)}`);
    expect((await auditOf(meterId)).at(-1)).toMatchObject({
      action: "meter.updated",
      details: {
        changed: { dataSourceType: { from: "UPLOAD", to: "API" }, dataSource: { from: "", to: source.dataSource } },
        credential: "set",
      },
    });
    for (const dataSourceType of ["UPLOAD", "S3"])
      expect(await refused({ dataSourceType })).toEqual(["dataSourceType"]);
  });

  it("is the only kind that may do without", async () => {
    const { dataSource: _, ...unplaced } = wanted();
    await expect(createMeter(ctxOf(), unplaced)).rejects.toMatchObject({ fields: { dataSource: "This is needed." } });
    const { dataCredentials: __, ...unsigned } = wanted();
    await expect(createMeter(ctxOf(), unsigned)).rejects.toMatchObject({
      fields: { dataCredentials: "This is needed." },
    });
  });
});

describe("adding a meter", () => {
  it("seals the credential to its row, and names the account without giving it away", async () => {
    const meter = await add();
    const row = await rowOf(meter.id);
    expect(secrets.open(row?.dataCredentials ?? "", `meters.data_credentials:${meter.id}`)).toBe(SECRET);
    expect(() => secrets.open(row?.dataCredentials ?? "", `meters.data_credentials:${newId()}`)).toThrow();
    expect(row).toMatchObject({ accountKey: `WattWatchers:${secrets.fingerprint(SECRET)}`, credentialsKeyId: "k1" });
    expect(meter).toMatchObject({
      credentialHint: "key_9f…07",
      state: "new",
      version: 1,
      settings: { channels: [1, 2] },
    });
    const other = await add({ name: "Roof, south" });
    expect((await rowOf(other.id))?.accountKey).toBe(row?.accountKey);
  });

  it("keeps no piece of the credential but the hint in answers and audit rows", async () => {
    const meter = await add();
    await updateMeter(ctxOf(), { meterId: meter.id, dataCredentials: "key_another0another0xx" });
    const audited = await auditOf(meter.id);
    expect(audited.map((row) => [row.action, row.meterId])).toEqual([
      ["meter.created", meter.id],
      ["meter.updated", meter.id],
    ]);
    const seen = JSON.stringify([meter, audited, await getMeter(ctxOf(), { meterId: meter.id })]);
    expect(seen).not.toMatch(/21b7c4|another0|data_?credentials|v1\.k1/i);
    expect(await verifyChain(database.db)).toMatchObject({ ok: true });
  });

  it.each([
    ["a setting its type does not know", { settings: { chanels: [1] } }, /chanels/, "settings.chanels"],
    ["a wrong setting", { settings: { channels: [0] } }, /channels/, "settings.channels.0"],
    ["another source's settings", { settings: { s3: { prefix: "x" } } }, /s3/, "settings.s3"],
    ["an unknown type", { type: "Gas" }, /no meter type Gas/, "type"],
    ["a wrong key", { dataCredentials: "two words" }, /./, "dataCredentials"],
  ])("refuses %s by name", async (_what, values, sentence, field) => {
    const error = await add(values).catch((caught) => caught);
    expect(error).toMatchObject({ code: "invalid_input" });
    expect(error.message).toMatch(sentence);
    expect(Object.keys(error.fields)).toContain(field);
  });

  it.each([
    ["a zone that does not exist", { timezone: "Australia/Sidney" }],
    ["a capacity below zero", { capacityKw: -1 }],
    ["no name", { name: " " }],
    ["a field it does not know", { deviceSerial: "x" }],
  ])("refuses %s", async (_what, values) => {
    await expect(add(values)).rejects.toThrow();
  });

  it("does not repeat a credential that it refuses", async () => {
    const error = await add({ dataCredentials: "hunter2 hunter2" }).catch((caught) => caught);
    expect(JSON.stringify([error.message, error.fields])).not.toContain("hunter2");
  });
});

describe("changing a meter", () => {
  it("keeps what is left out and writes down what changed, setting by setting", async () => {
    const meter = await add();
    const changed = await updateMeter(ctxOf(), {
      meterId: meter.id,
      version: 1,
      name: "Roof, north-west",
      settings: { channels: [1, 2], invert: [2] },
      region: "NSW+ACT",
    });
    expect(changed).toMatchObject({ version: 2, region: "NSW+ACT", credentialHint: meter.credentialHint });
    expect((await auditOf(meter.id)).at(-1)?.details).toEqual({
      changed: {
        name: { from: "Roof, north", to: "Roof, north-west" },
        region: { from: null, to: "NSW+ACT" },
        "settings.invert": { from: null, to: [2] },
      },
    });
    const cleared = await updateMeter(ctxOf(), { meterId: meter.id, region: null });
    expect(cleared).toMatchObject({ region: null, version: 3 });
    expect((await updateMeter(ctxOf(), { meterId: meter.id, name: "Roof, north-west" })).version).toBe(3);
  });

  it("is refused on an older version, so that of two at once one is told", async () => {
    const meter = await add();
    const attempts = ["a", "b"].map((name) => () => updateMeter(ctxOf(), { meterId: meter.id, version: 1, name }));
    const results = await raceBehind(
      database.db,
      sql`select * from meters where id = ${meter.id} for update`,
      attempts,
    );
    expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const late = results.find((result) => result.status === "rejected");
    expect(late?.reason).toMatchObject({ code: "conflict" });
  });

  it("gives a new credential a new account", async () => {
    const meter = await add();
    await updateMeter(ctxOf(), { meterId: meter.id, dataCredentials: "key_another0another0xx" });
    const row = await rowOf(meter.id);
    expect(secrets.open(row?.dataCredentials ?? "", `meters.data_credentials:${meter.id}`)).toBe(
      "key_another0another0xx",
    );
    expect(row?.accountKey).toBe(`WattWatchers:${secrets.fingerprint("key_another0another0xx")}`);
  });

  it("refuses another type, and another zone once there are readings", async () => {
    const meter = await add();
    const change = (values: object) => updateMeter(ctxOf(), { meterId: meter.id, ...values });
    await expect(change({ type: "Solcast" })).rejects.toMatchObject({ fields: { type: expect.any(String) } });
    await expect(change({ settings: { unknown: 1 } })).rejects.toMatchObject({ code: "invalid_input" });
    expect(await change({ timezone: "Australia/Perth" })).toMatchObject({ timezone: "Australia/Perth" });
    await database.db.update(meters).set({ newestReadingAt: new Date() }).where(eq(meters.id, meter.id));
    await expect(change({ timezone: "Australia/Sydney" })).rejects.toMatchObject({ code: "not_possible_now" });
  });
});

describe("archiving a meter", () => {
  it("ends its jobs, cancels what has not begun, leaves what runs, and says so", async () => {
    const meter = await add();
    const active = await aJob(database.db, { meterId: meter.id });
    const paused = await aJob(database.db, { meterId: meter.id, status: "paused" });
    const at = (day: number) => ({ job: active, intervalStart: new Date(Date.UTC(2026, 0, day)) });
    const pending = await aTask(database.db, at(1));
    const waiting = await aTask(database.db, {
      ...at(2),
      state: "waiting",
      waitReason: "retry",
      waitUntil: new Date(),
    });
    const running = await aTask(database.db, { ...at(3), state: "running" });
    const done = await aTask(database.db, { ...at(4), state: "succeeded" });
    const archived = await archiveMeter(ctxOf(), { meterId: meter.id });
    expect(archived).toMatchObject({ endedJobs: 2, cancelledTasks: 2, meter: { state: null, id: meter.id } });
    expect(archived.message).toContain("2 jobs ended, 2 waiting tasks were cancelled");
    const jobs = await database.db.select().from(meterJobs).where(eq(meterJobs.meterId, meter.id));
    expect(jobs.map(({ id, status }) => [id, status]).sort()).toEqual(
      [active, paused].map(({ id }) => [id, "ended"]).sort(),
    );
    const tasks = await database.db.select().from(meterTasks).where(eq(meterTasks.meterId, meter.id));
    const stateOf = (id: string) => tasks.find((task) => task.id === id)?.state;
    expect([pending, waiting, running, done].map(({ id }) => stateOf(id))).toEqual([
      "cancelled",
      "cancelled",
      "running",
      "succeeded",
    ]);
    expect(await archiveMeter(ctxOf(), { meterId: meter.id })).toMatchObject({ endedJobs: 0, cancelledTasks: 0 });
    expect((await auditOf(meter.id)).filter(({ action }) => action === "meter.archived")).toHaveLength(1);
    await expect(updateMeter(ctxOf(), { meterId: meter.id, name: "x" })).rejects.toMatchObject({
      code: "not_possible_now",
    });
  });
});

describe("the list of meters", () => {
  it("gives every meter once, page by page, with filters", async () => {
    const scope = limitedTo([]);
    const ids: string[] = [];
    for (const name of ["Twin", "Twin", "Twin", "a 100% shed", "b_shed"]) ids.push((await add({ name })).id);
    const actor = { ...scope, meterIds: ids };
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const { items, nextCursor } = await listMeters(ctxOf(actor), { limit: 2, cursor });
      seen.push(...items.map(({ id }) => id));
      cursor = nextCursor ?? undefined;
    } while (cursor);
    expect(seen.sort()).toEqual([...ids].sort());
    const names = async (query: object) => (await listMeters(ctxOf(actor), query)).items.map(({ name }) => name);
    expect(await names({ search: "100%" })).toEqual(["a 100% shed"]);
    expect(await names({ search: "b_s" })).toEqual(["b_shed"]);
    expect(await names({ type: ["NEM12"] })).toEqual([]);
    expect(await names({ state: ["late"] })).toEqual([]);
    expect(await names({ state: ["new"], search: "twin" })).toHaveLength(3);
    await archiveMeter(ctxOf(), { meterId: ids[4] ?? "" });
    expect(await names({ search: "shed" })).toEqual(["a 100% shed"]);
    expect(await names({ archived: true })).toEqual(["b_shed"]);
    await expect(names({ cursor: "made-up" })).rejects.toMatchObject({ fields: { cursor: expect.any(String) } });
  });
});

describe("testing the connection", () => {
  const json = (body: unknown, init?: ResponseInit) => new Response(JSON.stringify(body), init);

  it("says what was reached and keeps it on the meter, each call taken from the quota first", async () => {
    const meter = await add({ dataCredentials: "key_of_the_tested_account" });
    vendor.mockImplementation(async (input) =>
      String(input).includes("/long-energy/")
        ? json([{ timestamp: 1_767_225_600, duration: 300, eReal: [1, 2] }])
        : json({ id: "D123456789012", label: "Main board", channels: [{ label: "Grid" }, { label: "PV" }] }),
    );
    const result = await testMeter(ctxOf(), { meterId: meter.id });
    expect(result).toMatchObject({ ok: true, code: null });
    expect(result.newestReadingAt?.toISOString()).toBe("2025-12-31T23:55:00.000Z");
    const sent = new Headers(vendor.mock.calls[0]?.[1]?.headers).get("authorization");
    expect(sent).toBe("Bearer key_of_the_tested_account");
    expect(String(vendor.mock.calls[0]?.[0])).toContain("http://vendor.test/devices/D123456789012");
    const row = await rowOf(meter.id);
    expect(row?.lastTest).toMatchObject({
      ok: true,
      message: result.message,
      newestReadingAt: "2025-12-31T23:55:00.000Z",
    });
    const quotas = await database.db
      .select()
      .from(sourceQuotas)
      .where(eq(sourceQuotas.accountKey, row?.accountKey ?? ""));
    expect(quotas.find(({ window }) => window === "day")?.used).toBe(2);
  });

  it("answers with the error's sentence, without the key", async () => {
    const meter = await add();
    vendor.mockImplementation(async () =>
      json({ code: "UNAUTHORIZED", httpCode: 401, message: `Bad key ${SECRET}` }, { status: 401 }),
    );
    const result = await testMeter(ctxOf(), { meterId: meter.id });
    expect(result).toMatchObject({ ok: false, code: expect.stringMatching(/^[A-Z_]+$/), newestReadingAt: null });
    expect(result.message.length).toBeGreaterThan(10);
    expect(JSON.stringify([result, (await rowOf(meter.id))?.lastTest])).not.toContain(SECRET);
  });

  it("tries a draft, with the stored credential where none is typed, and stores nothing", async () => {
    const meter = await add();
    vendor.mockImplementation(async () => new Response(null, { status: 404 }));
    const { dataCredentials: _typed, name: _name, ...draft } = wanted({ dataSource: "D999" });
    expect(await testMeterDraft(ctxOf(), { ...draft, meterId: meter.id })).toMatchObject({ ok: false });
    expect(new Headers(vendor.mock.calls[0]?.[1]?.headers).get("authorization")).toBe(`Bearer ${SECRET}`);
    expect((await rowOf(meter.id))?.lastTest).toBeNull();
    await expect(testMeterDraft(ctxOf(), draft)).rejects.toThrow();
    const wrong = testMeterDraft(ctxOf(), { ...draft, dataCredentials: SECRET, settings: { x: 1 } });
    await expect(wrong).rejects.toMatchObject({ code: "invalid_input" });
  });

  it("says so when the credential cannot be opened any more", async () => {
    const meter = await add();
    await database.db.update(meters).set({ dataCredentials: "v1.gone.a.b.c" }).where(eq(meters.id, meter.id));
    expect(await testMeter(ctxOf(), { meterId: meter.id })).toMatchObject({
      ok: false,
      code: "SECRET_UNREADABLE",
      message: "The key gone is not in METERPROOF_SECRET_KEYS: add it again.",
    });
    expect(vendor).not.toHaveBeenCalled();
  });
});

describe("who may", () => {
  const verbs: [string, keyof typeof permissions, (ctx: WorkerCtx, meterId: string) => Promise<unknown>][] = [
    ["createMeter", "meters:edit", (ctx) => createMeter(ctx, wanted())],
    ["updateMeter", "meters:edit", (ctx, meterId) => updateMeter(ctx, { meterId, name: "x" })],
    ["archiveMeter", "meters:edit", (ctx, meterId) => archiveMeter(ctx, { meterId })],
    ["testMeter", "meters:edit", (ctx, meterId) => testMeter(ctx, { meterId })],
    ["testMeterDraft", "meters:edit", (ctx, meterId) => testMeterDraft(ctx, { ...wanted(), meterId })],
    ["getMeter", "fleet:read", (ctx, meterId) => getMeter(ctx, { meterId })],
    ["listMeters", "fleet:read", (ctx) => listMeters(ctx, {})],
  ];

  it.each(verbs)("%s asks for its permission, and for the meter of a limited token", async (name, permission, verb) => {
    vendor.mockImplementation(async () => new Response(null, { status: 404 }));
    const allowed: readonly string[] = permissions[permission];
    for (const role of [...roles, null]) {
      const meter = await add();
      const attempt = verb(ctxOf({ kind: "user", id: "u", name: "U", roles: role ? [role] : [] }), meter.id);
      if (role && allowed.includes(role)) await attempt;
      else await expect(attempt).rejects.toMatchObject({ code: "forbidden" });
    }
    const meter = await add();
    const limited = ctxOf(limitedTo([newId()]));
    if (name === "listMeters") expect(await verb(limited, meter.id)).toMatchObject({ items: [] });
    else await expect(verb(limited, meter.id)).rejects.toMatchObject({ code: "forbidden" });
  });
});
