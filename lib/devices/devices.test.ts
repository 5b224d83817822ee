import { sql } from "drizzle-orm";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { type Enrolled, enrol, styles } from "../../e2e/simulators/guardian/testing";
import { verifyChain } from "../audit/verify-chain";
import type { Actor } from "../auth/actor";
import { auditLog, devices, meters } from "../db/schema";
import { testDatabase } from "../db/testing";
import { newId } from "../ids";
import { log } from "../log";
import { raceBehind } from "../testing/race";
import { archiveDevice } from "./archive-device";
import { openDeviceKey } from "./internal";
import { previewDevice } from "./preview-device";
import { getDevice, listDevices } from "./queries";
import { replaceDeviceConfig } from "./replace-device-config";
import { testSignature } from "./test-signature";
import { addDevice, copyOf, ctxOf, keyTexts, rowOf, secrets } from "./testing";

const database = testDatabase();
const ctx = (actor?: Actor) => ctxOf(database.db, actor);
let enrolled: Enrolled;
let typed: Enrolled;
let other: Enrolled;
beforeAll(async () => {
  enrolled = await enrol({}, "roof");
  typed = await enrol({ fields: "typed", context: "own-terms" }, "roof");
  other = await enrol({}, "shed");
});
beforeEach(async () => {
  await database.db.update(meters).set({ deviceId: null });
  await database.db.delete(devices);
});

const add = (values: Parameters<typeof addDevice>[2] = {}, from = enrolled) => addDevice(database.db, from, values);
function expectNoKey(value: unknown, from = enrolled) {
  const text = JSON.stringify(value);
  for (const key of keyTexts(from)) expect(text).not.toContain(key);
}

describe("adding a device", () => {
  it.each(styles)("reads $fields fields, $context context, $did DID, and signs with it", async (style) => {
    const each = await enrol(style, "each");
    const device = await add({ schema: each.policy.schema }, each);
    expect(device).toMatchObject({
      name: "Roof inverter",
      did: each.device.did,
      policyId: each.policy.policyId,
      policyTag: each.policy.policyTag,
      guardianUrl: "http://localhost:3002",
      version: 1,
      hasSchema: true,
      meters: [],
    });
    const signature = await testSignature(ctx(), { deviceId: device.id });
    expect(signature).toMatchObject({ isValid: true, faults: [] });
    expect(JSON.parse(signature.document ?? "")).toMatchObject({
      issuer: device.did,
      issuanceDate: "9999-12-31T00:00:00.000Z",
    });
  });

  it("keeps the key sealed to its row and gives it to nobody", async () => {
    const logged = (["debug", "info", "warn", "error"] as const).map((level) => vi.spyOn(log, level));
    const device = await add({ mrvConfig: JSON.stringify(enrolled.device.config) });
    const row = await rowOf(database.db, device.id);
    expect(openDeviceKey(secrets, row).equals(enrolled.device.seed)).toBe(true);
    expect(() => openDeviceKey(secrets, { ...row, id: newId() })).toThrow();
    expect(device.publicKeyBase58).toBe(enrolled.config.publicKeyBase58);
    expect(device.notices.join()).toContain("private key of the installer's Hedera account");
    expectNoKey(device);
    expectNoKey(row);
    expectNoKey(await getDevice(ctx(), { deviceId: device.id }));
    expectNoKey(await listDevices(ctx(), {}));
    expectNoKey(await previewDevice(ctx(), { mrvConfig: copyOf(enrolled) }));
    expectNoKey(await testSignature(ctx(), { deviceId: device.id }));
    await replaceDeviceConfig(ctx(), { deviceId: device.id, mrvConfig: copyOf(enrolled) });
    const entries = await database.db.select().from(auditLog);
    expect(entries.map(({ action }) => action)).toEqual(
      expect.arrayContaining(["device.created", "device.signature-tested", "device.config-replaced"]),
    );
    expectNoKey(entries);
    expectNoKey(logged.map(({ mock }) => mock.calls));
    vi.restoreAllMocks();
    expect(await verifyChain(database.db)).toMatchObject({ ok: true });
  });

  it("names every fault at its place, without a key", async () => {
    const mrvConfig = { ...copyOf(enrolled), did: "did:web:example.com", policyTag: "", key: "302e02" };
    const error = await add({ mrvConfig }).catch((thrown) => thrown);
    expect(error).toMatchObject({
      code: "invalid_input",
      fields: {
        "mrvConfig.did": expect.stringContaining("Hedera DID"),
        "mrvConfig.policyTag": expect.any(String),
        "mrvConfig.key": expect.any(String),
      },
    });
    await expect(add({ mrvConfig: "{" })).rejects.toMatchObject({
      fields: { mrvConfig: expect.stringContaining("no MRV config") },
    });
    const swapped = { ...copyOf(enrolled), key: other.device.config.key };
    const refusal = await add({ mrvConfig: swapped }).catch((thrown) => thrown);
    expect(refusal.code).toBe("invalid_input");
    expectNoKey([refusal.message, refusal.fields], other);
    expect(await database.db.select().from(devices)).toEqual([]);
  });

  it("takes an address instead of the file's, and refuses one that may not be reached", async () => {
    const mrvConfig = { ...copyOf(enrolled), url: "http://10.0.0.1/external" };
    await expect(add({ mrvConfig })).rejects.toMatchObject({ fields: { "mrvConfig.url": expect.any(String) } });
    const device = await add({ mrvConfig, guardianUrl: "http://localhost:3010/api/v1/external" });
    expect(device.guardianUrl).toBe("http://localhost:3010/api/v1");
    await expect(add({ guardianUrl: "http://10.0.0.1/api/v1" }, other)).rejects.toMatchObject({
      fields: { guardianUrl: expect.any(String) },
    });
  });

  it("holds a JSON schema against the config", async () => {
    await expect(add({ schema: typed.policy.schema })).rejects.toMatchObject({
      fields: { schema: expect.stringContaining("another type") },
    });
    await expect(add({ schema: "[]" })).rejects.toMatchObject({
      fields: { schema: expect.stringContaining("JSON object") },
    });
    const device = await add({ schema: JSON.stringify(typed.policy.schema) }, typed);
    expect(device.fields).toContainEqual(
      expect.objectContaining({ path: "site.latitude", kind: "number", isFromConfig: false }),
    );
    expect(device.fields).toContainEqual(expect.objectContaining({ path: "policyId", isFromConfig: true }));
    expect(Object.keys(device.schema ?? {})).toEqual(Object.keys(typed.policy.schema));
  });

  it("has each DID and policy once, also for two who add it at once; an archived one makes room", async () => {
    // While the log is locked both are under way, and neither has committed.
    const log = sql`select pg_advisory_xact_lock(hashtextextended('audit_log', 0))`;
    const outcomes = await raceBehind(database.db, log, [() => add(), () => add({ name: "Twin" })]);
    const [refused] = outcomes.flatMap((each) => (each.status === "rejected" ? [each.reason] : []));
    expect(refused).toMatchObject({ code: "conflict", message: expect.stringContaining("already") });
    const { items } = await listDevices(ctx(), {});
    expect(items).toHaveLength(1);
    const existing = { id: items[0]?.id, name: items[0]?.name };
    expect(await previewDevice(ctx(), { mrvConfig: copyOf(enrolled) })).toMatchObject({ existing });
    await archiveDevice(ctx(), { deviceId: items[0]?.id ?? "" });
    await add();
    await expect(
      database.db
        .insert(devices)
        .values({ ...(await rowOf(database.db, items[0]?.id ?? "")), id: newId(), archivedAt: null } as never),
    ).rejects.toThrow();
  });
});

describe("a preview", () => {
  it("tells what was read and signs a sample, and stores nothing", async () => {
    const preview = await previewDevice(ctx(), { mrvConfig: copyOf(typed), schema: typed.policy.schema });
    expect(preview).toMatchObject({
      read: { did: typed.device.did, policyId: typed.policy.policyId },
      signature: { isValid: true, faults: [] },
      existing: null,
      changes: [],
    });
    expect(preview.notices.length).toBeGreaterThan(0);
    expect(await database.db.select().from(devices)).toEqual([]);
  });

  it("says why nothing can be signed", async () => {
    const config = copyOf(enrolled);
    delete config.hederaAccountId;
    const { signature } = await previewDevice(ctx(), { mrvConfig: config });
    expect(signature).toMatchObject({ isValid: false, message: expect.stringContaining("accountId"), document: null });
  });
});
