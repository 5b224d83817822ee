import { createHash } from "node:crypto";
import { Ed25519VerificationKey2018 } from "@digitalbazaar/ed25519-verification-key-2018";
import { fromBase58, toBase58 } from "../../../lib/guardian/base58";
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
export async function createDevice(
  policy: SimulatedPolicy,
  options: { seed: number; name: string; did?: "old" | "new" },
): Promise<SimulatedDevice> {
  const secret = (what: string) => createHash("sha256").update(`${options.seed} ${options.name} ${what}`).digest();
  const didOf = async (seed: Buffer) => {
    const key = await Ed25519VerificationKey2018.generate({ seed });
    const identifier = toBase58(createHash("sha256").update(publicKeyOf(key)).digest());
    const topic = options.did === "old" ? `;hedera:testnet:tid=${policy.topicId}` : `_${policy.topicId}`;
    return { key, did: `did:hedera:testnet:${identifier}${topic}` };
  };
  const seed = secret("device");
  const { key, did } = await didOf(seed);
  const installerSeed = secret("installer");
  const root = {
    id: `${did}#did-root-key`,
    type: "Ed25519VerificationKey2018",
    controller: did,
    publicKeyBase58: key.publicKeyBase58,
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
  const derOf = (bytes: Buffer) => `302e020100300506032b657004220420${bytes.toString("hex")}`;
  return {
    did,
    seed,
    didDocument,
    config: {
      url: "http://localhost:3002/external",
      topic: policy.topicId,
      hederaAccountId: "0.0.1001",
      hederaAccountKey: derOf(installerSeed),
      installer: (await didOf(installerSeed)).did,
      did,
      key: derOf(seed),
      type: policy.type,
      schema: policy.context,
      context: { type: policy.type, "@context": [policy.contextUrl] },
      didDocument: {
        ...didDocument,
        verificationMethod: [bls, { ...root, privateKeyBase58: key.privateKeyBase58 }],
      },
      policyId: policy.policyId,
      policyTag: policy.policyTag,
      ref: did,
    },
  };
}

function publicKeyOf(key: Ed25519VerificationKey2018): Uint8Array {
  const bytes = fromBase58(key.publicKeyBase58);
  if (!bytes) throw new Error("The key package wrote no base58.");
  return bytes;
}
