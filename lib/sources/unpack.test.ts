import { execFileSync } from "node:child_process";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { unpack } from "./unpack";
import { zipOf } from "./zip-for-tests";

const text = async (inputs: Awaited<ReturnType<typeof unpack>>) =>
  Object.fromEntries(
    await Promise.all(inputs.map(async (input) => [input.name, Buffer.from(await input.bytes()).toString()])),
  );
const bytes = (content: string) => new TextEncoder().encode(content);

describe("unpacking", () => {
  it("gives a plain file as it is, whatever its name says", async () => {
    expect(await text(await unpack("day.zip", "text/csv", bytes("100,NEM12")))).toEqual({ "day.zip": "100,NEM12" });
  });

  it("opens gzip and zip by their first bytes, in order of names, without folders and packers' own files", async () => {
    expect(await text(await unpack("day.csv.gz", "", gzipSync("a,b")))).toEqual({ "day.csv": "a,b" });
    const zip = zipOf({ "b/2.csv": "two", "b/": "", "a.csv": "one", "__MACOSX/a.csv": "x", ".DS_Store": "x" });
    const inputs = await unpack("UPPER.ZIP", "application/zip", zip);
    expect(inputs.map(({ name }) => name)).toEqual(["UPPER.ZIP/a.csv", "UPPER.ZIP/b/2.csv"]);
    expect(await text(inputs)).toEqual({ "UPPER.ZIP/a.csv": "one", "UPPER.ZIP/b/2.csv": "two" });
  });

  it("says that a file is cut, and gives no part of it", async () => {
    const gzip = gzipSync("x".repeat(10_000));
    await expect(unpack("a.gz", "", gzip.subarray(0, gzip.length - 9))).rejects.toMatchObject({
      code: "PACKED_FILE_BROKEN",
    });
    const zip = zipOf({ "a.csv": "x".repeat(10_000) });
    await expect(unpack("a.zip", "", zip.subarray(0, zip.length - 30))).rejects.toMatchObject({
      code: "PACKED_FILE_BROKEN",
    });
    await expect(unpack("a.zip", "", zipOf({}))).rejects.toMatchObject({ code: "PACKED_FILE_BROKEN" });
  });

  it("stops at a bomb before it is in memory", async () => {
    const before = process.memoryUsage().rss;
    // 600 MB of zeros in less than a megabyte.
    const bomb = execFileSync("sh", ["-c", "head -c 600000000 /dev/zero | gzip -1"], { maxBuffer: 64 * 1024 * 1024 });
    await expect(unpack("bomb.gz", "", bomb)).rejects.toMatchObject({
      code: "PACKED_FILE_TOO_LARGE",
      isRetryable: false,
    });
    expect(process.memoryUsage().rss - before).toBeLessThan(1.2e9);
  });
});
