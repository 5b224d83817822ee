import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { simulatorAccount, startS3Simulator } from "../../e2e/simulators/s3/simulator";
import { sha256Hex } from "../secrets";
import { type Archive, ChecksumMismatch, ObjectExists, ObjectNotFound } from "./archive";
import { InvalidKey } from "./keys";
import { openArchive } from "./open-archive";

const kinds: { kind: string; start: () => Promise<{ archive: Archive; stop: () => Promise<void> }> }[] = [
  {
    kind: "file system",
    start: async () => {
      const directory = await mkdtemp(join(tmpdir(), "archive-test-"));
      const stop = () => rm(directory, { recursive: true });
      return { archive: openArchive(`file:${directory}/a`), stop };
    },
  },
  {
    kind: "S3",
    start: async () => {
      const simulator = await startS3Simulator({ port: 0, buckets: ["archive"] });
      const parameters = new URLSearchParams({ endpoint: simulator.url, forcePathStyle: "true", region: "us-east-1" });
      const archive = openArchive(`s3://archive/some/prefix?${parameters}`, { credentials: simulatorAccount });
      return { archive, stop: () => simulator.close() };
    },
  },
];

describe.each(kinds)("an archive on $kind", ({ start }) => {
  let archive: Archive;
  let stop: () => Promise<void>;
  beforeAll(async () => {
    ({ archive, stop } = await start());
  });
  afterAll(() => stop?.());

  it("passes its own check, again and again", async () => {
    await archive.check();
    await archive.check();
  });

  it("gives back the bytes that were put", async () => {
    const bytes = Buffer.from("kWh \u00e9 \0 bytes");
    const stored = await archive.put("get/one.json", bytes, "application/json");
    expect(stored).toEqual({ key: "get/one.json", sizeBytes: 14, sha256: sha256Hex(bytes), isNew: true });
    expect(Buffer.from(await archive.get("get/one.json", stored.sha256))).toEqual(bytes);
    expect(await read(archive.getStream("get/one.json", stored.sha256))).toEqual(bytes);
  });

  it("holds empty objects", async () => {
    const { sha256 } = await archive.put("get/empty", new Uint8Array(), "text/plain");
    expect(await archive.get("get/empty", sha256)).toHaveLength(0);
    const streamed = await archive.putStream("get/empty-streamed", chunksOf([]), "text/plain");
    expect(streamed).toMatchObject({ sha256, sizeBytes: 0, isNew: true });
    expect(await read(archive.getStream("get/empty-streamed", sha256))).toHaveLength(0);
  });

  it("takes the same bytes twice and refuses others, which change nothing", async () => {
    const first = await archive.put("twice", Buffer.from("first"), "text/plain");
    expect(await archive.put("twice", Buffer.from("first"), "text/plain")).toEqual({ ...first, isNew: false });
    expect(await archive.putStream("twice", chunksOf(["fi", "rst"]), "text/plain")).toEqual({ ...first, isNew: false });
    await expect(archive.put("twice", Buffer.from("other"), "text/plain")).rejects.toThrow(ObjectExists);
    await expect(archive.putStream("twice", chunksOf(["other"]), "text/plain")).rejects.toThrow(ObjectExists);
    expect(Buffer.from(await archive.get("twice", first.sha256)).toString()).toBe("first");
  });

  it("lets exactly one of many concurrent writers win", async () => {
    const writers = Array.from({ length: 8 }, (_, at) =>
      archive.put("race/key", Buffer.from(`by ${at}`), "text/plain"),
    );
    const results = await Promise.allSettled(writers);
    const winners = results.filter((result) => result.status === "fulfilled");
    expect(winners).toHaveLength(1);
    for (const result of results) {
      if (result.status === "rejected") expect(result.reason).toBeInstanceOf(ObjectExists);
    }
  });

  it("lets many concurrent writers of the same bytes all succeed, one as the first", async () => {
    const writers = Array.from({ length: 8 }, () => archive.put("race/same", Buffer.from("same"), "text/plain"));
    const stored = await Promise.all(writers);
    expect(stored.filter(({ isNew }) => isNew)).toHaveLength(1);
  });

  it("streams a body in and out", async () => {
    const block = Buffer.alloc(1024 * 1024, "0123456789");
    const blocks = Array.from({ length: 12 }, () => block);
    const stored = await archive.putStream("streams/big", chunksOf(blocks), "text/csv");
    expect(stored).toMatchObject({ sizeBytes: 12 * block.length, sha256: sha256Hex(Buffer.concat(blocks)) });
    let sizeBytes = 0;
    let largest = 0;
    for await (const chunk of archive.getStream("streams/big", stored.sha256)) {
      sizeBytes += chunk.byteLength;
      largest = Math.max(largest, chunk.byteLength);
    }
    expect(sizeBytes).toBe(stored.sizeBytes);
    expect(largest).toBeLessThan(2 * 1024 * 1024);
  });

  it("keeps nothing of a stream that fails, and passes its error on", async () => {
    // A code is what errors of a disk have too: whose it is must not be guessed from that.
    const hungUp = Object.assign(new Error("the vendor hung up"), { code: "CUT_OFF" });
    async function* failing() {
      yield Buffer.from("half of it");
      throw hungUp;
    }
    await expect(archive.putStream("streams/failing", failing(), "text/csv")).rejects.toBe(hungUp);
    await expect(archive.get("streams/failing", sha256Hex("half of it"))).rejects.toThrow(ObjectNotFound);
    expect((await archive.putStream("streams/failing", chunksOf(["whole"]), "text/csv")).isNew).toBe(true);
  });

  it("notices bytes that are not the expected ones, streamed too", async () => {
    await archive.put("mismatch", Buffer.from("what was stored"), "text/plain");
    const expected = sha256Hex("what was expected");
    await expect(archive.get("mismatch", expected)).rejects.toThrow(ChecksumMismatch);
    await expect(read(archive.getStream("mismatch", expected))).rejects.toThrow(ChecksumMismatch);
  });

  it("tells a missing object", async () => {
    await expect(archive.get("no/such", sha256Hex(""))).rejects.toThrow(ObjectNotFound);
    await expect(read(archive.getStream("no/such", sha256Hex("")))).rejects.toThrow(ObjectNotFound);
  });

  it("lists a prefix in key order, over more than one page", async () => {
    const names = Array.from({ length: 1203 }, (_, at) => `many/${String(at).padStart(5, "0")}`);
    await inBatches(names, 50, (name) => archive.put(name, Buffer.from(name), "text/plain"));
    const listed = await keysOf(archive, "many/");
    expect(listed).toEqual(names);
    expect(await keysOf(archive, "many/0100")).toEqual(names.filter((name) => name.startsWith("many/0100")));
    expect(await keysOf(archive, "none/")).toEqual([]);
  });

  it("orders keys as whole texts, whatever directories they are in", async () => {
    for (const key of ["order/a/b", "order/a-b", "order/a.b", "order/a0", "order/B", "order/a=/c"]) {
      await archive.put(key, Buffer.from(key), "text/plain");
    }
    const listed = await keysOf(archive, "order/");
    expect(listed).toEqual(["order/B", "order/a-b", "order/a.b", "order/a/b", "order/a0", "order/a=/c"]);
    expect(await keysOf(archive, "order/a")).toHaveLength(5);
    expect(await keysOf(archive, "order/a/")).toEqual(["order/a/b"]);
    for await (const { key, sizeBytes } of archive.list("order/")) expect(sizeBytes).toBe(key.length);
  });

  it.each([
    "",
    "/a",
    "a/",
    "a//b",
    "../a",
    "a/../b",
    "a/./b",
    "..",
    "a b",
    "a\\b",
    "ä",
    "a%2e",
    "a\0",
    "x".repeat(201),
  ])("refuses the key %j", async (key) => {
    await expect(archive.put(key, Buffer.from("x"), "text/plain")).rejects.toThrow(InvalidKey);
    await expect(archive.putStream(key, chunksOf(["x"]), "text/plain")).rejects.toThrow(InvalidKey);
    await expect(archive.get(key, sha256Hex("x"))).rejects.toThrow(InvalidKey);
    await expect(read(archive.getStream(key, sha256Hex("x")))).rejects.toThrow(InvalidKey);
  });

  it.each(["../", "/", "a/../", "a//"])("refuses to list %j", async (prefix) => {
    await expect(keysOf(archive, prefix)).rejects.toThrow(InvalidKey);
  });
});

async function* chunksOf(chunks: (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield typeof chunk === "string" ? Buffer.from(chunk) : chunk;
}

async function read(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts);
}

async function keysOf(archive: Archive, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of archive.list(prefix)) keys.push(key);
  return keys;
}

async function inBatches<T>(items: T[], size: number, work: (item: T) => Promise<unknown>): Promise<void> {
  for (let at = 0; at < items.length; at += size) await Promise.all(items.slice(at, at + size).map(work));
}
