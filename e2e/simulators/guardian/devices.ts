import { createHash, createPrivateKey, createPublicKey } from "node:crypto";
import { toBase58 } from "../../../lib/guardian/base58";
import type { SimulatedPolicy } from "./policies";

export interface DidDocument {
  id: string;
  "@context": string;
  verificationMethod: Record<string, string>[];
  authentication: string[];
  assertionMethod: string[];
}

export interface SimulatedDevice {
  did: string;
  /** 32 bytes. */
  seed: Buffer;
  /** The public part. */
  didDocument: DidDocument;
  /** What the policy hands out for the device, keys and all. Every key in it follows from a seed and is worth nothing. */
  config: Record<string, unknown>;
}

/** A device of a policy that follows from seed and name alone. `did: "old"` writes the topic as a parameter, as Guardian once did. */
export function createDevice(
  policy: SimulatedPolicy,
  options: { seed: number; name: string; did?: "old" | "new" },
): SimulatedDevice {
  const secret = (what: string) => createHash("sha256").update(`${options.seed} ${options.name} ${what}`).digest();
  const didOf = (publicKey: Buffer) => {
    const identifier = toBase58(createHash("sha256").update(publicKey).digest());
    const topic = options.did === "old" ? `;hedera:testnet:tid=${policy.topicId}` : `_${policy.topicId}`;
    return `did:hedera:testnet:${identifier}${topic}`;
  };
  const seed = secret("device");
  const publicKey = publicKeyOf(seed);
  const did = didOf(publicKey);
  const installerSeed = secret("installer");
  const root = {
    id: `${did}#did-root-key`,
    type: "Ed25519VerificationKey2018",
    controller: did,
    publicKeyBase58: toBase58(publicKey),
  };
  const bls = {
    id: `${did}#did-root-key-bbs`,
    type: "Bls12381G2Key2020",
    controller: did,
    publicKeyBase58: toBase58(Buffer.concat([secret("bls 1"), secret("bls 2"), secret("bls 3")])),
  };
  const didDocument: DidDocument = {
    id: did,
    "@context": "https://www.w3.org/ns/did/v1",
    // Guardian lists the BLS key second; who takes the first without looking at its type is found out here.
    verificationMethod: [bls, root],
    authentication: [root.id],
    assertionMethod: ["#did-root-key", "#did-root-key-bbs"],
  };
  return {
    did,
    seed,
    didDocument,
    config: {
      url: "http://localhost:3002/external",
      topic: policy.topicId,
      hederaAccountId: "0.0.1001",
      hederaAccountKey: derOf(installerSeed),
      installer: didOf(publicKeyOf(installerSeed)),
      did,
      key: derOf(seed),
      type: policy.type,
      schema: policy.context,
      context: { type: policy.type, "@context": [policy.contextUrl] },
      didDocument: {
        ...didDocument,
        verificationMethod: [bls, { ...root, privateKeyBase58: toBase58(Buffer.concat([seed, publicKey])) }],
      },
      policyId: policy.policyId,
      policyTag: policy.policyTag,
      ref: did,
    },
  };
}

function derOf(seed: Buffer): string {
  return `302e020100300506032b657004220420${seed.toString("hex")}`;
}

/** 32 bytes. */
function publicKeyOf(seed: Buffer): Buffer {
  const key = createPrivateKey({ key: Buffer.from(derOf(seed), "hex"), format: "der", type: "pkcs8" });
  return Buffer.from(createPublicKey(key).export({ format: "jwk" }).x ?? "", "base64url");
}
