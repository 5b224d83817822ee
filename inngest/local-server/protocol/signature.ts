import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/** A signature older (or newer) than this is refused; the SDK uses the same five minutes. */
const maxSignatureAgeSeconds = 300;

function withoutPrefix(signingKey: string): string {
  return signingKey.replace(/^signkey-\w+-/, "");
}

/** Throws when a signing key is not hexadecimal after its prefix: the SDK hashes its bytes, not its letters. */
export function assertSigningKey(signingKey: string): void {
  if (!/^([0-9a-f]{2})+$/i.test(withoutPrefix(signingKey))) {
    throw new Error(
      "The signing key must be pairs of hexadecimal digits, optionally after a prefix like signkey-prod-",
    );
  }
}

/** What an SDK sends as its bearer token: the key's prefix and the SHA-256 of the key's bytes. */
export function hashSigningKey(signingKey: string): string {
  const prefix = signingKey.match(/^signkey-\w+-/)?.[0] ?? "";
  return (
    prefix +
    createHash("sha256")
      .update(Buffer.from(withoutPrefix(signingKey), "hex"))
      .digest("hex")
  );
}

function hmac(text: string, signingKey: string, timestamp: string): string {
  return createHmac("sha256", withoutPrefix(signingKey)).update(text).update(timestamp).digest("hex");
}

/** The value of `X-Inngest-Signature` for a body, given as the exact text that is sent. */
export function sign(text: string, signingKey: string, nowSeconds = Math.floor(Date.now() / 1000)): string {
  return `t=${nowSeconds}&s=${hmac(text, signingKey, String(nowSeconds))}`;
}

/** Why a signature is not to be believed, or null when it is good. */
export function signatureProblem(header: string | undefined, text: string, signingKey: string): string | null {
  if (!header) return "it carries no signature";
  const parts = new URLSearchParams(header);
  const timestamp = parts.get("t") ?? "";
  const age = Math.abs(Date.now() / 1000 - Number.parseInt(timestamp, 10));
  if (!(age <= maxSignatureAgeSeconds)) return "its signature is stale";
  if (!sameText(parts.get("s") ?? "", hmac(text, signingKey, timestamp))) return "its signature is wrong";
  return null;
}

/** Compares secrets in constant time. */
export function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
