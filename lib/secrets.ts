import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from "node:crypto";

/**
 * Seals secrets with AES-256-GCM under a versioned key. A sealed text is `v1.<key id>.<iv>.<tag>.<ciphertext>`, base64url.
 * The context (such as `meters.data_credentials:<id>`) is authenticated: a sealed text moved to another row does not open.
 */
export interface SecretBox {
  /** Id of the key that new secrets are sealed with. */
  readonly currentKeyId: string;
  seal(plainText: string, context: string): { sealed: string; keyId: string };
  /** Throws SecretUnreadable with a sentence that says which key is missing or that the text was changed. */
  open(sealed: string, context: string): string;
  /** Keyed, one-way: the same text gives the same fingerprint in this installation, through key rotations too. */
  fingerprint(plainText: string): string;
}

export class SecretUnreadable extends Error {
  override name = "SecretUnreadable";
}

/** Newest key first. 32 bytes each. */
export interface SecretKey {
  id: string;
  key: Buffer;
}

/**
 * `id:base64key[,id:base64key…]`, newest first; `fingerprintKey` must stay the same for the installation's life.
 * Throws an Error that names what is wrong, never the key.
 */
export function parseSecretKeys(text: string): SecretKey[] {
  const keys = text.split(",").map((part) => {
    const [id, encoded] = part.trim().split(":");
    const key = Buffer.from(encoded ?? "", "base64");
    if (!id || !/^[A-Za-z0-9_-]+$/.test(id) || key.length !== 32) {
      throw new Error("METERPROOF_SECRET_KEYS must be `id:base64`, with 32 bytes behind each id, separated by commas.");
    }
    return { id, key };
  });
  return keys;
}

export function createSecretBox(keys: SecretKey[], fingerprintKey: Buffer): SecretBox {
  const [current] = keys;
  if (!current) throw new Error("At least one secret key is needed.");
  const macKey = Buffer.from(hkdfSync("sha256", fingerprintKey, "", "meterproof.fingerprint", 32));
  return {
    currentKeyId: current.id,
    seal(plainText, context) {
      const iv = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", current.key, iv);
      cipher.setAAD(Buffer.from(context));
      const body = Buffer.concat([cipher.update(plainText, "utf8"), cipher.final()]);
      const parts = [iv, cipher.getAuthTag(), body].map((part) => part.toString("base64url"));
      return { sealed: ["v1", current.id, ...parts].join("."), keyId: current.id };
    },
    open(sealed, context) {
      const [version, keyId, iv, tag, body] = sealed.split(".");
      if (version !== "v1" || !keyId || !iv || !tag || body === undefined) {
        throw new SecretUnreadable("A stored secret has an unknown form.");
      }
      const found = keys.find((key) => key.id === keyId);
      if (!found) throw new SecretUnreadable(`The key ${keyId} is not in METERPROOF_SECRET_KEYS: add it again.`);
      try {
        const decipher = createDecipheriv("aes-256-gcm", found.key, Buffer.from(iv, "base64url"));
        decipher.setAAD(Buffer.from(context));
        decipher.setAuthTag(Buffer.from(tag, "base64url"));
        return decipher.update(Buffer.from(body, "base64url"), undefined, "utf8") + decipher.final("utf8");
      } catch (cause) {
        throw new SecretUnreadable("A stored secret was changed, or sealed with another key of the same id.", {
          cause,
        });
      }
    },
    fingerprint: (plainText) => createHmac("sha256", macKey).update(plainText).digest("hex").slice(0, 32),
  };
}

/** Lower-case hex, of bytes or UTF-8 text. */
export function sha256Hex(data: Uint8Array | string): string {
  return createHash("sha256").update(data).digest("hex");
}
