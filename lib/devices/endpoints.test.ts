import { expect, it } from "vitest";
import { enrol } from "../../e2e/simulators/guardian/testing";
import type { Actor } from "../auth/actor";
import { testDatabase } from "../db/testing";
import { newId } from "../ids";
import { aMeter } from "../testing/builders";
import {
  archiveDeviceEndpoint,
  attachMetersEndpoint,
  createDeviceEndpoint,
  detachMeterEndpoint,
  getDeviceEndpoint,
  listDevicesEndpoint,
  previewDeviceEndpoint,
  testSignatureEndpoint,
  updateDeviceEndpoint,
} from "./endpoints";
import { ctxOf, keyTexts } from "./testing";

const database = testDatabase();
const admin: Actor = { kind: "user", id: newId(), name: "Ada", roles: ["admin"] };
const viewer: Actor = { kind: "user", id: newId(), name: "Vic", roles: ["viewer"] };

async function call(
  endpoint: typeof createDeviceEndpoint,
  { actor = admin, params = {}, body }: { actor?: Actor; params?: object; body?: unknown } = {},
) {
  const { method, path } = endpoint.definition;
  const request = new Request(`http://localhost${path}`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
  });
  const response = await endpoint.answer(request, params, ctxOf(database.db, actor));
  const text = await response.text();
  return { status: response.status, text, json: JSON.parse(text) };
}

it("serves the life of a device, and never its key", async () => {
  const enrolled = await enrol();
  const { device, policy } = enrolled;
  const mrvConfig = device.config;
  const texts: string[] = [];
  const done = async (...input: Parameters<typeof call>) => {
    const answer = await call(...input);
    texts.push(answer.text);
    return answer;
  };
  expect((await done(previewDeviceEndpoint, { body: { mrvConfig } })).json.signature.isValid).toBe(true);
  const created = await done(createDeviceEndpoint, {
    body: { name: "Roof inverter", mrvConfig, schema: policy.schema },
  });
  expect(created).toMatchObject({ status: 201, json: { did: device.did, version: 1 } });
  const params = { id: created.json.id };
  expect((await done(createDeviceEndpoint, { body: { name: "Twin", mrvConfig } })).status).toBe(409);
  expect((await done(listDevicesEndpoint)).json).toMatchObject({ items: [{ id: params.id }], nextCursor: null });
  expect((await done(getDeviceEndpoint, { params, actor: viewer })).json).toMatchObject({ schema: policy.schema });

  const meter = await aMeter(database.db);
  const attached = await done(attachMetersEndpoint, { params, body: { meterIds: [meter.id] } });
  expect(attached.json.meters).toEqual([{ id: meter.id, name: meter.name }]);
  expect((await done(detachMeterEndpoint, { params: { ...params, meterId: meter.id } })).json.meters).toEqual([]);

  const renamed = await done(updateDeviceEndpoint, { params, body: { version: 1, name: "Roof" } });
  expect(renamed.json).toMatchObject({ name: "Roof", version: 2, policyTag: policy.policyTag });
  const replaced = await done(updateDeviceEndpoint, {
    params,
    body: { version: 2, mrvConfig: { ...mrvConfig, policyTag: "Tag_2" } },
  });
  expect(replaced.json).toMatchObject({ name: "Roof", version: 3, policyTag: "Tag_2" });
  expect((await done(updateDeviceEndpoint, { params, body: { version: 2, name: "Late" } })).status).toBe(409);
  expect((await done(testSignatureEndpoint, { params })).json).toMatchObject({ isValid: true });
  expect((await done(archiveDeviceEndpoint, { params })).json).toMatchObject({ detachedMeters: [] });
  expect((await done(testSignatureEndpoint, { params })).status).toBe(422);

  for (const secret of keyTexts(enrolled)) expect(texts.join()).not.toContain(secret);
});

it("answers faults below mrvConfig, and refuses a viewer and unknown fields", async () => {
  const { device } = await enrol({}, "shed");
  const faulty = await call(createDeviceEndpoint, {
    body: { name: "Shed", mrvConfig: { ...device.config, policyId: undefined } },
  });
  expect(faulty).toMatchObject({
    status: 400,
    json: { error: { fields: { "mrvConfig.policyId": expect.any(String) } } },
  });
  const body = { name: "Shed", mrvConfig: device.config };
  expect((await call(createDeviceEndpoint, { actor: viewer, body })).status).toBe(403);
  expect((await call(createDeviceEndpoint, { body: { ...body, key: "x" } })).status).toBe(400);
  expect((await call(getDeviceEndpoint, { params: { id: newId() } })).status).toBe(404);
});
