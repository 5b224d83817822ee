import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Enrolled, enrol } from "../../e2e/simulators/guardian/testing";
import type { Actor } from "../auth/actor";
import { roles } from "../auth/roles";
import type { WorkerCtx } from "../ctx";
import { devices, meters } from "../db/schema";
import { testDatabase } from "../db/testing";
import { newId } from "../ids";
import { createMeter } from "../meters/create-meter";
import { updateMeter } from "../meters/update-meter";
import { aMeter } from "../testing/builders";
import { archiveDevice } from "./archive-device";
import { attachMeters } from "./attach-meters";
import { createDevice } from "./create-device";
import { detachMeter } from "./detach-meter";
import { previewDevice } from "./preview-device";
import { attachableMeters, getDevice, listDevices } from "./queries";
import { replaceDeviceConfig } from "./replace-device-config";
import { testSignature } from "./test-signature";
import { addDevice, auditOf, copyOf, ctxOf, limitedTo } from "./testing";
import { updateDevice } from "./update-device";

const database = testDatabase();
const ctx = (actor?: Actor) => ctxOf(database.db, actor);
let enrolled: Enrolled;
let other: Enrolled;
beforeAll(async () => {
  enrolled = await enrol({}, "roof");
  other = await enrol({}, "shed");
});
beforeEach(async () => {
  await database.db.update(meters).set({ deviceId: null });
  await database.db.delete(devices);
});

const add = (values: Parameters<typeof addDevice>[2] = {}, from = enrolled) => addDevice(database.db, from, values);

describe("meters of a device", () => {
  it("are attached all or none, each to one device, and detached", async () => {
    const device = await add();
    const rival = await add({ name: "Shed inverter" }, other);
    const roof = await aMeter(database.db, { name: "Roof, north" });
    const dock = await aMeter(database.db, { name: "Dock" });
    const gone = await aMeter(database.db, { name: "Gone", archivedAt: new Date() });
    const attach = (deviceId: string, ...meterIds: string[]) => attachMeters(ctx(), { deviceId, meterIds });

    expect((await attach(device.id, roof.id)).meters).toEqual([{ id: roof.id, name: "Roof, north" }]);
    await expect(attach(rival.id, dock.id, roof.id)).rejects.toMatchObject({
      code: "conflict",
      message: "Roof, north is attached to Roof inverter already: detach it there first.",
    });
    await expect(attach(rival.id, dock.id, gone.id)).rejects.toMatchObject({ code: "not_possible_now" });
    await expect(attach(rival.id, dock.id, newId())).rejects.toMatchObject({ code: "not_found" });
    expect((await getDevice(ctx(), { deviceId: rival.id })).meters).toEqual([]);
    expect((await attachableMeters(ctx())).map(({ id }) => id)).not.toContain(roof.id);

    // Again, and nothing happens; the log has one row, which names the meter.
    await attach(device.id, roof.id);
    const attached = (await auditOf(database.db, device.id)).filter(({ action }) => action === "device.meter-attached");
    expect(attached.map(({ meterId }) => meterId)).toEqual([roof.id]);

    await detachMeter(ctx(), { deviceId: device.id, meterId: roof.id });
    await expect(detachMeter(ctx(), { deviceId: device.id, meterId: roof.id })).rejects.toMatchObject({
      code: "conflict",
    });
    expect((await attach(rival.id, roof.id)).meters).toHaveLength(1);
  });

  it("are attached at the meter as well, by the same rules", async () => {
    const device = await add();
    const rival = await add({ name: "Shed inverter" }, other);
    const meter = { name: "By hand", type: "NEM12", dataSourceType: "UPLOAD", timezone: "Australia/Brisbane" } as const;
    const created = await createMeter(ctx(), { ...meter, deviceId: device.id });
    expect(created.deviceId).toBe(device.id);
    await expect(updateMeter(ctx(), { meterId: created.id, deviceId: rival.id })).rejects.toMatchObject({
      code: "conflict",
    });
    expect((await updateMeter(ctx(), { meterId: created.id, deviceId: null })).deviceId).toBeNull();
    await archiveDevice(ctx(), { deviceId: rival.id });
    await expect(createMeter(ctx(), { ...meter, deviceId: rival.id })).rejects.toMatchObject({
      code: "not_possible_now",
    });
    await expect(
      updateMeter(ctx(limitedTo([created.id])), { meterId: created.id, deviceId: device.id }),
    ).rejects.toMatchObject({ code: "forbidden" });
  });

  it("are detached when the device is archived, which then neither changes nor signs", async () => {
    const device = await add();
    const roof = await aMeter(database.db, { name: "Roof, south" });
    await attachMeters(ctx(), { deviceId: device.id, meterIds: [roof.id] });
    const answer = await archiveDevice(ctx(), { deviceId: device.id });
    expect(answer).toMatchObject({
      detachedMeters: [{ id: roof.id }],
      message: expect.stringContaining("1 meter was"),
    });
    expect((await archiveDevice(ctx(), { deviceId: device.id })).message).toContain("already");
    for (const attempt of [
      () => testSignature(ctx(), { deviceId: device.id }),
      () => updateDevice(ctx(), { deviceId: device.id, name: "x" }),
      () => attachMeters(ctx(), { deviceId: device.id, meterIds: [roof.id] }),
      () => replaceDeviceConfig(ctx(), { deviceId: device.id, mrvConfig: copyOf(enrolled) }),
    ]) {
      await expect(attempt()).rejects.toMatchObject({ code: "not_possible_now" });
    }
  });
});

describe("who may", () => {
  const nobody = newId();
  const verbs: [string, (ctx: WorkerCtx) => Promise<unknown>][] = [
    ["previewDevice", (ctx) => previewDevice(ctx, { mrvConfig: copyOf(enrolled) })],
    ["createDevice", (ctx) => createDevice(ctx, { name: "Roof inverter", mrvConfig: copyOf(enrolled) })],
    ["updateDevice", (ctx) => updateDevice(ctx, { deviceId: nobody, name: "x" })],
    ["replaceDeviceConfig", (ctx) => replaceDeviceConfig(ctx, { deviceId: nobody, mrvConfig: copyOf(enrolled) })],
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
        const attempt = verb(ctx({ kind: "user", id: "u", name: "U", roles: role ? [role] : [] }));
        const outcome = await attempt.then(
          () => "done",
          (error) => error.code,
        );
        if (role === "operator" || role === "admin") expect(outcome).not.toBe("forbidden");
        else expect(outcome).toBe("forbidden");
        await database.db.delete(devices);
      }
      await expect(verb(ctx(limitedTo([nobody])))).rejects.toMatchObject({ code: "forbidden" });
    },
  );

  it("reads: everybody, a limited token only the devices of its meters, and of those only its meters", async () => {
    const device = await add();
    await add({ name: "Shed inverter" }, other);
    const roof = await aMeter(database.db, { name: "Roof, east" });
    const dock = await aMeter(database.db, { name: "Dock, east" });
    await attachMeters(ctx(), { deviceId: device.id, meterIds: [roof.id, dock.id] });
    const viewer = ctx({ kind: "user", id: "u", name: "U", roles: ["viewer"] });
    expect((await listDevices(viewer, {})).items).toHaveLength(2);
    const limited = ctx(limitedTo([dock.id]));
    expect((await listDevices(limited, {})).items).toMatchObject([{ id: device.id, meters: [{ id: dock.id }] }]);
    expect((await getDevice(limited, { deviceId: device.id })).meters).toEqual([{ id: dock.id, name: "Dock, east" }]);
    const stranger = ctx(limitedTo([newId()]));
    expect((await listDevices(stranger, {})).items).toEqual([]);
    await expect(getDevice(stranger, { deviceId: device.id })).rejects.toMatchObject({ code: "not_found" });
    await expect(listDevices(ctx({ kind: "user", id: "u", name: "U", roles: [] }), {})).rejects.toMatchObject({
      code: "forbidden",
    });
  });

  it("lists by name, page by page, and finds by name, DID and policy", async () => {
    const device = await add({ name: "B" });
    await add({ name: "A" }, other);
    const first = await listDevices(ctx(), { limit: 1 });
    expect(first.items).toMatchObject([{ name: "A" }]);
    const second = await listDevices(ctx(), { limit: 1, cursor: first.nextCursor ?? "" });
    expect(second).toMatchObject({ items: [{ name: "B" }], nextCursor: null });
    expect((await listDevices(ctx(), { search: device.did.slice(20, 40) })).items).toMatchObject([{ name: "B" }]);
    expect((await listDevices(ctx(), { search: "100%" })).items).toEqual([]);
  });
});
