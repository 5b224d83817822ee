import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type S3Simulator, startS3Simulator } from "../../e2e/simulators/s3/simulator";
import { clientOf } from "../../e2e/simulators/s3/testing";
import { sha256Hex } from "../secrets";
import { type Archive, ArchiveUnavailable, ChecksumMismatch } from "./archive";
import { openArchive } from "./open-archive";

const owner = { accessKeyId: "AKOWNER", secretAccessKey: "the owner's secret" };
const reader = { accessKeyId: "AKREADER", secretAccessKey: "read only", canWrite: false };
const expired = {
  accessKeyId: "ASLATE",
  secretAccessKey: "temporary",
  sessionToken: "t",
  sessionExpiresAt: new Date(0),
};

let simulator: S3Simulator;
beforeAll(async () => {
  simulator = await startS3Simulator({ port: 0, buckets: ["archive"], accounts: [owner, reader, expired] });
});
afterAll(() => simulator.close());
afterEach(() => setFaults({}));

const setFaults = (rules: object) =>
  fetch(`${simulator.url}/__sim/faults`, { method: "POST", body: JSON.stringify(rules) });

function open(
  options: { bucket?: string; region?: string; endpoint?: string; credentials?: typeof owner } = {},
): Archive {
  const parameters = new URLSearchParams({
    endpoint: options.endpoint ?? simulator.url,
    region: options.region ?? "us-east-1",
    forcePathStyle: "true",
  });
  const { bucket = "archive", credentials = owner } = options;
  return openArchive(`s3://${bucket}?${parameters}`, { credentials });
}

describe("the S3 archive", () => {
  it("keeps hash, checksum and type with the object", async () => {
    const { sha256 } = await open().put("kept/a.json", Buffer.from("{}"), "application/json");
    const command = new GetObjectCommand({ Bucket: "archive", Key: "kept/a.json", ChecksumMode: "ENABLED" });
    expect(await clientOf(simulator).send(command)).toMatchObject({
      ContentType: "application/json",
      Metadata: { sha256 },
      ChecksumSHA256: Buffer.from(sha256, "hex").toString("base64"),
    });
  });

  it("notices an object that was changed behind its back", async () => {
    const { sha256 } = await open().put("changed", Buffer.from("kWh 1"), "text/plain");
    await clientOf(simulator).send(new PutObjectCommand({ Bucket: "archive", Key: "changed", Body: "kWh 9" }));
    await expect(open().get("changed", sha256)).rejects.toThrow(ChecksumMismatch);
  });

  it.each<[string, Parameters<typeof open>[0], string]>([
    ["a missing bucket", { bucket: "no-such-bucket" }, "bucket that does not exist"],
    ["a key that may only read", { credentials: reader }, "s3:PutObject"],
    ["an unknown key", { credentials: { ...owner, accessKeyId: "AKNOBODY" } }, "correct AWS_ACCESS_KEY_ID"],
    ["a wrong secret", { credentials: { ...owner, secretAccessKey: "hunter2" } }, "correct AWS_SECRET_ACCESS_KEY"],
    ["an expired token", { credentials: expired }, "renew AWS_SESSION_TOKEN"],
    ["a wrong region", { region: "eu-west-1" }, "in us-east-1"],
    ["an endpoint where nothing listens", { endpoint: "http://127.0.0.1:1" }, "cannot be reached"],
    ["an endpoint that does not exist", { endpoint: "http://nowhere.invalid" }, "cannot be reached"],
  ])("tells %s", async (_what, options, words) => {
    const failure = await open(options).check().catch(String);
    expect(failure).toContain(words);
    expect(failure).not.toContain("hunter2");
    await expect(open(options).check()).rejects.toThrow(ArchiveUnavailable);
  });

  it("lives through slow-downs, inner errors and cut bodies", async () => {
    const archive = open();
    await setFaults({ "429": { rate: 1, count: 1 }, "500": { rate: 1, count: 1 } });
    const { sha256 } = await archive.put("faults", Buffer.alloc(100_000, "x"), "text/plain");
    await setFaults({ "429": { rate: 1, count: 2 } });
    await archive.putStream("faults-streamed", chunks(), "text/plain");
    await setFaults({ cutBody: { rate: 1, count: 1, abort: true } });
    expect(await archive.get("faults", sha256)).toHaveLength(100_000);
    await setFaults({ "500": { rate: 1, count: 1 } });
    const keys: string[] = [];
    for await (const { key } of archive.list("faults")) keys.push(key);
    expect(keys).toEqual(["faults", "faults-streamed"]);
  });

  it("never takes half a body or a proxy's page for the object", async () => {
    const archive = open();
    const { sha256 } = await archive.put("halves", Buffer.alloc(100_000, "x"), "text/plain");
    await setFaults({ cutBody: 1 });
    await expect(archive.get("halves", sha256)).rejects.toThrow();
    await setFaults({ htmlPage: 1 });
    await expect(archive.get("halves", sha256)).rejects.toThrow();
    await expect(archive.put("new", Buffer.from("x"), "text/plain")).rejects.toThrow("is not S3");
    await expect(archive.list("")[Symbol.asyncIterator]().next()).rejects.toThrow("is not S3");
  });

  it("refuses a store that ignores If-None-Match", async () => {
    // Only as much of a store as the check needs: it overwrites.
    let stored = Buffer.alloc(0);
    const careless = createServer(async (req, res) => {
      const parts: Buffer[] = [];
      for await (const part of req) parts.push(part);
      if (req.method === "PUT") stored = Buffer.concat(parts);
      res.writeHead(200, { etag: '"1"' }).end(req.method === "GET" ? stored : undefined);
    });
    await new Promise<void>((resolve) => careless.listen(0, "127.0.0.1", resolve));
    const endpoint = `http://127.0.0.1:${(careless.address() as AddressInfo).port}`;
    await expect(open({ endpoint }).check()).rejects.toThrow("overwrites objects");
    careless.closeAllConnections();
    careless.close();
  });

  it("says how to give credentials when there are none", async () => {
    const { asS3Unavailable } = await import("./s3-unavailable");
    const error = Object.assign(new Error("none"), { name: "CredentialsProviderError" });
    expect(String(asS3Unavailable(error, "s3://archive"))).toContain("set AWS_ACCESS_KEY_ID");
  });
});

async function* chunks(): AsyncGenerator<Uint8Array> {
  for (let count = 0; count < 50; count += 1) yield Buffer.alloc(10_000, "y");
}

it("has the hash of what it streams", async () => {
  const { sha256, sizeBytes } = await open().putStream("hash", chunks(), "text/plain");
  expect(sizeBytes).toBe(500_000);
  expect(sha256).toBe(sha256Hex("y".repeat(500_000)));
});
