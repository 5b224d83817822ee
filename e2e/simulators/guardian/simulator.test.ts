import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Arrival } from "./arrivals";
import { type GuardianSimulator, startGuardianSimulator } from "./simulator";
import { type Enrolled, enrol, ISSUED_AT, signAsDevice, subjectOf } from "./testing";

let clock = ISSUED_AT.getTime();
let simulator: GuardianSimulator;
let enrolled: Enrolled;

beforeAll(async () => {
  simulator = await startGuardianSimulator({ port: 0, seed: 3, now: () => clock });
  enrolled = await enrol({ fields: "typed", context: "own-terms" });
});
afterAll(() => simulator.close());
beforeEach(async () => {
  clock = ISSUED_AT.getTime();
  await fetch(`${simulator.origin}/__sim/reset`, { method: "POST" });
  const registered = await fetch(`${simulator.origin}/__sim/policies`, {
    method: "POST",
    body: JSON.stringify({ ...enrolled.policy, didDocuments: [enrolled.device.didDocument] }),
  });
  expect(await registered.json()).toEqual({ policyTag: enrolled.policy.policyTag, devices: [enrolled.device.did] });
});

type Document = Record<string, unknown> & {
  credentialSubject: Record<string, unknown>[];
  proof: Record<string, unknown>;
};

async function aBody(change: (body: Record<string, unknown>, document: Document) => void = () => undefined) {
  const { credential } = await signAsDevice(enrolled);
  const document = structuredClone(credential) as unknown as Document;
  const { did: ref, installerDid: owner, policyTag } = enrolled.config;
  const body: Record<string, unknown> = { document, ref, owner, policyTag };
  change(body, document);
  return JSON.stringify(body);
}

const post = (body: string, route = "") =>
  fetch(`${simulator.baseUrl}/external${route}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
  });
const setFaults = (rules: unknown) =>
  fetch(`${simulator.origin}/__sim/faults`, { method: "POST", body: JSON.stringify(rules) });
async function arrived(query = ""): Promise<Arrival[]> {
  const answer = await fetch(`${simulator.origin}/__sim/documents${query}`);
  return ((await answer.json()) as { documents: Arrival[] }).documents;
}

describe("the Guardian simulator", () => {
  it("answers true to a good document, keeps its hash, and tells it apart by its id", async () => {
    const body = await aBody();
    const answer = await post(body);
    expect([answer.status, await answer.text()]).toEqual([200, "true"]);
    const { id } = JSON.parse(body).document;
    const [only] = await arrived(`?credentialId=${encodeURIComponent(id)}`);
    expect(only).toMatchObject({
      number: 1,
      verdict: "VERIFIED",
      reason: null,
      bytes: Buffer.byteLength(body),
      credentialId: id,
      issuer: enrolled.device.did,
      policyTag: enrolled.policy.policyTag,
    });
    expect(only?.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(await arrived("?credentialId=other")).toEqual([]);
    const stats = await (await fetch(`${simulator.origin}/__sim/stats`)).json();
    expect(stats).toMatchObject({ counters: { VERIFIED: 1 }, requests: { "POST /external 200": 1 } });
  });

  it.each<[string, (body: Record<string, unknown>, document: Document) => void, RegExp]>([
    ["an unknown tag", (body) => Object.assign(body, { policyTag: "Tag_none" }), /no such policy/],
    ["a ref that is no document", (body) => Object.assign(body, { ref: "did:x" }), /loses the record/],
    [
      "a changed value",
      (_, { credentialSubject: [values] }) => Object.assign(values ?? {}, { energy: 99 }),
      /^Signature: /,
    ],
    // The schema comes first: of a document that breaks both only that is told.
    [
      "text for a number",
      (_, { credentialSubject: [values] }) => Object.assign(values ?? {}, { energy: "12.5" }),
      /^Schema: .*energy/,
    ],
    ["a member too many", (_, document) => Object.assign(document, { name: "x" }), /^Schema: .*additional/],
    ["another member of the proof", (_, { proof }) => Object.assign(proof, { domain: "x" }), /^Schema: .*additional/],
    [
      "a type it does not have",
      (_, { credentialSubject: [values] }) => Object.assign(values ?? {}, { type: "x" }),
      /^Schema not found/,
    ],
    ["no document", (body) => delete body.document, /./],
  ])("answers true to %s, and keeps it as INVALID with the reason", async (_what, change, reason) => {
    const answer = await post(await aBody(change));
    expect([answer.status, await answer.text()]).toEqual([200, "true"]);
    const [only] = await arrived();
    expect(only).toMatchObject({ verdict: "INVALID", reason: expect.stringMatching(reason) });
  });

  it("takes a document whose date is up to 300 seconds ahead of its clock", async () => {
    clock = ISSUED_AT.getTime() - 299_000;
    await post(await aBody());
    clock = ISSUED_AT.getTime() - 302_000;
    await post(await aBody());
    expect((await arrived()).map(({ verdict }) => verdict)).toEqual(["VERIFIED", "INVALID"]);
  });

  it("does not de-duplicate", async () => {
    const body = await aBody();
    await post(body);
    await post(body);
    const documents = await arrived();
    expect(documents.map(({ number, verdict }) => [number, verdict])).toEqual([
      [1, "VERIFIED"],
      [2, "VERIFIED"],
    ]);
    expect(documents[0]?.sha256).toBe(documents[1]?.sha256);
  });

  it("has a route of one block, and both with what became of the events", async () => {
    const body = await aBody();
    const block = `/${enrolled.policy.policyId}/${enrolled.policy.blockTag}`;
    expect(await (await post(body, block)).json()).toBe(true);
    expect(await (await post(body, "/sync-events?history=true")).json()).toEqual({
      response: true,
      result: { signature: "VERIFIED" },
      steps: [{ block: "external_mrv_data", status: "VERIFIED" }],
    });
    expect(await (await post(body, `${block}/sync-events?history=false`)).json()).toMatchObject({ steps: [] });
    await post(body, `/${enrolled.policy.policyId}/other_block`);
    expect((await arrived()).map(({ verdict }) => verdict)).toEqual(["VERIFIED", "VERIFIED", "VERIFIED", "INVALID"]);
    expect((await post(body, "/one-part")).status).toBe(404);
  });

  it("refuses what is no JSON and what is over a megabyte", async () => {
    expect((await post("{")).status).toBe(400);
    expect((await post(`{"document":"${"x".repeat(1024 * 1024)}"}`)).status).toBe(413);
    expect(await arrived()).toEqual([]);
  });

  it.each([
    ["cutBefore", 0],
    ["503", 0],
    ["htmlPage", 0],
    ["cutAfter", 1],
    ["500", 1],
  ])("with %s lets %d documents in", async (fault, count) => {
    await setFaults({ [fault]: { rate: 1, count: 1 } });
    const body = await aBody();
    const answer = await post(body).catch(() => null);
    if (fault.startsWith("cut")) expect(answer).toBeNull();
    else expect(await answer?.text()).not.toBe("true");
    expect(await arrived()).toHaveLength(count);
    if (count > 0) expect((await arrived())[0]).toMatchObject({ fault, verdict: "VERIFIED" });
    expect(await (await post(body)).json()).toBe(true);
  });

  it("hangs and is slow after the document is in", async () => {
    const body = await aBody();
    await setFaults({ slow: { rate: 1, seconds: 0.3 } });
    const begin = performance.now();
    expect(await (await post(body)).json()).toBe(true);
    expect(performance.now() - begin).toBeGreaterThan(290);
    await setFaults({ timeOut: 1 });
    const hanging = fetch(`${simulator.baseUrl}/external`, { method: "POST", body, signal: AbortSignal.timeout(500) });
    await expect(hanging).rejects.toThrow();
    expect(await arrived()).toHaveLength(2);
  });

  it("hands out configs of its own devices, the same for the same seed, and refuses a policy that is none", async () => {
    const answer = await fetch(`${simulator.origin}/__sim/policies`);
    const { configs } = (await answer.json()) as { configs: { did: string }[] };
    expect(configs).toHaveLength(6);
    const other = await startGuardianSimulator({ port: 0, seed: 3 });
    expect(other.devices.map(({ config }) => config)).toEqual(configs);
    await other.close();
    const refused = await fetch(`${simulator.origin}/__sim/policies`, { method: "POST", body: '{"policyId":"1"}' });
    expect(refused.status).toBe(400);
    expect(await refused.text()).toMatch(/policyTag/);
  });

  it("judges by the schema that is registered last for a tag", async () => {
    const stricter = structuredClone(enrolled.policy);
    (stricter.schema.required as string[]).push("owner");
    simulator.register(stricter, []);
    await post(await aBody());
    expect((await arrived())[0]?.reason).toMatch(/owner/);
    expect(subjectOf(enrolled)).not.toHaveProperty("owner");
  });
});
