import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import {
  ChecksumAlgorithm,
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type PutObjectCommandInput,
  paginateListObjectsV2,
  type S3Client,
} from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type S3Simulator, startS3Simulator } from "./simulator";
import { clientOf } from "./testing";

let simulator: S3Simulator;
let client: S3Client;
beforeAll(async () => {
  simulator = await startS3Simulator({ port: 0, buckets: ["meters"] });
  client = clientOf(simulator);
});
afterAll(() => simulator.close());

const Bucket = "meters";
const put = (Key: string, Body: PutObjectCommandInput["Body"], more: Partial<PutObjectCommandInput> = {}) =>
  client.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
const get = async (Key: string, more: { Range?: string; IfMatch?: string } = {}) => {
  const answer = await client.send(new GetObjectCommand({ Bucket, Key, ...more }));
  return { ...answer, text: await answer.Body?.transformToString() };
};

describe("objects of the S3 simulator", () => {
  it("come back as they were put, with type, metadata, ETag and encoding", async () => {
    const more = { ContentType: "text/csv", ContentEncoding: "gzip", Metadata: { site: "north" } };
    const { ETag } = await put("a/plain key+ü&(1)'.csv", "200,1,2", more);
    expect(ETag).toBe(`"${createHash("md5").update("200,1,2").digest("hex")}"`);
    const found = await get("a/plain key+ü&(1)'.csv");
    expect(found).toMatchObject({ text: "200,1,2", ETag, ...more, ContentLength: 7 });
    const head = await client.send(new HeadObjectCommand({ Bucket, Key: "a/plain key+ü&(1)'.csv" }));
    expect(head).toMatchObject({ ETag, ContentLength: 7, ...more });
    expect(Date.now() - Number(head.LastModified)).toBeLessThan(60_000);
  });

  it("give ranges", async () => {
    await put("range", "0123456789");
    expect(await get("range", { Range: "bytes=2-4" })).toMatchObject({ text: "234", ContentRange: "bytes 2-4/10" });
    expect((await get("range", { Range: "bytes=7-" })).text).toBe("789");
    expect((await get("range", { Range: "bytes=-3" })).text).toBe("789");
    await expect(get("range", { Range: "bytes=10-" })).rejects.toMatchObject({ name: "InvalidRange" });
  });

  it("are written under conditions", async () => {
    const { ETag } = await put("once", "first", { IfNoneMatch: "*" });
    await expect(put("once", "second", { IfNoneMatch: "*" })).rejects.toMatchObject({ name: "PreconditionFailed" });
    await expect(put("once", "second", { IfMatch: '"00"' })).rejects.toMatchObject({ name: "PreconditionFailed" });
    expect((await get("once")).text).toBe("first");
    await put("once", "second", { IfMatch: ETag });
    await expect(get("once", { IfMatch: ETag })).rejects.toMatchObject({ $metadata: { httpStatusCode: 412 } });
    await expect(put("none", "x", { IfMatch: ETag })).rejects.toMatchObject({ name: "NoSuchKey" });
  });

  it("are deleted, also those that are not there", async () => {
    await put("gone", "x");
    await client.send(new DeleteObjectCommand({ Bucket, Key: "gone" }));
    await client.send(new DeleteObjectCommand({ Bucket, Key: "gone" }));
    await expect(get("gone")).rejects.toMatchObject({ name: "NoSuchKey" });
    const head = client.send(new HeadObjectCommand({ Bucket, Key: "gone" }));
    await expect(head).rejects.toMatchObject({ $metadata: { httpStatusCode: 404 } });
  });

  it.each(["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"])("keep a %s of streams and of bytes", async (name) => {
    const algorithm = ChecksumAlgorithm[name as keyof typeof ChecksumAlgorithm];
    const Body = Readable.from([Buffer.from("streamed "), Buffer.from("body")]);
    await put(`sum/${name}`, Body, { ChecksumAlgorithm: algorithm, ContentLength: 13 });
    expect((await get(`sum/${name}`)).text).toBe("streamed body");
    await put(`sum/${name}`, "streamed body", { ChecksumAlgorithm: algorithm });
    const head = await client.send(new HeadObjectCommand({ Bucket, Key: `sum/${name}`, ChecksumMode: "ENABLED" }));
    expect(head[`Checksum${name}` as "ChecksumCRC32"]).toMatch(/=$/);
  });

  it("know the check values of their algorithms", async () => {
    const values = {
      ChecksumCRC32: "y/Q5Jg==",
      ChecksumCRC32C: "4waSgw==",
      ChecksumCRC64NVME: "rosUhgp5mIg=",
      ChecksumSHA256: "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=",
    };
    for (const [name, value] of Object.entries(values)) {
      await put("values", "123456789", { [name]: value });
      const wrong = put("values", "123456780", { [name]: value });
      await expect(wrong, name).rejects.toMatchObject({ name: "BadDigest" });
    }
    await expect(put("values", "x", { ContentMD5: "AAAAAAAAAAAAAAAAAAAAAA==" })).rejects.toMatchObject({
      name: "BadDigest",
    });
  });

  it("are put together from parts", async () => {
    const body = Buffer.alloc(11 * 1024 * 1024, "0123456789abcdef");
    const upload = (IfNoneMatch?: string) =>
      new Upload({ client, params: { Bucket, Key: "parts", Body: Readable.from(cut(body)), IfNoneMatch } }).done();
    expect((await upload()).ETag).toMatch(/-3"$/);
    const found = await client.send(new GetObjectCommand({ Bucket, Key: "parts" }));
    expect(body.equals((await found.Body?.transformToByteArray()) ?? Buffer.alloc(0))).toBe(true);
    await expect(upload("*")).rejects.toMatchObject({ name: "PreconditionFailed" });
  });
});

describe("lists of the S3 simulator", () => {
  const list = async (input: object) => client.send(new ListObjectsV2Command({ Bucket, ...input }));

  it("go over as many pages as there are, in the order of bytes", async () => {
    const keys = Array.from({ length: 25 }, (_, at) => `pages/${String(at).padStart(3, "0")}`);
    for (const key of [...keys, "pages2/x", "page"]) await put(key, key);
    const found: (string | undefined)[] = [];
    let pages = 0;
    for await (const page of paginateListObjectsV2({ client, pageSize: 10 }, { Bucket, Prefix: "pages/" })) {
      found.push(...(page.Contents ?? []).map(({ Key }) => Key));
      pages += 1;
    }
    expect(found).toEqual(keys);
    expect(pages).toBe(3);
    const after = await list({ Prefix: "pages/", StartAfter: "pages/021" });
    expect(after.Contents?.map(({ Key }) => Key)).toEqual(["pages/022", "pages/023", "pages/024"]);
    await expect(list({ ContinuationToken: "nonsense" })).rejects.toMatchObject({ name: "InvalidArgument" });
  });

  it("fold keys at a delimiter, over pages too", async () => {
    for (const key of ["tree/a/1", "tree/a/2", "tree/b", "tree/c/1", "tree/d"]) await put(key, key);
    const whole = await list({ Prefix: "tree/", Delimiter: "/" });
    expect(whole.CommonPrefixes).toEqual([{ Prefix: "tree/a/" }, { Prefix: "tree/c/" }]);
    expect(whole.Contents?.map(({ Key }) => Key)).toEqual(["tree/b", "tree/d"]);
    const first = await list({ Prefix: "tree/", Delimiter: "/", MaxKeys: 1 });
    expect(first).toMatchObject({ CommonPrefixes: [{ Prefix: "tree/a/" }], IsTruncated: true, KeyCount: 1 });
    const second = await list({
      Prefix: "tree/",
      Delimiter: "/",
      MaxKeys: 1,
      ContinuationToken: first.NextContinuationToken,
    });
    expect(second.Contents?.map(({ Key }) => Key)).toEqual(["tree/b"]);
  });

  it("name odd keys exactly", async () => {
    await put("odd/a&b <c>\"'.csv", "x");
    expect((await list({ Prefix: "odd/" })).Contents?.[0]?.Key).toBe("odd/a&b <c>\"'.csv");
  });
});

describe("buckets of the S3 simulator", () => {
  it("are created once and told apart from those that are not there", async () => {
    await client.send(new CreateBucketCommand({ Bucket: "new-bucket" }));
    await client.send(new HeadBucketCommand({ Bucket: "new-bucket" }));
    const again = client.send(new CreateBucketCommand({ Bucket: "new-bucket" }));
    await expect(again).rejects.toMatchObject({ name: "BucketAlreadyOwnedByYou" });
    const none = client.send(new ListObjectsV2Command({ Bucket: "no-such-bucket" }));
    await expect(none).rejects.toMatchObject({ name: "NoSuchBucket" });
  });

  it("live on in their directory", async () => {
    const dataDir = await mkdtemp(join(tmpdir(), "s3-simulator-"));
    const first = await startS3Simulator({ port: 0, dataDir, buckets: ["kept"] });
    const params = { Bucket: "kept", Key: "a/b", Body: "bytes", ContentType: "text/csv", Metadata: { a: "b" } };
    await clientOf(first).send(new PutObjectCommand({ ...params, Body: "replaced" }));
    const { ETag } = await clientOf(first).send(new PutObjectCommand(params));
    await first.close();
    const second = await startS3Simulator({ port: 0, dataDir, buckets: ["kept"] });
    const found = await clientOf(second).send(new GetObjectCommand({ Bucket: "kept", Key: "a/b" }));
    expect(found).toMatchObject({ ETag, ContentType: "text/csv", Metadata: { a: "b" } });
    expect(await found.Body?.transformToString()).toBe("bytes");
    await second.close();
    await rm(dataDir, { recursive: true });
  });
});

function* cut(body: Buffer): Generator<Buffer> {
  for (let at = 0; at < body.length; at += 700_001) yield body.subarray(at, at + 700_001);
}
