import { fromBase58 } from "./base58";
import { isObject, type JsonObject } from "./json-object";

/** The key type that Guardian verifies records with; its DID documents hold a BLS key for other signatures beside it. */
const ED25519 = "Ed25519VerificationKey2018";

export interface VerificationMethod {
  /** Absolute, as a proof names it. */
  id: string;
  publicKey: Uint8Array;
  publicKeyBase58: string;
  /** A secret: read once, never kept. */
  privateKeyBase58?: string;
  /** Where it stands, for faults. */
  path: string;
}

type Report = (path: string, sentence: string) => void;

/** The Ed25519 keys of a DID document that belong to the DID and can be read. What is wrong with it is reported by path. */
export function readDidDocument(document: JsonObject, did: string | undefined, report: Report): VerificationMethod[] {
  if (did !== undefined && document.id !== did) {
    report("didDocument.id", "This is the document of another DID than `did`: download the MRV config again.");
  }
  const listed = document.verificationMethod;
  if (!Array.isArray(listed) || listed.length === 0) {
    report("didDocument.verificationMethod", "This must be the list of the device's keys.");
    return [];
  }
  const ed25519 = listed.flatMap((method: unknown, at) =>
    isObject(method) && method.type === ED25519 ? [{ method, path: `didDocument.verificationMethod.${at}` }] : [],
  );
  if (ed25519.length === 0) {
    const types = listed.map((method: unknown) => (isObject(method) ? String(method.type) : "unknown"));
    report(
      "didDocument.verificationMethod",
      `There is no ${ED25519} among the keys (${types.join(", ").slice(0, 200)}): Guardian verifies records with that type. Create the device with an Ed25519 key.`,
    );
  }
  const base = did ?? (typeof document.id === "string" ? document.id : "");
  return ed25519.flatMap(({ method, path }) => {
    const id = typeof method.id === "string" ? absoluteId(method.id, base) : undefined;
    const isOwn = id?.startsWith(`${base}#`);
    if (!isOwn) report(`${path}.id`, "This must be the DID followed by # and a name, such as #did-root-key.");
    if (method.controller !== undefined && method.controller !== base) {
      report(
        `${path}.controller`,
        "Another DID controls this key: Guardian accepts only keys that the issuer controls.",
      );
    }
    const text = typeof method.publicKeyBase58 === "string" ? method.publicKeyBase58 : "";
    const publicKey = fromBase58(text);
    if (publicKey?.length !== 32) {
      report(`${path}.publicKeyBase58`, "This must be an Ed25519 public key: 32 bytes in base58.");
      return [];
    }
    if (!id || !isOwn) return [];
    const secret = typeof method.privateKeyBase58 === "string" ? { privateKeyBase58: method.privateKeyBase58 } : {};
    return [{ id, publicKey, publicKeyBase58: text, path, ...secret }];
  });
}

/** Whether the document lets the key sign records. Without the list, Guardian's own copy of the document decides. */
export function mayAssert(document: JsonObject, did: string, methodId: string): boolean {
  const { assertionMethod } = document;
  if (assertionMethod === undefined) return true;
  const listed: unknown[] = Array.isArray(assertionMethod) ? assertionMethod : [assertionMethod];
  return listed.some((entry) => {
    const id = isObject(entry) ? entry.id : entry;
    return typeof id === "string" && absoluteId(id, did) === methodId;
  });
}

/** Documents write `#did-root-key` for their own keys in places. */
function absoluteId(id: string, did: string): string {
  return id.startsWith("#") ? did + id : id;
}
