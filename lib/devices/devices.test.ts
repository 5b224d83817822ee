import { eq, sql } from "drizzle-orm";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { type Enrolled, enrol, styles } from "../../e2e/simulators/guardian/testing";
import { verifyChain } from "../audit/verify-chain";
import type { Actor } from "../auth/actor";
import { roles } from "../auth/roles";
import type { WorkerCtx } from "../ctx";
import { auditLog, devices, meters } from "../db/schema";
import { testDatabase } from "../db/testing";
import { newId } from "../ids";
import { log } from "../log";
import { createMeter } from "../meters/create-meter";
import { updateMeter } from "../meters/update-meter";
import { createAddressGuard } from "../net/address-guard";
import type { Worker } from "../pipeline/worker";
import { createSecretBox } from "../secrets";
import { aMeter } from "../testing/builders";
import { raceBehind } from "../testing/race";
import { archiveDevice } from "./archive-device";
import { attachMeters } from "./attach-meters";
import { createDevice } from "./create-device";
import { detachMeter } from "./detach-meter";
import { openDeviceKey } from "./internal";
import { previewDevice } from "./preview-device";
import { attachableMeters, getDevice, listDevices } from "./queries";
import { replaceDeviceConfig } from "./replace-device-config";
import { testSignature } from "./test-signature";
import { updateDevice } from "./update-device";

const database = testDatabase();
const secrets = createSecretBox([{ id: "k1", key: Buffer.alloc(32, 1) }], Buffer.alloc(32, 2));
const system: Actor = { kind: "system", name: "test" };
const limitedTo = (meterIds: string[]): Actor => ({ kind: "token", id: "t", name: "t", roles: ["admin"], meterIds });

function ctxOf(actor: Actor = system): WorkerCtx {
  const addresses = createAddressGuard({ allowed: ["localhost", "127.0.0.1"] });
  const worker = { db: database.db, secrets, addresses, now: () => new Date(), log };
  return { db: database.db, actor, worker: worker as unknown as Worker };
}

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

const copyOf = (device: Enrolled["device"]) => structuredClone(device.config);
const wanted = ({ device }: Enrolled = enrolled) => ({ name: "Roof inverter", mrvConfig: copyOf(device) });
const add = (values: Partial<Parameters<typeof createDevice>[1]> = {}, from = enrolled) =>
  createDevice(ctxOf(), { ...wanted(from), ...values });
const auditOf = (id: string) =>
  database.db.select().from(auditLog).where(eq(auditLog.objectId, id)).orderBy(auditLog.seq);
const rowOf = async (id: string) => {
  const [row] = await database.db.select().from(devices).where(eq(devices.id, id));
  if (!row) throw new Error("There is no row.");
  return row;
};
/** Every way in which the private keys of a config could be written down. */
const keyTexts = ({ device }: Enrolled) => {
  const methods = (device.config.didDocument as { verificationMethod: { privateKeyBase58?: string }[] })
    .verificationMethod;
  return [
    String(device.config.hederaAccountKey),
    device.seed.toString("hex"),
    device.seed.toString("base64"),
    device.seed.toString("base64url"),
    ...methods.flatMap(({ privateKeyBase58 }) => privateKeyBase58 ?? []),
  ];
};
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
    const signature = await testSignature(ctxOf(), { deviceId: device.id });
    expect(signature).toMatchObject({ isValid: true, faults: [] });
    expect(JSON.parse(signature.document ?? "")).toMatchObject({
      issuer: device.did,
      issuanceDate: "9999-12-31T00:00:00.000Z",
    });
  });

  it("keeps the key sealed to its row and gives it to nobody", async () => {
    const written = vi.spyOn(process.stdout, "write");
    const device = await add({ mrvConfig: JSON.stringify(enrolled.device.config) });
    const row = await rowOf(device.id);
    expect(openDeviceKey(secrets, row).equals(enrolled.device.seed)).toBe(true);
    expect(() => openDeviceKey(secrets, { ...row, id: newId() })).toThrow();
    expect(device.publicKeyBase58).toBe(enrolled.config.publicKeyBase58);
    expect(device.notices.join()).toContain("private key of the installer's Hedera account");
    expectNoKey(device);
    expectNoKey(row);
    expectNoKey(await getDevice(ctxOf(), { deviceId: device.id }));
    expectNoKey(await listDevices(ctxOf(), {}));
    expectNoKey(await previewDevice(ctxOf(), { mrvConfig: copyOf(enrolled.device) }));
    expectNoKey(await testSignature(ctxOf(), { deviceId: device.id }));
    await replaceDeviceConfig(ctxOf(), { deviceId: device.id, mrvConfig: copyOf(enrolled.device) });
    const entries = await database.db.select().from(auditLog);
    expect(entries.map(({ action }) => action)).toEqual(
      expect.arrayContaining(["device.created", "device.signature-tested", "device.config-replaced"]),
    );
    expectNoKey(entries);
    expectNoKey(written.mock.calls.map(([chunk]) => String(chunk)));
    written.mockRestore();
    expect(await verifyChain(database.db)).toMatchObject({ ok: true });
  });

  it("names every fault at its place, without a key", async () => {
    const mrvConfig = { ...copyOf(enrolled.device), did: "did:web:example.com", policyTag: "", key: "302e02" };
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
    const swapped = { ...copyOf(enrolled.device), key: other.device.config.key };
    const refusal = await add({ mrvConfig: swapped }).catch((thrown) => thrown);
    expect(refusal.code).toBe("invalid_input");
    expectNoKey([refusal.message, refusal.fields], other);
    expect(await database.db.select().from(devices)).toEqual([]);
  });

  it("takes an address instead of the file's, and refuses one that may not be reached", async () => {
    const mrvConfig = { ...copyOf(enrolled.device), url: "http://10.0.0.1/external" };
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
    const { items } = await listDevices(ctxOf(), {});
    expect(items).toHaveLength(1);
    const existing = { id: items[0]?.id, name: items[0]?.name };
    expect(await previewDevice(ctxOf(), { mrvConfig: copyOf(enrolled.device) })).toMatchObject({ existing });
    await archiveDevice(ctxOf(), { deviceId: items[0]?.id ?? "" });
    await add();
    await expect(
      database.db
        .insert(devices)
        .values({ ...(await rowOf(items[0]?.id ?? "")), id: newId(), archivedAt: null } as never),
    ).rejects.toThrow();
  });
});

describe("a preview", () => {
  it("tells what was read and signs a sample, and stores nothing", async () => {
    const preview = await previewDevice(ctxOf(), { mrvConfig: copyOf(typed.device), schema: typed.policy.schema });
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
    const config = copyOf(enrolled.device);
    delete config.hederaAccountId;
    const { signature } = await previewDevice(ctxOf(), { mrvConfig: config });
    expect(signature).toMatchObject({ isValid: false, message: expect.stringContaining("accountId"), document: null });
  });
});

describe("changing a device", () => {
  it("keeps what is left out, counts versions and writes from and to", async () => {
    const device = await add();
    expect(device.notices.some((notice) => notice.startsWith("Records will go to"))).toBe(true);
    const changed = await updateDevice(ctxOf(), {
      deviceId: device.id,
      version: 1,
      name: "Roof",
      guardianUrl: "http://localhost:3011/api/v1",
      schema: enrolled.policy.schema,
    });
    expect(changed).toMatchObject({
      name: "Roof",
      guardianUrl: "http://localhost:3011/api/v1",
      version: 2,
      hasSchema: true,
    });
    expect(changed.notices.some((notice) => notice.startsWith("Records will go to"))).toBe(false);
    expect((await rowOf(device.id)).guardianUrl).toBe("http://localhost:3011/api/v1");
    await expect(updateDevice(ctxOf(), { deviceId: device.id, version: 1, name: "Late" })).rejects.toMatchObject({
      code: "conflict",
    });
    expect((await updateDevice(ctxOf(), { deviceId: device.id, name: "Roof" })).version).toBe(2);
    expect(await updateDevice(ctxOf(), { deviceId: device.id, schema: null })).toMatchObject({
      schema: null,
      name: "Roof",
      version: 3,
    });
    const actions = (await auditOf(device.id)).map(({ action, details }) => [action, details.changed]);
    expect(actions.slice(1)).toEqual([
      [
        "device.updated",
        {
          name: { from: "Roof inverter", to: "Roof" },
          guardianUrl: { from: "http://localhost:3002", to: "http://localhost:3011/api/v1" },
          schema: "set",
        },
      ],
      ["device.updated", { schema: "removed" }],
    ]);
    await expect(updateDevice(ctxOf(), { deviceId: device.id, schema: typed.policy.schema })).rejects.toMatchObject({
      fields: { schema: expect.any(String) },
    });
  });

  it("replaces the config of the same device, with its key, and leaves records going where they go", async () => {
    const device = await add({ guardianUrl: "http://localhost:3011/api/v1" });
    const config = { ...copyOf(enrolled.device), policyTag: "Tag_2" };
    const preview = await previewDevice(ctxOf(), { mrvConfig: config, deviceId: device.id });
    expect(preview.changes).toEqual([
      { field: "policyTag", from: enrolled.policy.policyTag, to: "Tag_2", isIdentity: false },
    ]);
    const replaced = await replaceDeviceConfig(ctxOf(), { deviceId: device.id, version: 1, mrvConfig: config });
    expect(replaced).toMatchObject({ policyTag: "Tag_2", guardianUrl: "http://localhost:3011/api/v1", version: 2 });
    await expect(
      replaceDeviceConfig(ctxOf(), { deviceId: device.id, version: 1, mrvConfig: config }),
    ).rejects.toMatchObject({ code: "conflict" });
  });

  it("says what changes where the config is another device's, and does it only when told", async () => {
    const device = await add();
    const replacement = { deviceId: device.id, mrvConfig: copyOf(other.device) };
    await expect(replaceDeviceConfig(ctxOf(), replacement)).rejects.toMatchObject({
      fields: { "mrvConfig.did": expect.stringContaining(`${other.device.did} instead of ${enrolled.device.did}`) },
    });
    const replaced = await replaceDeviceConfig(ctxOf(), { ...replacement, mayChangeIdentity: true });
    expect(replaced.did).toBe(other.device.did);
    expect(openDeviceKey(secrets, await rowOf(device.id)).equals(other.device.seed)).toBe(true);
    expect((await auditOf(device.id)).at(-1)).toMatchObject({
      action: "device.config-replaced",
      details: { key: "replaced", changed: { did: { from: enrolled.device.did, to: other.device.did } } },
    });
    await add();
    await expect(
      replaceDeviceConfig(ctxOf(), { ...replacement, mrvConfig: copyOf(enrolled.device), mayChangeIdentity: true }),
    ).rejects.toMatchObject({ code: "conflict" });
  });

  it("keeps a schema only as long as it fits the config", async () => {
    const device = await add({ schema: enrolled.policy.schema });
    const replacement = { deviceId: device.id, mrvConfig: copyOf(typed.device), mayChangeIdentity: true };
    await expect(replaceDeviceConfig(ctxOf(), replacement)).rejects.toMatchObject({
      fields: { schema: expect.stringContaining("another type") },
    });
    expect((await replaceDeviceConfig(ctxOf(), { ...replacement, schema: null })).hasSchema).toBe(false);
  });
});

describe("meters of a device", () => {
  it("are attached all or none, each to one device, and detached", async () => {
    const device = await add();
    const rival = await add({ name: "Shed inverter" }, other);
    const roof = await aMeter(database.db, { name: "Roof, north" });
    const dock = await aMeter(database.db, { name: "Dock" });
    const gone = await aMeter(database.db, { name: "Gone", archivedAt: new Date() });
    const attach = (deviceId: string, ...meterIds: string[]) => attachMeters(ctxOf(), { deviceId, meterIds });

    expect((await attach(device.id, roof.id)).meters).toEqual([{ id: roof.id, name: "Roof, north" }]);
    await expect(attach(rival.id, dock.id, roof.id)).rejects.toMatchObject({
      code: "conflict",
      message: "Roof, north is attached to Roof inverter already: detach it there first.",
    });
    await expect(attach(rival.id, dock.id, gone.id)).rejects.toMatchObject({ code: "not_possible_now" });
    await expect(attach(rival.id, dock.id, newId())).rejects.toMatchObject({ code: "not_found" });
    expect((await getDevice(ctxOf(), { deviceId: rival.id })).meters).toEqual([]);
    expect((await attachableMeters(ctxOf())).map(({ id }) => id)).not.toContain(roof.id);

    // Again, and nothing happens; the log has one row, which names the meter.
    await attach(device.id, roof.id);
    const attached = (await auditOf(device.id)).filter(({ action }) => action === "device.meter-attached");
    expect(attached.map(({ meterId }) => meterId)).toEqual([roof.id]);

    await detachMeter(ctxOf(), { deviceId: device.id, meterId: roof.id });
    await expect(detachMeter(ctxOf(), { deviceId: device.id, meterId: roof.id })).rejects.toMatchObject({
      code: "conflict",
    });
    expect((await attach(rival.id, roof.id)).meters).toHaveLength(1);
  });

  it("are attached at the meter as well, by the same rules", async () => {
    const device = await add();
    const rival = await add({ name: "Shed inverter" }, other);
    const meter = { name: "By hand", type: "NEM12", dataSourceType: "UPLOAD", timezone: "Australia/Brisbane" } as const;
    const created = await createMeter(ctxOf(), { ...meter, deviceId: device.id });
    expect(created.deviceId).toBe(device.id);
    await expect(updateMeter(ctxOf(), { meterId: created.id, deviceId: rival.id })).rejects.toMatchObject({
      code: "conflict",
    });
    expect((await updateMeter(ctxOf(), { meterId: created.id, deviceId: null })).deviceId).toBeNull();
    await archiveDevice(ctxOf(), { deviceId: rival.id });
    await expect(createMeter(ctxOf(), { ...meter, deviceId: rival.id })).rejects.toMatchObject({
      code: "not_possible_now",
    });
    await expect(
      updateMeter(ctxOf(limitedTo([created.id])), { meterId: created.id, deviceId: device.id }),
    ).rejects.toMatchObject({ code: "forbidden" });
  });

  it("are detached when the device is archived, which then neither changes nor signs", async () => {
    const device = await add();
    const roof = await aMeter(database.db, { name: "Roof, south" });
    await attachMeters(ctxOf(), { deviceId: device.id, meterIds: [roof.id] });
    const answer = await archiveDevice(ctxOf(), { deviceId: device.id });
    expect(answer).toMatchObject({
      detachedMeters: [{ id: roof.id }],
      message: expect.stringContaining("1 meter was"),
    });
    expect((await archiveDevice(ctxOf(), { deviceId: device.id })).message).toContain("already");
    for (const attempt of [
      () => testSignature(ctxOf(), { deviceId: device.id }),
      () => updateDevice(ctxOf(), { deviceId: device.id, name: "x" }),
      () => attachMeters(ctxOf(), { deviceId: device.id, meterIds: [roof.id] }),
      () => replaceDeviceConfig(ctxOf(), { deviceId: device.id, mrvConfig: copyOf(enrolled.device) }),
    ]) {
      await expect(attempt()).rejects.toMatchObject({ code: "not_possible_now" });
    }
  });
});

describe("who may", () => {
  const nobody = newId();
  const verbs: [string, (ctx: WorkerCtx) => Promise<unknown>][] = [
    ["previewDevice", (ctx) => previewDevice(ctx, { mrvConfig: copyOf(enrolled.device) })],
    ["createDevice", (ctx) => createDevice(ctx, wanted())],
    ["updateDevice", (ctx) => updateDevice(ctx, { deviceId: nobody, name: "x" })],
    [
      "replaceDeviceConfig",
      (ctx) => replaceDeviceConfig(ctx, { deviceId: nobody, mrvConfig: copyOf(enrolled.device) }),
    ],
    ["archiveDevice", (ctx) => archiveDevice(ctx, { deviceId: nobody })],
    ["attachMeters", (ctx) => attachMeters(ctx, { deviceId: nobody, meterIds: [nobody] })],
    ["detachMeter", (ctx) => detachMeter(ctx, { deviceId: nobody, meterId: nobody })],
    ["testSignature", (ctx) => testSignature(ctx, { deviceId: nobody })],
    ["attachableMeters", (ctx) => attachableMeters(ctx)],
  ];

  it.each(verbs)(
    "%s is for operators and administrators, and for no token that is limited to meters",
    async (_, verb) => {
      for (const role of [...roles, null]) {
        const attempt = verb(ctxOf({ kind: "user", id: "u", name: "U", roles: role ? [role] : [] }));
        const outcome = await attempt.then(
          () => "done",
          (error) => error.code,
        );
        if (role === "operator" || role === "admin") expect(outcome).not.toBe("forbidden");
        else expect(outcome).toBe("forbidden");
        await database.db.delete(devices);
      }
      await expect(verb(ctxOf(limitedTo([nobody])))).rejects.toMatchObject({ code: "forbidden" });
    },
  );

  it("reads: everybody, a limited token only the devices of its meters, and of those only its meters", async () => {
    const device = await add();
    await add({ name: "Shed inverter" }, other);
    const roof = await aMeter(database.db, { name: "Roof, east" });
    const dock = await aMeter(database.db, { name: "Dock, east" });
    await attachMeters(ctxOf(), { deviceId: device.id, meterIds: [roof.id, dock.id] });
    const viewer = ctxOf({ kind: "user", id: "u", name: "U", roles: ["viewer"] });
    expect((await listDevices(viewer, {})).items).toHaveLength(2);
    const limited = ctxOf(limitedTo([dock.id]));
    expect((await listDevices(limited, {})).items).toMatchObject([{ id: device.id, meters: [{ id: dock.id }] }]);
    expect((await getDevice(limited, { deviceId: device.id })).meters).toEqual([{ id: dock.id, name: "Dock, east" }]);
    const stranger = ctxOf(limitedTo([newId()]));
    expect((await listDevices(stranger, {})).items).toEqual([]);
    await expect(getDevice(stranger, { deviceId: device.id })).rejects.toMatchObject({ code: "not_found" });
    await expect(listDevices(ctxOf({ kind: "user", id: "u", name: "U", roles: [] }), {})).rejects.toMatchObject({
      code: "forbidden",
    });
  });

  it("lists by name, page by page, and finds by name, DID and policy", async () => {
    const device = await add({ name: "B" });
    await add({ name: "A" }, other);
    const first = await listDevices(ctxOf(), { limit: 1 });
    expect(first.items).toMatchObject([{ name: "A" }]);
    const second = await listDevices(ctxOf(), { limit: 1, cursor: first.nextCursor ?? "" });
    expect(second).toMatchObject({ items: [{ name: "B" }], nextCursor: null });
    expect((await listDevices(ctxOf(), { search: device.did.slice(20, 40) })).items).toMatchObject([{ name: "B" }]);
    expect((await listDevices(ctxOf(), { search: "100%" })).items).toEqual([]);
  });
});
