import type { DeviceRow } from "../../devices/internal";
import { openDeviceKey } from "../../devices/internal";
import { AppError, NotPossibleNow } from "../../errors";
import { fromBase58 } from "../../guardian/base58";
import { type SignedCredential, signCredential, verifyCredential } from "../../guardian/credential";
import { privateKeyObject } from "../../guardian/device-key";
import { type SecretBox, SecretUnreadable } from "../../secrets";
import type { RecordRow } from "../review/internal";
import { subjectToSign } from "./subject-to-sign";

/** What is stored before a record leaves. */
export interface SignedRecord {
  credentialId: string;
  /** The exact text. */
  credential: string;
  payloadHash: string;
  issuedAt: Date;
}

/**
 * The credential of a record: the stored text where it was signed before, otherwise signed now with its device's key, over the values that were
 * approved. Either is verified as Guardian will. Throws NotPossibleNow with what is in the way; never says a word of the key.
 */
export async function signRecord(
  record: RecordRow,
  device: DeviceRow,
  box: Pick<SecretBox, "open">,
  now: Date,
): Promise<SignedRecord> {
  const signed = storedCredential(record) ?? (await newCredential(record, device, box, now));
  const { did, verificationMethod, publicKeyBase58 } = device.config;
  const verdict = await verifyCredential(signed.credential, {
    did,
    verificationMethod,
    publicKey: fromBase58(publicKeyBase58) ?? new Uint8Array(),
    context: contextOf(device),
    payloadHash: signed.payloadHash,
  });
  if (!verdict.isValid)
    throw new NotPossibleNow(`What was signed does not verify, so it was not sent. ${verdict.reason}`);
  return signed;
}

function storedCredential(record: RecordRow): SignedRecord | null {
  const { credentialId, credential, payloadHash, issuedAt } = record;
  if (credentialId === null || credential === null || payloadHash === null || issuedAt === null) return null;
  return { credentialId, credential, payloadHash, issuedAt };
}

async function newCredential(
  record: RecordRow,
  device: DeviceRow,
  box: Pick<SecretBox, "open">,
  now: Date,
): Promise<SignedRecord> {
  const { subject, payloadHash } = subjectOf(record, device);
  if (record.payloadHash !== null && record.payloadHash !== payloadHash) {
    throw new NotPossibleNow(
      `${device.name} would sign other values than were approved: its config or schema changed since. Extract the record again.`,
    );
  }
  const issuedAt = record.issuedAt ?? now;
  const { did, verificationMethod } = device.config;
  const { policyId, metric, periodStart: start, periodEnd: end, correction } = record;
  const signed = await signWith(device, {
    signer: { did, verificationMethod, key: keyOf(device, box) },
    context: contextOf(device),
    period: { policyId, metric, start, end, correction },
    subject,
    issuedAt,
  });
  return { credentialId: signed.credential.id, credential: signed.text, payloadHash: signed.payloadHash, issuedAt };
}

function subjectOf(record: RecordRow, device: DeviceRow) {
  try {
    return subjectToSign(record, device);
  } catch (error) {
    if (error instanceof AppError) throw new NotPossibleNow(`It cannot be signed. ${error.message}`);
    throw error;
  }
}

function keyOf(device: DeviceRow, box: Pick<SecretBox, "open">) {
  let seed: Buffer;
  try {
    seed = openDeviceKey(box, device);
  } catch (error) {
    if (!(error instanceof SecretUnreadable)) throw error;
    throw new NotPossibleNow(`The key of ${device.name} cannot be read. ${error.message}`);
  }
  // OpenSSL would quote what it cannot read.
  if (seed.length !== 32) throw new NotPossibleNow(`The key of ${device.name} is damaged: replace its config.`);
  return privateKeyObject(seed);
}

async function signWith(device: DeviceRow, input: Parameters<typeof signCredential>[0]): Promise<SignedCredential> {
  try {
    return await signCredential(input);
  } catch (error) {
    // jsonld's own words: they are about the document and its terms.
    const why = error instanceof Error ? error.message : String(error);
    throw new NotPossibleNow(`It cannot be signed under the context of ${device.name}: ${why}`);
  }
}

function contextOf({ config }: DeviceRow) {
  return { urls: config.contextUrls, document: config.context };
}
