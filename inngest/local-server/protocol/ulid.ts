import { createHash, randomBytes } from "node:crypto";

const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

function encode(value: bigint, length: number): string {
  let text = "";
  for (let rest = value; text.length < length; rest >>= 5n) text = alphabet.charAt(Number(rest & 31n)) + text;
  return text;
}

/** A ULID: sorts by time, unique by 80 random bits. */
export function ulid(timeMs = Date.now(), entropy: Buffer = randomBytes(10)): string {
  return encode(BigInt(Math.trunc(timeMs)), 10) + encode(BigInt(`0x${entropy.subarray(0, 10).toString("hex")}`), 16);
}

/**
 * The ULID of the n-th event of a request that carries an id seed. The SDK sends the same seed when it repeats a
 * request whose answer was lost, so the repetition names the same events instead of making new ones.
 */
export function seededUlid(seed: string | undefined, index: number): string {
  const [millis, entropy] = (seed ?? "").split(",");
  const timeMs = Number(millis);
  if (!entropy || !Number.isSafeInteger(timeMs) || timeMs < 0) return ulid();
  return ulid(timeMs, createHash("sha256").update(`${entropy}/${index}`).digest());
}
