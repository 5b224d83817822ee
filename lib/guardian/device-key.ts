import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { fromBase58 } from "./base58";

/** PKCS #8 of an Ed25519 key up to its 32 bytes of seed (RFC 8410, 7). */
const PKCS8_ED25519 = Buffer.from("302e020100300506032b657004220420", "hex");
/** Version 2 of it, which carries the public key, too, and which OpenSSL does not read (RFC 5958). */
const PKCS8_V2 = /^3051020101300506032b657004220420([0-9a-f]{64})812100([0-9a-f]{64})$/;
/** Object identifiers as they stand in DER: id-Ed25519 and secp256k1. */
const OID_ED25519 = "06032b6570";
const OID_SECP256K1 = "06052b8104000a";

/** A sentence that says what is wrong, never a part of the key. */
export interface KeyFault {
  fault: string;
}

/** `isSurelyEd25519` is false for a bare seed: 32 bytes may as well be an ECDSA key, so that its public key must be found elsewhere. */
export interface DeviceKey {
  seed: Buffer;
  isSurelyEd25519: boolean;
}

/**
 * Reads the forms in which Hedera's tools write an Ed25519 private key: DER in hex, the bare seed or seed and public key in hex, each with
 * or without 0x, in either case.
 */
export function readPrivateKey(text: string): DeviceKey | KeyFault {
  const hex = text.trim().replace(/^0x/i, "").toLowerCase();
  if (text.includes("-----BEGIN"))
    return { fault: "This is a PEM file: give the key as DER in hex, as the config has it." };
  if (!/^([0-9a-f]{2})+$/.test(hex)) {
    return { fault: "This is no key in hex: download the MRV config again and upload it unchanged." };
  }
  const bytes = Buffer.from(hex, "hex");
  if (bytes.length === 32) return { seed: bytes, isSurelyEd25519: false };
  if (bytes.length === 64) return readSeedAndPublicKey(bytes);
  const [, seed, publicKey] = PKCS8_V2.exec(hex) ?? [];
  if (seed && publicKey) return readSeedAndPublicKey(Buffer.from(seed + publicKey, "hex"));
  if (hex.includes(OID_SECP256K1) || /^3077|^3074/.test(hex)) {
    return {
      fault:
        "This is an ECDSA key (secp256k1). Guardian checks records with Ed25519: create the device in Guardian with an Ed25519 key and download its config again.",
    };
  }
  if (!hex.includes(OID_ED25519)) {
    return {
      fault: `This key has ${bytes.length} bytes and is no Ed25519 private key: expected are 48 bytes of DER or a seed of 32.`,
    };
  }
  try {
    return {
      seed: seedOf(createPrivateKey({ key: bytes, format: "der", type: "pkcs8" })),
      isSurelyEd25519: true,
    };
  } catch {
    // OpenSSL's words would not help, and may quote what was parsed.
    return {
      fault: hex.startsWith("302a")
        ? "This is a public key: the config's `key` must be the device's private key."
        : "This Ed25519 key is cut off or changed: download the MRV config again and upload it unchanged.",
    };
  }
}

/** `privateKeyBase58` of a verification method: seed and public key. */
export function readPrivateKeyBase58(text: string): DeviceKey | KeyFault {
  const bytes = fromBase58(text.trim());
  if (bytes?.length !== 64) return { fault: "This is no Ed25519 private key in base58 (64 bytes)." };
  return readSeedAndPublicKey(Buffer.from(bytes));
}

function readSeedAndPublicKey(bytes: Buffer): DeviceKey | KeyFault {
  const seed = bytes.subarray(0, 32);
  if (publicKeyOf(seed).equals(bytes.subarray(32))) return { seed, isSurelyEd25519: true };
  return { fault: "The two halves of this key (seed and public key) do not belong to each other: download it again." };
}

/** Takes OpenSSL about half a millisecond, a tenth of which signs: keep it for the records of a device. */
export function privateKeyObject(seed: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([PKCS8_ED25519, seed]), format: "der", type: "pkcs8" });
}

/** 32 bytes. */
export function publicKeyOf(seed: Uint8Array): Buffer {
  return Buffer.from(createPublicKey(privateKeyObject(seed)).export({ format: "jwk" }).x ?? "", "base64url");
}

export function publicKeyObject(publicKey: Uint8Array): KeyObject {
  return createPublicKey({
    key: { kty: "OKP", crv: "Ed25519", x: Buffer.from(publicKey).toString("base64url") },
    format: "jwk",
  });
}

function seedOf(key: KeyObject): Buffer {
  return Buffer.from(key.export({ format: "jwk" }).d ?? "", "base64url");
}
