import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createSecretBox, parseSecretKeys, SecretUnreadable } from "./secrets";

const oldKey = { id: "k1", key: randomBytes(32) };
const newKey = { id: "k2", key: randomBytes(32) };
const fingerprintKey = randomBytes(32);

describe("secret box", () => {
  it("opens what it sealed, under the key it was sealed with, after a newer key was put in front", () => {
    const before = createSecretBox([oldKey], fingerprintKey);
    const after = createSecretBox([newKey, oldKey], fingerprintKey);
    const { sealed, keyId } = before.seal("key_9f21", "meters:1");
    expect(keyId).toBe("k1");
    expect(sealed).not.toContain("key_9f21");
    expect(after.open(sealed, "meters:1")).toBe("key_9f21");
    expect(after.seal("x", "meters:1").keyId).toBe("k2");
  });

  it("refuses a text that was moved to another row, changed, or sealed with a key that is gone", () => {
    const box = createSecretBox([oldKey], fingerprintKey);
    const { sealed } = box.seal("secret", "meters:1");
    expect(() => box.open(sealed, "meters:2")).toThrow(SecretUnreadable);
    const changed = `${sealed.slice(0, -2)}${sealed.endsWith("AA") ? "BB" : "AA"}`;
    expect(() => box.open(changed, "meters:1")).toThrow(SecretUnreadable);
    expect(() => createSecretBox([newKey], fingerprintKey).open(sealed, "meters:1")).toThrow(/k1/);
  });

  it("keeps fingerprints through key rotation, and different between installations", () => {
    const print = createSecretBox([oldKey], fingerprintKey).fingerprint("a");
    expect(createSecretBox([newKey, oldKey], fingerprintKey).fingerprint("a")).toBe(print);
    expect(createSecretBox([oldKey], randomBytes(32)).fingerprint("a")).not.toBe(print);
  });

  it("refuses keys of the wrong length without showing them", () => {
    const short = randomBytes(16).toString("base64");
    expect(() => parseSecretKeys(`k1:${short}`)).toThrow(/32 bytes/);
    expect(() => parseSecretKeys(`k1:${short}`)).not.toThrow(short.slice(0, 10));
  });
});
