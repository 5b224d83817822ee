import type { KeyObject } from "node:crypto";
import { fromBase58 } from "../../../lib/guardian/base58";
import { type SignedCredential, signCredential } from "../../../lib/guardian/credential";
import { privateKeyObject } from "../../../lib/guardian/device-key";
import type { GivenValue } from "../../../lib/guardian/field-values";
import { type MrvConfig, parseMrvConfig } from "../../../lib/guardian/mrv-config";
import { buildSubject, type Subject } from "../../../lib/guardian/subject";
import { createDevice, type SimulatedDevice } from "./devices";
import { createPolicy, type PolicyStyle, type SimulatedPolicy } from "./policies";

/** A policy's device whose config was read by the product. Keys follow from a seed, for tests alone, and are worth nothing. */
export interface Enrolled {
  policy: SimulatedPolicy;
  device: SimulatedDevice;
  config: MrvConfig;
  seed: Buffer;
  key: KeyObject;
}

export type EnrolledStyle = PolicyStyle & { did: "old" | "new" };

/** All shapes: fields of text or typed, contexts with one term or many, DIDs old and new. */
export const styles: EnrolledStyle[] = (["text", "typed"] as const).flatMap((fields) =>
  (["one-term", "own-terms", "dry-run"] as const).flatMap((context) =>
    (["old", "new"] as const).map((did) => ({ fields, context, did })),
  ),
);

export async function enrol(style: Partial<EnrolledStyle> = {}, name = "meter 1"): Promise<Enrolled> {
  const { fields = "text", context = "one-term", did = "new" } = style;
  const policy = createPolicy(7, { fields, context });
  const device = createDevice(policy, { seed: 7, name, did });
  const { config, seed } = parseMrvConfig(device.config, { assertUrl: () => undefined });
  return { policy, device, config, seed, key: privateKeyObject(seed) };
}

const DAY = { start: new Date("2026-11-22T13:00:00Z"), end: new Date("2026-11-23T13:00:00Z") };
/** When the tests' credentials are signed. */
export const ISSUED_AT = new Date("2026-11-23T16:46:51.601Z");

/** A day of 12.5 kWh. */
export function valuesOf({ policy }: Enrolled): Record<string, GivenValue> {
  const properties = policy.schema.properties as Record<string, unknown>;
  if ("field0" in properties) return { field0: "2026-11-23", field1: "12.5", field2: "86400" };
  return {
    readingId: "reading-1",
    readingDate: "2026-11-23",
    startedAt: DAY.start,
    endedAt: DAY.end,
    durationSeconds: 86_400,
    energy: "12.5",
    unit: "kWh",
    emissions: "0.00975",
    isMetered: true,
    factorLink: "https://example.com/factors",
    "site.name": "Roof, north",
    "site.latitude": -33.86,
    "site.longitude": 151.21,
  };
}

export function subjectOf(enrolled: Enrolled, values: Record<string, GivenValue> = valuesOf(enrolled)): Subject {
  return buildSubject(enrolled.config, values, enrolled.policy.schema);
}

export function contextOf({ config }: Enrolled) {
  return { urls: config.contextUrls, document: config.context };
}

export function signAsDevice(
  enrolled: Enrolled,
  subject: Subject = subjectOf(enrolled),
  issuedAt = ISSUED_AT,
): Promise<SignedCredential> {
  const { config, key } = enrolled;
  return signCredential({
    signer: { did: config.did, verificationMethod: config.verificationMethod, key },
    context: contextOf(enrolled),
    period: { policyId: config.policyId, metric: "eRealPositiveKwh", ...DAY, correction: 0 },
    subject,
    issuedAt,
  });
}

/** What `verifyCredential` holds a text of this device against. */
export function expectationOf(enrolled: Enrolled, payloadHash: string) {
  const { did, verificationMethod, publicKeyBase58 } = enrolled.config;
  const publicKey = fromBase58(publicKeyBase58) ?? new Uint8Array();
  return { did, verificationMethod, publicKey, context: contextOf(enrolled), payloadHash };
}
