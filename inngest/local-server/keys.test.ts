import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { loadKeys } from "./keys";
import { assertSigningKey, hashSigningKey } from "./protocol/signature";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "inngest-local-keys-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

it("makes keys once, keeps them for their owner only, and takes those of the environment before its own", () => {
  const first = loadKeys(join(folder, "data"), {});
  expect(loadKeys(join(folder, "data"), {})).toEqual(first);
  expect(() => assertSigningKey(first.signingKey)).not.toThrow();
  expect(first.file && statSync(first.file).mode & 0o777).toBe(0o600);
  expect(first.file && readFileSync(first.file, "utf8")).toContain(`INNGEST_EVENT_KEY=${first.eventKey}\n`);
  expect(loadKeys(join(folder, "data"), { INNGEST_EVENT_KEY: "mine" })).toEqual({ ...first, eventKey: "mine" });
  const given = { INNGEST_SIGNING_KEY: "signkey-x-00ff", INNGEST_EVENT_KEY: "e" };
  expect(loadKeys(join(folder, "none"), given)).toEqual({ signingKey: "signkey-x-00ff", eventKey: "e", file: null });
});

it("hashes a signing key as the specification of the SDK does in its example", () => {
  expect(hashSigningKey("signkey-prod-12345678")).toBe(
    "signkey-prod-b2ed992186a5cb19f6668aade821f502c1d00970dfd0e35128d51bac4649916c",
  );
  expect(() => assertSigningKey("signkey-prod-not-hex")).toThrow("hexadecimal");
});
