import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Enrolled, enrol } from "../../e2e/simulators/guardian/testing";
import type { Actor } from "../auth/actor";
import { devices, meters } from "../db/schema";
import { testDatabase } from "../db/testing";
import { openDeviceKey } from "./internal";
import { previewDevice } from "./preview-device";
import { replaceDeviceConfig } from "./replace-device-config";
import { addDevice, auditOf, copyOf, ctxOf, rowOf, secrets } from "./testing";
import { updateDevice } from "./update-device";

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

describe("changing a device", () => {
  it("keeps what is left out, counts versions and writes from and to", async () => {
    const device = await add();
    expect(device.notices.some((notice) => notice.startsWith("Records will go to"))).toBe(true);
    const changed = await updateDevice(ctx(), {
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
    expect((await rowOf(database.db, device.id)).guardianUrl).toBe("http://localhost:3011/api/v1");
    await expect(updateDevice(ctx(), { deviceId: device.id, version: 1, name: "Late" })).rejects.toMatchObject({
      code: "conflict",
    });
    expect((await updateDevice(ctx(), { deviceId: device.id, name: "Roof" })).version).toBe(2);
    expect(await updateDevice(ctx(), { deviceId: device.id, schema: null })).toMatchObject({
      schema: null,
      name: "Roof",
      version: 3,
    });
    const actions = (await auditOf(database.db, device.id)).map(({ action, details }) => [action, details.changed]);
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
    await expect(updateDevice(ctx(), { deviceId: device.id, schema: typed.policy.schema })).rejects.toMatchObject({
      fields: { schema: expect.any(String) },
    });
  });

  it("replaces the config of the same device, with its key, and leaves records going where they go", async () => {
    const device = await add({ guardianUrl: "http://localhost:3011/api/v1" });
    const config = { ...copyOf(enrolled), policyTag: "Tag_2" };
    const preview = await previewDevice(ctx(), { mrvConfig: config, deviceId: device.id });
    expect(preview.changes).toEqual([
      { field: "policyTag", from: enrolled.policy.policyTag, to: "Tag_2", isIdentity: false },
    ]);
    const replaced = await replaceDeviceConfig(ctx(), { deviceId: device.id, version: 1, mrvConfig: config });
    expect(replaced).toMatchObject({ policyTag: "Tag_2", guardianUrl: "http://localhost:3011/api/v1", version: 2 });
    await expect(
      replaceDeviceConfig(ctx(), { deviceId: device.id, version: 1, mrvConfig: config }),
    ).rejects.toMatchObject({ code: "conflict" });
  });

  it("says what changes where the config is another device's, and does it only when told", async () => {
    const device = await add();
    const replacement = { deviceId: device.id, mrvConfig: copyOf(other) };
    await expect(replaceDeviceConfig(ctx(), replacement)).rejects.toMatchObject({
      fields: { "mrvConfig.did": expect.stringContaining(`${other.device.did} instead of ${enrolled.device.did}`) },
    });
    const replaced = await replaceDeviceConfig(ctx(), { ...replacement, mayChangeIdentity: true });
    expect(replaced.did).toBe(other.device.did);
    expect(openDeviceKey(secrets, await rowOf(database.db, device.id)).equals(other.device.seed)).toBe(true);
    expect((await auditOf(database.db, device.id)).at(-1)).toMatchObject({
      action: "device.config-replaced",
      details: { key: "replaced", changed: { did: { from: enrolled.device.did, to: other.device.did } } },
    });
    await add();
    await expect(
      replaceDeviceConfig(ctx(), { ...replacement, mrvConfig: copyOf(enrolled), mayChangeIdentity: true }),
    ).rejects.toMatchObject({ code: "conflict" });
  });

  it("keeps a schema only as long as it fits the config", async () => {
    const device = await add({ schema: enrolled.policy.schema });
    const replacement = { deviceId: device.id, mrvConfig: copyOf(typed), mayChangeIdentity: true };
    await expect(replaceDeviceConfig(ctx(), replacement)).rejects.toMatchObject({
      fields: { schema: expect.stringContaining("another type") },
    });
    expect((await replaceDeviceConfig(ctx(), { ...replacement, schema: null })).hasSchema).toBe(false);
  });
});
