import { lookup } from "node:dns";
import { Agent } from "node:http";
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
  type S3ClientConfig,
} from "@aws-sdk/client-s3";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type S3Account, type S3Simulator, startS3Simulator } from "./simulator";
import { clientOf, putSignedChunks } from "./testing";

const owner = { accessKeyId: "AKOWNER", secretAccessKey: "the owner's secret" };
const reader: S3Account = {
  accessKeyId: "AKREADER",
  secretAccessKey: "read only",
  buckets: ["meters"],
  canWrite: false,
};
const guest: S3Account = { accessKeyId: "ASGUEST", secretAccessKey: "temporary", sessionToken: "token/1" };
const late: S3Account = { ...guest, accessKeyId: "ASLATE", sessionExpiresAt: new Date(Date.now() - 1000) };

let simulator: S3Simulator;
beforeAll(async () => {
  simulator = await startS3Simulator({
    port: 0,
    accounts: [owner, reader, guest, late],
    buckets: ["meters", "private"],
  });
  await simulator.seedObject("meters", "a", "bytes");
});
afterAll(() => simulator.close());
afterEach(() => setFaults({}));

const as = (credentials: S3ClientConfig["credentials"], config: S3ClientConfig = {}) =>
  clientOf(simulator, { credentials, ...config });
const read = (client: S3Client) => client.send(new GetObjectCommand({ Bucket: "meters", Key: "a" }));
const codeOf = (sent: Promise<unknown>) =>
  sent.then(
    () => "done",
    (error: Error) => error.name,
  );
const setFaults = (rules: object) =>
  fetch(`${simulator.url}/__sim/faults`, { method: "POST", body: JSON.stringify(rules) });

describe("access to the S3 simulator", () => {
  it.each<[string, string, S3ClientConfig["credentials"], S3ClientConfig]>([
    ["the owner", "done", owner, {}],
    ["an unknown key", "InvalidAccessKeyId", { ...owner, accessKeyId: "AKNOBODY" }, {}],
    ["a wrong secret", "SignatureDoesNotMatch", { ...owner, secretAccessKey: "guessed" }, {}],
    ["a token", "done", guest, {}],
    ["a missing token", "InvalidAccessKeyId", { ...guest, sessionToken: undefined }, {}],
    ["a wrong token", "InvalidToken", { ...guest, sessionToken: "token/2" }, {}],
    ["a token that nobody asked for", "InvalidToken", { ...owner, sessionToken: "token/1" }, {}],
    ["an expired token", "ExpiredToken", late, {}],
    ["another region", "AuthorizationHeaderMalformed", owner, { region: "ap-southeast-2" }],
    ["a clock of yesterday", "RequestTimeTooSkewed", owner, { systemClockOffset: -86_400_000 }],
    ["a clock of tomorrow", "RequestTimeTooSkewed", owner, { systemClockOffset: 86_400_000 }],
  ])("for %s is: %s", async (_who, code, credentials, config) => {
    expect(await codeOf(read(as(credentials, config)))).toBe(code);
  });

  it("is refused without a signature", async () => {
    const answer = await fetch(`${simulator.url}/meters/a`);
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain("<Code>AccessDenied</Code>");
  });

  it("is limited to what an account may do", async () => {
    const client = as(reader);
    expect(await codeOf(read(client))).toBe("done");
    const write = client.send(new PutObjectCommand({ Bucket: "meters", Key: "b", Body: "x" }));
    expect(await codeOf(write)).toBe("AccessDenied");
    expect(await codeOf(client.send(new ListObjectsV2Command({ Bucket: "private" })))).toBe("AccessDenied");
  });

  it("leads to the region of a bucket that is elsewhere", async () => {
    const CreateBucketConfiguration = { LocationConstraint: "eu-west-1" as const };
    await as(owner).send(new CreateBucketCommand({ Bucket: "elsewhere", CreateBucketConfiguration }));
    const refused = as(owner).send(new ListObjectsV2Command({ Bucket: "elsewhere" }));
    await expect(refused).rejects.toMatchObject({
      $metadata: { httpStatusCode: 301 },
      $response: { headers: { "x-amz-bucket-region": "eu-west-1" } },
    });
  });

  it("works with the bucket in the host name", async () => {
    const toLoopback = new Agent({ lookup: (_host, options, done) => lookup("127.0.0.1", options, done) });
    const endpoint = simulator.url.replace("127.0.0.1", "localhost");
    const config = { endpoint, forcePathStyle: false, requestHandler: { httpAgent: toLoopback } };
    expect(await codeOf(read(as(owner, config)))).toBe("done");
    expect(await codeOf(as(owner, config).send(new HeadBucketCommand({ Bucket: "meters" })))).toBe("done");
    expect(await codeOf(as(owner, config).send(new HeadBucketCommand({ Bucket: "nothing" })))).toBe("NotFound");
    toLoopback.destroy();
  });
});

describe("chunks with signatures", () => {
  const chunks = [Buffer.alloc(70_000, "a"), Buffer.from("the rest")];
  const trailer: [string, string] = ["x-amz-checksum-sha256", "Rw9d+ChCvr8a6oC2WuGLyZNjL9jFZXbFqdjlP5jxGsk="];

  it("are taken off, with and without a trailer", async () => {
    expect((await putSignedChunks(simulator, "/meters/chunks", chunks)).status).toBe(200);
    const found = await as(owner).send(new GetObjectCommand({ Bucket: "meters", Key: "chunks" }));
    expect(await found.Body?.transformToString()).toBe(Buffer.concat(chunks).toString());
    const sum = await sha256(Buffer.concat(chunks));
    expect((await putSignedChunks(simulator, "/meters/trailed", chunks, { trailer: [trailer[0], sum] })).status).toBe(
      200,
    );
  });

  it.each<[string, string, (body: string) => string, boolean]>([
    ["changed bytes", "SignatureDoesNotMatch", (body) => body.replace("the rest", "the best"), false],
    ["a changed trailer", "SignatureDoesNotMatch", (body) => body.replace(/sha256:../, "sha256:xx"), true],
    ["a missing end", "IncompleteBody", (body) => body.slice(0, -100), false],
  ])("show %s as %s", async (_what, code, spoil, hasTrailer) => {
    const sum = await sha256(Buffer.concat(chunks));
    const options = { spoil, trailer: hasTrailer ? ([trailer[0], sum] as [string, string]) : undefined };
    const answer = await putSignedChunks(simulator, "/meters/spoilt", chunks, options);
    expect(await answer.text()).toContain(`<Code>${code}</Code>`);
  });

  it("show a trailing checksum of other bytes", async () => {
    const answer = await putSignedChunks(simulator, "/meters/spoilt", chunks, { trailer });
    expect(await answer.text()).toContain("<Code>BadDigest</Code>");
  });
});

describe("what the S3 simulator does not offer", () => {
  it("is refused by name", async () => {
    const client = as(owner);
    const taken = new PutObjectCommand({ Bucket: "meters", Key: "b", Body: "x", IfNoneMatch: '"etag"' });
    expect(await codeOf(client.send(taken))).toBe("NotImplemented");
    const version = new GetObjectCommand({ Bucket: "meters", Key: "a", VersionId: "1" });
    await expect(client.send(version)).rejects.toThrow("versionId");
  });
});

describe("faults of the S3 simulator", () => {
  it.each([
    [{ "429": 1 }, "SlowDown"],
    [{ "500": 1 }, "InternalError"],
  ])("%j answers %s", async (rules, code) => {
    await setFaults(rules);
    expect(await codeOf(read(as(owner)))).toBe(code);
  });

  it("cut bodies, give pages, hang and come late", async () => {
    const readAll = async () => (await read(as(owner))).Body?.transformToString();
    await setFaults({ cutBody: { rate: 1, abort: true } });
    await expect(readAll()).rejects.toThrow();
    await setFaults({ htmlPage: 1 });
    // The SDK reads a page as an empty list: who lists must look for the name.
    const page = await as(owner).send(new ListObjectsV2Command({ Bucket: "meters" }));
    expect(page.Name).toBeUndefined();
    await setFaults({ timeOut: 1 });
    const impatient = as(owner, { requestHandler: { socketTimeout: 200 } });
    await expect(read(impatient)).rejects.toThrow();
    await setFaults({ lateData: { rate: 1, minutes: 60 } });
    expect(await codeOf(read(as(owner)))).toBe("NoSuchKey");
    await setFaults({});
    const stats = await (await fetch(`${simulator.url}/__sim/stats`)).json();
    expect(stats).toMatchObject({ counters: { "fault 429": 1, "fault 500": 1, "fault timeOut": 1 } });
    expect(stats.requests["GetObject 404"]).toBe(1);
  });
});

async function sha256(bytes: Buffer): Promise<string> {
  return Buffer.from(await crypto.subtle.digest("SHA-256", new Uint8Array(bytes))).toString("base64");
}
