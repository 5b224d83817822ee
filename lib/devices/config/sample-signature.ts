import { InvalidInput } from "../../errors";
import { fromBase58 } from "../../guardian/base58";
import { type SignedCredential, signCredential, verifyCredential } from "../../guardian/credential";
import { privateKeyObject } from "../../guardian/device-key";
import type { GivenValue } from "../../guardian/field-values";
import { isObject, type JsonObject } from "../../guardian/json-object";
import type { MrvConfig } from "../../guardian/mrv-config";
import { buildSubject, type Subject, SYSTEM_FIELDS } from "../../guardian/subject";
import type { FieldShape, TypeShape } from "../../guardian/subject-shape";
import { validateSubject } from "../../guardian/validate-subject";
import type { SampleSignature } from "../schemas";
import { subjectShapeOf } from "./device-fields";

/**
 * The sample is signed with the real key, and Guardian's routes are open: dated so far ahead that it refuses the document, nobody can pass
 * it off as a record. Its period is no period, so that it never shares an id with one.
 */
const NEVER = new Date("9999-12-31T00:00:00Z");
const NO_PERIOD = { metric: "", start: new Date(0), end: new Date(0), correction: 0 };

/** Signs a subject of placeholders as the device, verifies it as we verify records, and says how it went. The key goes nowhere else. */
export async function signSample(
  config: MrvConfig,
  schema: JsonObject | null,
  seed: Uint8Array,
): Promise<SampleSignature> {
  const failed = (message: string) => ({ isValid: false, message, document: null, faults: [] });
  let sample: { subject: Subject; faults: string[] };
  try {
    sample = sampleSubject(config, schema);
  } catch (error) {
    if (error instanceof InvalidInput) return failed(`No credential can be made of it. ${error.message}`);
    throw error;
  }
  const { subject, faults } = sample;
  const context = { urls: config.contextUrls, document: config.context };
  const { did, verificationMethod, policyId } = config;
  let signed: SignedCredential;
  try {
    const signer = { did, verificationMethod, key: privateKeyObject(seed) };
    signed = await signCredential({ signer, context, period: { policyId, ...NO_PERIOD }, subject, issuedAt: NEVER });
  } catch (error) {
    return failed(`It cannot be signed: ${error instanceof Error ? error.message : String(error)}`);
  }
  const verdict = await verifyCredential(signed.text, {
    did,
    verificationMethod,
    publicKey: fromBase58(config.publicKeyBase58) ?? new Uint8Array(),
    context,
    payloadHash: signed.payloadHash,
  });
  const message = verdict.isValid ? "Signed with the device's key, and the signature verifies." : verdict.reason;
  return { isValid: verdict.isValid, message, document: signed.text, faults };
}

/** A placeholder cannot know a pattern: where the schema is content without the fields that do not fit, they are left out. */
function sampleSubject(config: MrvConfig, schema: JsonObject | null): { subject: Subject; faults: string[] } {
  const values = valuesOf(subjectShapeOf(config, schema));
  for (const field of SYSTEM_FIELDS) delete values[field];
  const subject = buildSubject(config, values, schema);
  if (!schema) return { subject, faults: [] };
  const faults = validateSubject(subject, schema);
  if (faults.length === 0) return { subject, faults: [] };
  for (const { path } of faults) leaveOut(values, path.split("."));
  const smaller = buildSubject(config, values, schema);
  if (validateSubject(smaller, schema).length === 0) return { subject: smaller, faults: [] };
  return { subject, faults: faults.map(({ message }) => message) };
}

function leaveOut(values: Record<string, GivenValue>, [name, ...below]: string[]): void {
  const value = name === undefined ? undefined : values[name];
  if (name === undefined || value === undefined) return;
  if (below.length > 0 && isObject(value)) leaveOut(value as Record<string, GivenValue>, below);
  else delete values[name];
}

function valuesOf(shape: TypeShape): Record<string, GivenValue> {
  return Object.fromEntries([...shape.fields].map(([name, field]) => [name, sampleOf(field)]));
}

function sampleOf({ kind, format, choices, object, isArray }: FieldShape): GivenValue {
  const value = object
    ? valuesOf(object)
    : (chosen(choices) ?? placeholders[format ?? ""] ?? placeholders[kind] ?? "sample");
  return isArray ? [value] : value;
}

function chosen(choices: unknown[] | undefined): string | number | boolean | undefined {
  const [first] = choices ?? [];
  return typeof first === "string" || typeof first === "number" || typeof first === "boolean" ? first : undefined;
}

/** By the format that the schema names, or else by kind. */
const placeholders: Record<string, GivenValue> = {
  date: "2026-01-01",
  "date-time": "2026-01-01T00:00:00Z",
  time: "00:00:00Z",
  duration: "P1D",
  url: "https://example.com/sample",
  uri: "https://example.com/sample",
  email: "sample@example.com",
  number: 1,
  integer: 1,
  boolean: true,
};
