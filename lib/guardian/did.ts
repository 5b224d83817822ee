import { createHash } from "node:crypto";
import { fromBase58 } from "./base58";

/** Parts of a Hedera DID, of the form that ends in `_0.0.x` or the older one with `;hedera:testnet:tid=0.0.x`. */
export interface HederaDid {
  network: string;
  identifier: string;
  /** The topic the DID was announced on. */
  topicId?: string;
}

const BASE58 = "[1-9A-HJ-NP-Za-km-z]+";
const ENTITY = "\\d+\\.\\d+\\.\\d+";
const PATTERN = new RegExp(
  `^did:hedera:([a-z][a-z0-9-]*):(${BASE58})(?:_(${ENTITY})|((?:;hedera:[a-z][a-z0-9-]*:[a-z]+=${ENTITY})+))?$`,
);

/** Null for every other text. */
export function parseHederaDid(text: string): HederaDid | null {
  const [, network, identifier, topic, parameters] = PATTERN.exec(text) ?? [];
  if (!network || !identifier) return null;
  const topicId = topic ?? /:tid=([\d.]+)/.exec(parameters ?? "")?.[1];
  return { network, identifier, ...(topicId && { topicId }) };
}

/**
 * Whether the identifier is of this key: Guardian writes the SHA-256 of the 32 bytes of the public key in base58, other tools the public
 * key itself. `open` where it is neither form and says nothing about any key.
 */
export function commitmentOf({ identifier }: HederaDid, publicKey: Uint8Array): "matches" | "differs" | "open" {
  const bytes = fromBase58(identifier);
  if (bytes?.length !== 32) return "open";
  const committed = Buffer.from(bytes);
  const hash = createHash("sha256").update(publicKey).digest();
  return committed.equals(hash) || committed.equals(Buffer.from(publicKey)) ? "matches" : "differs";
}
