import { type KeyObject, sign, verify } from "node:crypto";
import { v5 } from "uuid";
import { canonicalJson } from "../audit/chain";
import { sha256Hex } from "../secrets";
import { canonicalHash } from "./canonical-hash";
import { CREDENTIALS_CONTEXT, createContextLoader, type PolicyContext, SECURITY_CONTEXT } from "./contexts/loader";
import { publicKeyObject } from "./device-key";
import type { Subject } from "./subject";

/** Every member that Guardian allows, in the order in which it is written. */
export interface Credential {
  id: string;
  type: ["VerifiableCredential"];
  issuer: string;
  issuanceDate: string;
  "@context": [typeof CREDENTIALS_CONTEXT];
  credentialSubject: [Subject];
  proof: Proof;
}

export interface Proof {
  type: "Ed25519Signature2018";
  created: string;
  verificationMethod: string;
  proofPurpose: "assertionMethod";
  jws: string;
}

export interface SignedCredential {
  credential: Credential;
  /** What leaves, byte for byte: keep this, not the object. */
  text: string;
  /** Of the subject. The signature alone does not notice two values that changed places where the context maps all fields to one term. */
  payloadHash: string;
}

export interface Signer {
  did: string;
  verificationMethod: string;
  /** From `privateKeyObject`: made once for many records, and nothing that a log could print. */
  key: KeyObject;
}

/** What a credential is about: policy, metric and half-open period of a device, and which record of it. They make its id. */
export interface CredentialPeriod {
  policyId: string;
  metric: string;
  start: Date;
  end: Date;
  /** 0 is the first record of the period; a correction is another document. */
  correction: number;
}

const CREDENTIAL_IDS = "0d4a3c6e-6a54-5b0b-9c53-4c6d1f0a7b21";
const CREDENTIAL_MEMBERS = ["id", "type", "issuer", "issuanceDate", "@context", "credentialSubject", "proof"];
const PROOF_MEMBERS = ["type", "created", "verificationMethod", "proofPurpose", "jws"];
const JWS_HEADER = Buffer.from('{"alg":"EdDSA","b64":false,"crit":["b64"]}').toString("base64url");

/** The same policy, device, metric, period and correction always give the same id, so that a document sent twice is the same document. */
export function credentialId(did: string, { policyId, metric, start, end, correction }: CredentialPeriod): string {
  const what = [policyId, did, metric, start.toISOString(), end.toISOString(), correction];
  return `urn:uuid:${v5(canonicalJson(what), CREDENTIAL_IDS)}`;
}

/**
 * Signs a subject as the device. `issuedAt` comes from the caller and is kept: with it the same input gives the same bytes. Guardian takes an
 * `issuanceDate` up to 300 s ahead of its clock.
 */
export async function signCredential(input: {
  signer: Signer;
  context: PolicyContext;
  period: CredentialPeriod;
  subject: Subject;
  issuedAt: Date;
}): Promise<SignedCredential> {
  const { signer, context, period, subject, issuedAt } = input;
  const issuanceDate = issuedAt.toISOString();
  const unsigned: Omit<Credential, "proof"> = {
    id: credentialId(signer.did, period),
    type: ["VerifiableCredential"],
    issuer: signer.did,
    issuanceDate,
    "@context": [CREDENTIALS_CONTEXT],
    credentialSubject: [subject],
  };
  const options: Omit<Proof, "jws"> = {
    type: "Ed25519Signature2018",
    created: `${issuanceDate.slice(0, 19)}Z`,
    verificationMethod: signer.verificationMethod,
    proofPurpose: "assertionMethod",
  };
  const signature = sign(null, await signedBytes(unsigned, options, context), signer.key);
  const proof: Proof = { ...options, jws: `${JWS_HEADER}..${signature.toString("base64url")}` };
  const credential: Credential = { ...unsigned, proof };
  return { credential, text: JSON.stringify(credential), payloadHash: payloadHash(subject) };
}

/** What the signature is over (Ed25519Signature2018 with a detached, unencoded payload, RFC 7797). */
async function signedBytes(
  unsigned: Omit<Credential, "proof">,
  options: Omit<Proof, "jws">,
  context: PolicyContext,
): Promise<Buffer> {
  const loader = createContextLoader(context);
  const optionsHash = await canonicalHash({ "@context": SECURITY_CONTEXT, ...options }, loader);
  const documentHash = await canonicalHash(unsigned, loader);
  return Buffer.concat([Buffer.from(`${JWS_HEADER}.`), optionsHash, documentHash]);
}

/** SHA-256 of the canonical JSON of a subject: which value stands in which field, whatever the contexts make of it. */
export function payloadHash(subject: object): string {
  return sha256Hex(canonicalJson(subject));
}

/**
 * Whether the text is a credential of this device, in the one form that `signCredential` writes, whose signature holds and whose values are those
 * of the hash. The reason is a sentence.
 */
export async function verifyCredential(
  text: string,
  expected: {
    did: string;
    verificationMethod: string;
    publicKey: Uint8Array;
    context: PolicyContext;
    payloadHash: string;
  },
): Promise<{ isValid: true } | { isValid: false; reason: string }> {
  const invalid = (reason: string) => ({ isValid: false as const, reason });
  const credential = readCredential(text);
  if (!credential) return invalid("This is no credential in the form that Guardian takes.");
  const { proof, ...unsigned } = credential;
  const { jws, ...options } = proof;
  if (credential.issuer !== expected.did) return invalid("The issuer is another device.");
  if (proof.verificationMethod !== expected.verificationMethod) return invalid("The proof names another key.");
  if (payloadHash(credential.credentialSubject[0]) !== expected.payloadHash) {
    return invalid("The values are not those of the payload hash.");
  }
  const [header, payload, signatureText = ""] = jws.split(".");
  const signature = Buffer.from(signatureText, "base64url");
  // Base64url leaves four bits of 64 bytes open: a text that differs only there decodes to the same signature.
  if (header !== JWS_HEADER || payload !== "" || signature.toString("base64url") !== signatureText) {
    return invalid("The signature is not written as it is signed.");
  }
  try {
    const data = await signedBytes(unsigned, options, expected.context);
    const isSigned = verify(null, data, publicKeyObject(expected.publicKey), signature);
    return isSigned ? { isValid: true } : invalid("The signature does not fit the document.");
  } catch (error) {
    return invalid(`The document cannot be canonicalised: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Null unless it has exactly the members, and fixed values, that `signCredential` writes, and the text is its JSON byte for byte. */
function readCredential(text: string): Credential | null {
  let value: Partial<Credential> | null;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (!hasMembers(value, CREDENTIAL_MEMBERS) || !hasMembers(value.proof, PROOF_MEMBERS)) return null;
  const { id, type, issuer, issuanceDate, "@context": contexts, credentialSubject, proof } = value as Credential;
  const isWritten =
    [id, issuer, issuanceDate, ...Object.values(proof)].every((member) => typeof member === "string") &&
    canonicalJson([type, contexts]) === canonicalJson([["VerifiableCredential"], [CREDENTIALS_CONTEXT]]) &&
    Array.isArray(credentialSubject) &&
    credentialSubject.length === 1 &&
    typeof credentialSubject[0] === "object" &&
    proof.type === "Ed25519Signature2018" &&
    proof.proofPurpose === "assertionMethod" &&
    proof.jws.split(".").length === 3;
  return isWritten && JSON.stringify(value) === text ? (value as Credential) : null;
}

function hasMembers(value: unknown, members: string[]): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && Object.keys(value).join() === members.join();
}
