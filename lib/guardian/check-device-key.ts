import { toBase58 } from "./base58";
import { type DeviceKey, publicKeyOf, readPrivateKey, readPrivateKeyBase58 } from "./device-key";
import { commitmentOf, parseHederaDid } from "./did";
import { mayAssert, readDidDocument, type VerificationMethod } from "./did-document";
import type { JsonObject } from "./json-object";

type Report = (path: string, sentence: string) => void;

interface KeyMembers {
  key?: string;
  did?: string;
  didDocument?: JsonObject;
}

export interface CheckedKey {
  seed: Buffer;
  publicKeyBase58: string;
  verificationMethod: string;
}

/** Guardian gives this name to the key of every device. */
const ROOT_KEY = "#did-root-key";

/**
 * The device's key, checked against the DID document and against the DID where its identifier is made of a key. Undefined where a fault was reported.
 */
export function checkDeviceKey(members: KeyMembers, report: Report, notices: string[]): CheckedKey | undefined {
  const { did, didDocument } = members;
  const methods = didDocument ? readDidDocument(didDocument, did, report) : [];
  const key = keyOf(members, methods, report, notices);
  if (methods.some(({ privateKeyBase58 }) => privateKeyBase58 !== undefined)) {
    notices.push("The DID document holds the device's private key, too. Only the public part of the document is used.");
  }
  if (!key || did === undefined) return undefined;

  const publicKey = publicKeyOf(key.seed);
  const method = methods.find((each) => publicKey.equals(each.publicKey));
  if (didDocument && methods.length > 0 && !method) {
    const paths = methods.map(({ path }) => path);
    report(
      `${paths[0]}.publicKeyBase58`,
      `The private key \`key\` belongs to another public key than the DID document's${ecdsaHint(key)}: both must be of the same device.`,
    );
    return undefined;
  }
  const verificationMethod = method?.id ?? did + ROOT_KEY;
  if (didDocument && method && !mayAssert(didDocument, did, method.id)) {
    report(
      "didDocument.assertionMethod",
      "The device's Ed25519 key is not listed here: Guardian would refuse its signature.",
    );
  }
  const parsedDid = parseHederaDid(did);
  const commitment = parsedDid ? commitmentOf(parsedDid, publicKey) : "open";
  if (commitment === "differs") {
    report("did", `The DID was made of another key than \`key\`${ecdsaHint(key)}: both must be of the same device.`);
    return undefined;
  }
  if (commitment === "open" && !method && !didDocument) {
    report("didDocument", "Nothing in the file shows that the key belongs to this DID: add the DID document.");
    return undefined;
  }
  if (!didDocument) {
    notices.push(
      `The file has no DID document: the key was checked against the DID, and is taken to be named ${ROOT_KEY}.`,
    );
  }
  return { seed: key.seed, publicKeyBase58: toBase58(publicKey), verificationMethod };
}

/** From `key`, or from the DID document where only that has it. */
function keyOf(
  { key }: KeyMembers,
  methods: VerificationMethod[],
  report: Report,
  notices: string[],
): DeviceKey | undefined {
  const held = methods.flatMap(({ privateKeyBase58, path, publicKey }) => {
    if (privateKeyBase58 === undefined) return [];
    const read = readPrivateKeyBase58(privateKeyBase58);
    if ("fault" in read) report(`${path}.privateKeyBase58`, read.fault);
    else if (publicKeyOf(read.seed).equals(publicKey)) return [read];
    else report(`${path}.privateKeyBase58`, "This private key does not belong to the public key beside it.");
    return [];
  });
  if (key !== undefined) {
    const read = readPrivateKey(key);
    if (!("fault" in read)) return read;
    report("key", read.fault);
    return undefined;
  }
  const [first] = held;
  if (first) notices.push("The file has no `key`: the private key in its DID document is used.");
  else report("key", "The device's private key is missing: download the MRV config as the device's owner.");
  return first;
}

/** A bare seed may be of either kind, and only its public key tells. */
function ecdsaHint({ isSurelyEd25519 }: DeviceKey): string {
  return isSurelyEd25519 ? "" : ", or is an ECDSA key, which cannot be used here";
}
