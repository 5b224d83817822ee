import { createECDH, createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { enrol, styles } from "../../e2e/simulators/guardian/testing";
import { InvalidInput } from "../errors";
import { createAddressGuard } from "../net/address-guard";
import { toBase58 } from "./base58";
import { privateKeyObject, publicKeyOf } from "./device-key";
import { type MrvConfigOptions, parseMrvConfig } from "./mrv-config";

type Raw = Record<string, unknown>;
const anywhere: MrvConfigOptions = { assertUrl: () => undefined };

/** A config of the simulator's, freshly copied and changed. */
async function aConfig(change: (config: Raw) => void = () => undefined, name = "meter 1"): Promise<Raw> {
  const { device } = await enrol({}, name);
  const config = structuredClone(device.config);
  change(config);
  return config;
}

function faultsOf(config: unknown, options = anywhere): Record<string, string> {
  try {
    parseMrvConfig(config, options);
  } catch (error) {
    if (error instanceof InvalidInput) return error.fields;
    throw error;
  }
  return {};
}

const methodsOf = (config: Raw) => (config.didDocument as { verificationMethod: Raw[] }).verificationMethod;
/** The Ed25519 key is the second: before it stands a BLS key that must not be taken. */
const ed25519Of = (config: Raw) => methodsOf(config)[1] as Raw;

describe("an MRV config", () => {
  it.each(styles)("is read with $fields fields, $context context and $did DID", async (style) => {
    const { config, seed, device, policy } = await enrol(style);
    expect(config).toEqual({
      guardianUrl: "http://localhost:3002",
      installerDid: device.config.installer,
      did: device.did,
      verificationMethod: `${device.did}#did-root-key`,
      publicKeyBase58: ed25519Of(device.config).publicKeyBase58,
      type: policy.type,
      contextUrls: [policy.contextUrl],
      context: policy.context,
      policyId: policy.policyId,
      policyTag: policy.policyTag,
      ref: device.did,
      topicId: policy.topicId,
      hederaAccountId: "0.0.1001",
    });
    expect(seed.equals(device.seed)).toBe(true);
  });

  it("may be text, with a byte order mark, with its parts as JSON in texts, with nulls, and without what is optional", async () => {
    const config = await aConfig((raw) => {
      raw.schema = JSON.stringify(raw.schema);
      raw.didDocument = JSON.stringify(raw.didDocument);
      raw.topic = null;
      delete raw.hederaAccountId;
      delete raw.hederaAccountKey;
      delete raw.ref;
      delete raw.type;
    });
    const { config: read } = parseMrvConfig(`\uFEFF${JSON.stringify(config)}`, anywhere);
    expect(read.ref).toBe(read.did);
    expect(read.type).toBe((config.context as Raw).type);
    expect("topicId" in read || "hederaAccountId" in read).toBe(false);
  });

  it("may name its context by addresses alone, and give the terms without their frame", async () => {
    const config = await aConfig((raw) => {
      raw.context = (raw.context as Raw)["@context"];
      raw.schema = (raw.schema as Raw)["@context"];
    });
    expect(parseMrvConfig(config, anywhere).config).toEqual(parseMrvConfig(await aConfig(), anywhere).config);
  });

  it("may lack the DID document, when the DID shows whose key it is", async () => {
    const config = await aConfig((raw) => delete raw.didDocument);
    const { config: read, notices } = parseMrvConfig(config, anywhere);
    expect(read.verificationMethod).toBe(`${read.did}#did-root-key`);
    expect(notices.join(" ")).toMatch(/no DID document/);
    const unbound = { ...config, did: "did:hedera:testnet:abc_0.0.1" };
    expect(faultsOf(unbound)).toEqual({ didDocument: expect.stringMatching(/Nothing in the file shows/) });
  });

  it("tells that the installer's key was dropped, and keeps no private key but the device's", async () => {
    const raw = await aConfig();
    const { config, notices } = parseMrvConfig(raw, anywhere);
    expect(notices.join(" ")).toMatch(/private key of the installer's Hedera account.*was not kept/);
    expect(notices.join(" ")).toMatch(/DID document holds the device's private key/);
    const kept = JSON.stringify([config, notices]);
    for (const secret of [raw.hederaAccountKey, raw.key, ed25519Of(raw).privateKeyBase58]) {
      expect(kept).not.toContain(secret);
      expect(kept).not.toContain(String(secret).slice(-24));
    }
  });
});

describe("the device's key", () => {
  const seed = createHash("sha256").update("a key of these tests").digest();
  const der = `302e020100300506032b657004220420${seed.toString("hex")}`;
  /** PKCS #8 version 2, which carries the public key, too. */
  const der2 = `3051020101300506032b657004220420${seed.toString("hex")}812100${publicKeyOf(seed).toString("hex")}`;
  const withKey = (key: unknown) =>
    aConfig((raw) => {
      const identifier = toBase58(createHash("sha256").update(publicKeyOf(seed)).digest());
      raw.did = `did:hedera:testnet:${identifier}_0.0.4001`;
      raw.ref = raw.did;
      raw.key = key;
      delete raw.didDocument;
    });

  it.each([
    ["DER", der],
    ["DER with 0x", `0x${der}`],
    ["DER in capitals", der.toUpperCase()],
    ["DER with the public key", der2],
    ["DER by node", privateKeyObject(seed).export({ format: "der", type: "pkcs8" }).toString("hex")],
    ["a bare seed", seed.toString("hex")],
    ["a bare seed with 0x", `0x${seed.toString("hex")}`],
    ["seed and public key", seed.toString("hex") + publicKeyOf(seed).toString("hex")],
    ["DER with white space around", ` ${der}\n`],
  ])("may be %s", async (_form, key) => {
    expect(parseMrvConfig(await withKey(key), anywhere).seed.equals(seed)).toBe(true);
  });

  const ecdsa = createECDH("secp256k1");
  ecdsa.setPrivateKey(createHash("sha256").update("an ECDSA key of these tests").digest());
  const ecdsaHex = ecdsa.getPrivateKey("hex");

  it.each([
    ["ECDSA in Hedera's DER", `3030020100300706052b8104000a04220420${ecdsaHex}`, /ECDSA key \(secp256k1\).*Ed25519/],
    ["ECDSA in SEC 1", `30770201010420${ecdsaHex}a00a06082a8648ce3d030107a144034200`, /ECDSA/],
    ["a public key", `302a300506032b6570032100${publicKeyOf(seed).toString("hex")}`, /public key/],
    ["cut", der.slice(0, -8), /cut off/],
    ["of an odd number of digits", der.slice(0, -1), /no key in hex/],
    ["words", "cat dog horse", /no key in hex/],
    ["PEM", "-----BEGIN PRIVATE KEY-----\nMC4=\n-----END PRIVATE KEY-----", /PEM/],
    ["of 16 bytes", "00".repeat(16), /16 bytes/],
    ["two halves that do not belong together", seed.toString("hex") + "11".repeat(32), /two halves/],
    ["no text", 12, /hex/],
  ])("is refused as %s, without being quoted", async (_form, key, sentence) => {
    const faults = faultsOf(await withKey(key));
    expect(faults.key).toMatch(sentence);
    expect(JSON.stringify(faults)).not.toContain(String(key).slice(-16));
  });

  it("of an ECDSA account, which looks like a seed, is found by the DID", async () => {
    expect(faultsOf(await withKey(ecdsaHex)).did).toMatch(/another key.*ECDSA key/);
  });

  it("must be the DID document's and the DID's", async () => {
    const other = await aConfig(() => undefined, "meter 2");
    const swapped = await aConfig((raw) => (raw.key = other.key));
    expect(faultsOf(swapped)).toEqual({
      "didDocument.verificationMethod.1.publicKeyBase58": expect.stringMatching(/belongs to another public key/),
    });
    // Key and document agree, and the DID is another's.
    const moved = await aConfig((raw) => {
      const text = JSON.stringify(other).replaceAll(String(other.did), String(raw.did));
      Object.assign(raw, JSON.parse(text));
    });
    expect(faultsOf(moved)).toEqual({ did: expect.stringMatching(/made of another key/) });
  });

  it("is taken from the DID document where only that has it, and missed where nothing has it", async () => {
    const config = await aConfig((raw) => delete raw.key);
    const { seed: found, notices } = parseMrvConfig(config, anywhere);
    expect(found.equals((await enrol()).seed)).toBe(true);
    expect(notices.join(" ")).toMatch(/no `key`/);
    delete ed25519Of(config).privateKeyBase58;
    expect(faultsOf(config)).toEqual({ key: expect.stringMatching(/missing/) });
  });
});

describe("a DID document", () => {
  it.each<[string, (config: Raw) => void, string, RegExp]>([
    [
      "of another DID",
      (raw) => Object.assign(raw.didDocument as Raw, { id: "did:x" }),
      "didDocument.id",
      /another DID/,
    ],
    [
      "with BLS keys only",
      (raw) => methodsOf(raw).pop(),
      "didDocument.verificationMethod",
      /no Ed25519VerificationKey2018 among the keys \(Bls12381G2Key2020\)/,
    ],
    ["without keys", (raw) => methodsOf(raw).splice(0), "didDocument.verificationMethod", /list/],
    [
      "whose key another controls",
      (raw) => Object.assign(ed25519Of(raw), { controller: "did:hedera:testnet:abc_0.0.1" }),
      "didDocument.verificationMethod.1.controller",
      /issuer controls/,
    ],
    [
      "whose key has another's name",
      (raw) => Object.assign(ed25519Of(raw), { id: "did:hedera:testnet:abc_0.0.1#did-root-key" }),
      "didDocument.verificationMethod.1.id",
      /DID followed by #/,
    ],
    [
      "whose key is no base58",
      (raw) => Object.assign(ed25519Of(raw), { publicKeyBase58: "0OIl" }),
      "didDocument.verificationMethod.1.publicKeyBase58",
      /32 bytes in base58/,
    ],
    [
      "that does not let the key sign",
      (raw) => Object.assign(raw.didDocument as Raw, { assertionMethod: ["#did-root-key-bbs"] }),
      "didDocument.assertionMethod",
      /not listed/,
    ],
    [
      "whose private key is of another public key",
      (raw) =>
        Object.assign(ed25519Of(raw), {
          privateKeyBase58: toBase58(Buffer.concat([Buffer.alloc(32, 1), publicKeyOf(Buffer.alloc(32, 1))])),
        }),
      "didDocument.verificationMethod.1.privateKeyBase58",
      /does not belong/,
    ],
  ])("%s is refused", async (_what, change, path, sentence) => {
    const faults = faultsOf(await aConfig(change));
    expect(Object.keys(faults)).toEqual([path]);
    expect(faults[path]).toMatch(sentence);
  });

  it("may write the name of its key after # alone, and list several keys", async () => {
    const config = await aConfig((raw) => {
      Object.assign(ed25519Of(raw), { id: "#did-root-key" });
      const second = publicKeyOf(Buffer.alloc(32, 9));
      methodsOf(raw).unshift({ ...ed25519Of(raw), id: "#other", publicKeyBase58: toBase58(second) });
      delete (methodsOf(raw)[0] as Raw).privateKeyBase58;
    });
    const { config: read } = parseMrvConfig(config, anywhere);
    expect(read.verificationMethod).toBe(`${read.did}#did-root-key`);
  });
});

describe("faults", () => {
  it("are all named at once, each at its path", async () => {
    const config = await aConfig((raw) => {
      raw.installer = "someone";
      raw.topic = "4001";
      raw.policyTag = "";
      raw.context = { type: "other&1.0.0", "@context": ["bafkrei"] };
      raw.key = "zz";
      delete raw.policyId;
    });
    expect(faultsOf(config)).toEqual({
      installer: expect.stringMatching(/Hedera DID, such as/),
      topic: expect.stringMatching(/0\.0\.4001/),
      policyTag: expect.stringMatching(/tag/),
      policyId: expect.stringMatching(/missing/),
      "context.type": expect.stringMatching(/another type/),
      "context.@context.0": expect.stringMatching(/ipfs:\/\//),
      key: expect.stringMatching(/hex/),
    });
  });

  it.each<[string, (config: Raw) => void, string, RegExp]>([
    ["a context of the oldest configs", (raw) => delete raw.context, "context", /missing/],
    ["no schema", (raw) => delete raw.schema, "schema", /missing/],
    [
      "a schema of another type",
      (raw) => (raw.schema = { "@context": { "x&1": { "@context": {} } } }),
      "schema",
      /defines x&1/,
    ],
    [
      "no type anywhere",
      (raw) => {
        delete raw.type;
        delete (raw.context as Raw).type;
      },
      "type",
      /missing/,
    ],
    [
      "W3C's context in place of the policy's",
      (raw) => (raw.context = ["https://www.w3.org/2018/credentials/v1"]),
      "context",
      /policy's own/,
    ],
    ["a DID of another method", (raw) => (raw.did = "did:web:example.com"), "did", /Hedera DID/],
  ])("tell of %s", async (_what, change, path, sentence) => {
    expect(faultsOf(await aConfig(change))[path]).toMatch(sentence);
  });

  it.each(["not JSON {", "[]", "7", null, 12])("refuse %s, which is no config", (input) => {
    expect(() => parseMrvConfig(input, anywhere)).toThrow(/no MRV config/);
  });
});

describe("Guardian's address", () => {
  const strict: MrvConfigOptions = { assertUrl: createAddressGuard({ allowed: [] }).assertUrl };

  it("is judged by the guard, and may be overridden", async () => {
    expect(faultsOf(await aConfig(), { assertUrl: createAddressGuard({ allowed: [] }).assertUrl })).toEqual({});
    const local = await aConfig((raw) => (raw.url = "http://127.0.0.1:3002/external"));
    expect(faultsOf(local, strict)).toEqual({ url: expect.stringMatching(/private or special.*guardianUrl/) });
    const guardianUrl = "https://guardian.example/api/v1/external/";
    const { config, notices } = parseMrvConfig(local, { ...strict, guardianUrl });
    expect(config.guardianUrl).toBe("https://guardian.example/api/v1");
    expect(notices.join(" ")).not.toMatch(/Records will go/);
    expect(faultsOf(local, { ...strict, guardianUrl: "http://10.0.0.1/api/v1" })).toEqual({
      guardianUrl: expect.stringMatching(/10\.0\.0\.1 is a private/),
    });
  });

  it("may be missing in the file when it is entered, and carries no password", async () => {
    const config = await aConfig((raw) => delete raw.url);
    expect(faultsOf(config)).toEqual({ guardianUrl: expect.stringMatching(/enter Guardian's/) });
    expect(faultsOf(config, { ...anywhere, guardianUrl: "https://guardian.example/api/v1" })).toEqual({});
    const faults = faultsOf(config, { ...anywhere, guardianUrl: "https://me:secret@guardian.example" });
    expect(faults.guardianUrl).toMatch(/without a user/);
    expect(faults.guardianUrl).not.toMatch(/secret/);
  });
});
