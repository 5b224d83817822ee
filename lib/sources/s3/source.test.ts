import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { DeleteObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type S3Simulator, startS3Simulator } from "../../../e2e/simulators/s3/simulator";
import { clientOf } from "../../../e2e/simulators/s3/testing";
import { SourceError } from "../../connectors/source-error";
import { createAddressGuard } from "../../net/address-guard";
import { parseS3Credentials } from "./credentials";
import { download } from "./download";
import { listMatching } from "./list-matching";
import { s3SettingsSchema } from "./settings";
import { openS3Source, type S3Object, type S3Source } from "./source";
import { testSource } from "./test-source";

const owner = { accessKeyId: "AKOWNER", secretAccessKey: "hunter2/secret" };
const writer = { accessKeyId: "AKWRITER", secretAccessKey: "elsewhere", buckets: ["other"] };
const expired = { accessKeyId: "ASLATE", secretAccessKey: "t", sessionToken: "tok", sessionExpiresAt: new Date(0) };
const guard = createAddressGuard({ allowed: ["127.0.0.1"] });
const range = { from: new Date("2026-11-22T13:00:00Z"), to: new Date("2026-11-23T13:00:00Z") }; // the 23rd in Sydney

let simulator: S3Simulator;
beforeAll(async () => {
  simulator = await startS3Simulator({ port: 0, buckets: ["exports"], accounts: [owner, writer, expired] });
  for (let day = 1; day <= 30; day += 1) {
    const name = `2026/11/site-7-202611${String(day).padStart(2, "0")}.csv`;
    await simulator.seedObject("exports", `in/${name}`, `bytes of day ${day}`, new Date(Date.UTC(2026, 10, day, 20)));
  }
  await simulator.seedObject("exports", "in/2026/11/", "");
  await simulator.seedObject("exports", "in/readme.txt", "hello");
});
afterAll(() => simulator.close());
afterEach(() => setFaults({}));

const setFaults = (rules: object) =>
  fetch(`${simulator.url}/__sim/faults`, { method: "POST", body: JSON.stringify(rules) });

interface Given {
  bucket?: string;
  prefix?: string;
  pattern?: string;
  credentials?: Record<string, unknown>;
  allowed?: string[];
}

function open({ bucket = "exports", prefix = "in/", pattern, credentials, allowed }: Given = {}): S3Source {
  const { accessKeyId, secretAccessKey } = owner;
  const text = { accessKeyId, secretAccessKey, region: "us-east-1", endpoint: simulator.url, forcePathStyle: true };
  return openS3Source({
    bucket,
    credentials: parseS3Credentials(JSON.stringify({ ...text, ...credentials })),
    settings: s3SettingsSchema.parse({ prefix, pattern }),
    guard: allowed ? createAddressGuard({ allowed }) : guard,
  });
}

async function keysOf(source: S3Source, asked = range): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of listMatching(source, asked, "Australia/Sydney")) keys.push(key);
  return keys;
}

async function objectOf(key: string): Promise<S3Object> {
  for await (const object of listMatching(open({ prefix: "" }), range, "UTC")) if (object.key === key) return object;
  throw new Error(`${key} is not listed.`);
}

async function read(object: S3Object): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of download(open(), object)) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

async function failureOf(work: () => unknown): Promise<SourceError> {
  const error = await Promise.resolve()
    .then(work)
    .then(
      () => new Error("It did not fail."),
      (thrown: unknown) => thrown,
    );
  if (!(error instanceof SourceError)) throw error;
  return error;
}

describe("listing a bucket", () => {
  it("gives the objects of the range and a day around it, with what tells a replacement", async () => {
    const source = open({ pattern: "{yyyy}/{MM}/site-7-{yyyy}{MM}{dd}.csv" });
    const days = ["20261122", "20261123", "20261124"];
    expect(await keysOf(source)).toEqual(days.map((day) => `in/2026/11/site-7-${day}.csv`));
    expect(await objectOf("in/2026/11/site-7-20261123.csv")).toMatchObject({
      etag: expect.stringMatching(/^"[0-9a-f]{32}"$/),
      sizeBytes: 15,
      lastModified: new Date("2026-11-23T20:00:00Z"),
    });
  });

  it("gives every object that fits where keys have no date, and no folder", async () => {
    expect(await keysOf(open({ pattern: "*.txt" }))).toEqual(["in/readme.txt"]);
    expect(await keysOf(open())).toHaveLength(31);
    expect(await keysOf(open({ prefix: "nothing/" }))).toEqual([]);
  });

  it("goes over all pages, and only those it needs", async () => {
    for (let at = 0; at < 2105; at += 1) await simulator.seedObject("exports", `many/${at}-2026.csv`, "x");
    expect(await keysOf(open({ prefix: "many/", pattern: "*-{yyyy}.csv" }))).toHaveLength(2105);
    await fetch(`${simulator.url}/__sim/reset`, { method: "POST" });
    expect(await keysOf(open({ prefix: "many/", pattern: "{yyyy}-*.csv" }))).toEqual(["many/2026-2026.csv"]);
    expect(await keysOf(open({ prefix: "many/210", pattern: "*" }))).toHaveLength(5 + 1);
    const stats = await (await fetch(`${simulator.url}/__sim/stats`)).json();
    expect(stats.requests).toEqual({ "ListObjectsV2 200": 2 });
  });

  it("takes no page of a proxy for an empty bucket", async () => {
    await setFaults({ htmlPage: 1 });
    expect(await failureOf(() => keysOf(open()))).toMatchObject({ code: "NOT_S3", isRetryable: true });
  });
});

describe("downloading", () => {
  it("gives the bytes that were listed", async () => {
    expect(await read(await objectOf("in/2026/11/site-7-20261123.csv"))).toBe("bytes of day 23");
  });

  it("notices a replacement or a deletion in between", async () => {
    await simulator.seedObject("exports", "in/moving.csv", "first");
    const listed = await objectOf("in/moving.csv");
    const place = { Bucket: "exports", Key: "in/moving.csv" };
    await clientOf(simulator).send(new PutObjectCommand({ ...place, Body: "second" }));
    expect(await failureOf(() => read(listed))).toMatchObject({ code: "OBJECT_CHANGED", isRetryable: true });
    await clientOf(simulator).send(new DeleteObjectCommand(place));
    expect(await failureOf(() => read(listed))).toMatchObject({ code: "OBJECT_GONE", isRetryable: true });
  });

  it("takes no half body for the whole", async () => {
    const object = await objectOf("in/2026/11/site-7-20261123.csv");
    for (const abort of [false, true]) {
      await setFaults({ cutBody: { rate: 1, abort } });
      expect(await failureOf(() => read(object))).toMatchObject({ code: "CUT_OFF", isRetryable: true });
    }
    await setFaults({ htmlPage: 1 });
    expect(await failureOf(() => read(object))).toMatchObject({ code: "NOT_S3" });
  });
});

describe("failures of a bucket", () => {
  it.each<[string, Given, boolean]>([
    ["NO_SUCH_BUCKET", { bucket: "no-such-bucket" }, false],
    [
      "ACCESS_DENIED",
      { credentials: { accessKeyId: writer.accessKeyId, secretAccessKey: writer.secretAccessKey } },
      false,
    ],
    ["INVALID_ACCESS_KEY", { credentials: { accessKeyId: "AKNOBODY" } }, false],
    ["WRONG_SECRET", { credentials: { secretAccessKey: "hunter2/guessed" } }, false],
    ["WRONG_REGION", { credentials: { region: "eu-west-1" } }, false],
    ["EXPIRED_TOKEN", { credentials: { accessKeyId: "ASLATE", secretAccessKey: "t", sessionToken: "tok" } }, false],
    ["BAD_TOKEN", { credentials: { sessionToken: "hunter2-token" } }, false],
    ["ENDPOINT_UNREACHABLE", { credentials: { endpoint: "http://127.0.0.1:1" } }, true],
    ["ENDPOINT_UNREACHABLE", { credentials: { endpoint: "https://nowhere.invalid" } }, true],
    ["TLS_FAILED", { credentials: { endpoint: "https" } }, false],
    ["ADDRESS_REFUSED", { credentials: { endpoint: "http://169.254.169.254" } }, false],
    ["ADDRESS_REFUSED", { allowed: [] }, false],
    ["ADDRESS_REFUSED", { credentials: { endpoint: "localhost" }, allowed: [] }, false],
  ])("%s", async (code, given, isRetryable) => {
    const { endpoint } = given.credentials ?? {};
    const { port } = new URL(simulator.url);
    if (endpoint === "https") given.credentials = { endpoint: simulator.url.replace("http:", "https:") };
    if (endpoint === "localhost") given.credentials = { endpoint: `http://localhost:${port}` };
    const failure = await failureOf(() => testSource(open(given)));
    expect(failure).toMatchObject({ code, isRetryable });
    expect(failure.message).toMatch(/^The bucket [a-z-]+ /);
    expect(JSON.stringify([failure.message, failure.answer])).not.toContain("hunter2");
  });

  it.each([
    ["BUSY", { "429": 1 }],
    ["SERVER_ERROR", { "500": 1 }],
  ])("%s can heal, and is tried again at once a few times", async (code, rules) => {
    await setFaults(rules);
    expect(await failureOf(() => keysOf(open()))).toMatchObject({ code, isRetryable: true });
    await setFaults(Object.fromEntries(Object.keys(rules).map((kind) => [kind, { rate: 1, count: 2 }])));
    expect(await keysOf(open())).toHaveLength(31);
  });

  it("ends a listing that gives the same page again and again", async () => {
    const page = `<ListBucketResult><Name>exports</Name><IsTruncated>true</IsTruncated><NextContinuationToken>again</NextContinuationToken></ListBucketResult>`;
    const store = createServer((_request, response) =>
      response.writeHead(200, { "content-type": "application/xml" }).end(page),
    );
    await new Promise<void>((resolve) => store.listen(0, "127.0.0.1", resolve));
    const endpoint = `http://127.0.0.1:${(store.address() as AddressInfo).port}`;
    const failure = await failureOf(() => keysOf(open({ credentials: { endpoint } })));
    expect(failure).toMatchObject({ code: "NOT_S3", isRetryable: true });
    store.closeAllConnections();
    store.close();
  });

  it("tells a web server that is no S3", async () => {
    const web = createServer((_request, response) =>
      response.writeHead(404, { "content-type": "text/html" }).end("<h1>No</h1>"),
    );
    await new Promise<void>((resolve) => web.listen(0, "127.0.0.1", resolve));
    const endpoint = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
    const failure = await failureOf(() => testSource(open({ credentials: { endpoint } })));
    expect(failure.code).toBe("NOT_S3");
    web.closeAllConnections();
    web.close();
  });
});

describe("the style of addresses", () => {
  it.each([
    [{ forcePathStyle: undefined }, true],
    [{ forcePathStyle: false }, false],
    [{ forcePathStyle: undefined, endpoint: undefined }, false],
  ])("of %j: bucket in the path %s", async (credentials, isInPath) => {
    expect(open({ credentials }).client.config.forcePathStyle).toBe(isInPath);
  });
});

describe("the test of a bucket", () => {
  it("says what is there and reads from it", async () => {
    const result = await testSource(open({ pattern: "{yyyy}/{MM}/*.csv" }));
    expect(result.reached).toContain("the first byte of its newest object was read");
    expect(result.found).toContainEqual({ label: "Fitting the pattern", value: "30" });
    expect(result.found).toContainEqual({ label: "Newest object", value: "in/2026/11/site-7-20261130.csv" });
  });

  it("shows a key that does not fit when none does", async () => {
    const result = await testSource(open({ pattern: "{yyyy}/{MM}/{dd}.csv" }));
    expect(result.reached).toContain("holds nothing that fits the pattern");
    expect(result.found).toContainEqual({ label: "A key that does not fit", value: "in/readme.txt" });
    expect((await testSource(open({ prefix: "none/" }))).reached).toContain("nothing under the prefix");
  });
});

describe("credentials of a bucket", () => {
  const valid = { accessKeyId: "AK", secretAccessKey: "hunter2", region: "us-east-1" };

  it("are read with what is optional", () => {
    const all = { ...valid, endpoint: "https://minio.example.com", sessionToken: "t", forcePathStyle: true };
    expect(parseS3Credentials(JSON.stringify(all))).toEqual(all);
  });

  it.each<[string, string, string]>([
    ["no JSON", "hunter2", "This is no JSON"],
    ["no object", '"hunter2"', "object"],
    ["no region", JSON.stringify({ ...valid, region: undefined }), "region is missing"],
    ["an empty secret", JSON.stringify({ ...valid, secretAccessKey: " " }), "secretAccessKey is empty"],
    ["a region that is none", JSON.stringify({ ...valid, region: "Sydney!" }), "ap-southeast-2"],
    ["an endpoint that is none", JSON.stringify({ ...valid, endpoint: "minio:9000" }), "http(s) address"],
    ["a user in the endpoint", JSON.stringify({ ...valid, endpoint: "https://u:hunter2@minio" }), "without user"],
    ["a field too many", JSON.stringify({ ...valid, "hunter2 pasted": "" }), "too many"],
  ])("are refused with %s", (_what, text, words) => {
    expect(() => parseS3Credentials(text)).toThrow(words);
    expect(() => parseS3Credentials(text)).not.toThrow("hunter2");
  });
});
