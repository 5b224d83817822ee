import { randomBytes } from "node:crypto";
import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { RawInput } from "../connectors/contract";
import { packedFile, withUnpacked } from "./unpack";
import { zipOf } from "./zip-for-tests";

const text = async (inputs: readonly RawInput[]) => {
  const found: [string, string][] = [];
  for (const input of inputs) found.push([input.name, Buffer.from(await input.bytes()).toString()]);
  return found;
};
/** Everything that is in the file, in order. */
const unpack = (name: string, contentType: string, content: Uint8Array) =>
  withUnpacked([packedFile(name, contentType, content)], text);
const bytes = (content: string) => new TextEncoder().encode(content);

describe("unpacking", () => {
  it("gives a plain file as it is, whatever its name says", async () => {
    expect(await unpack("day.zip", "text/csv", bytes("100,NEM12"))).toEqual([["day.zip", "100,NEM12"]]);
  });

  it("opens gzip and zip by their first bytes, in order of names, without folders and packers' own files", async () => {
    expect(await unpack("day.csv.gz", "", gzipSync("a,b"))).toEqual([["day.csv", "a,b"]]);
    const zip = zipOf({ "b/2.csv": "two", "b/": "", "a.csv": "one", "__MACOSX/a.csv": "x", ".DS_Store": "x" });
    expect(await unpack("UPPER.ZIP", "application/zip", zip)).toEqual([
      ["UPPER.ZIP/a.csv", "one"],
      ["UPPER.ZIP/b/2.csv", "two"],
    ]);
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

  it("stops at a bomb, and holds nothing of it", async () => {
    const before = process.memoryUsage().rss;
    // 5 GB of zeros, packed twice over: a gzip of some megabytes.
    const million = gzipSync(Buffer.alloc(1_000_000), { level: 9 });
    const bomb = Buffer.concat(Array.from({ length: 5_000 }, () => million));
    let received = 0;
    const reading = withUnpacked([packedFile("bomb.gz", "", bomb)], async ([input]) => {
      for await (const chunk of input?.chunks() ?? []) received += chunk.byteLength;
    });
    await expect(reading).rejects.toMatchObject({ code: "PACKED_FILE_TOO_LARGE", isRetryable: false });
    expect(received).toBeGreaterThan(4e9);
    expect(process.memoryUsage().rss - before).toBeLessThan(0.3e9);
    const whole = withUnpacked([packedFile("bomb.gz", "", bomb)], async ([input]) => input?.bytes());
    await expect(whole).rejects.toMatchObject({ code: "FILE_TOO_LARGE", isRetryable: false });
  });

  it("leaves no temporary file, whatever becomes of the reading", async () => {
    const spooled = () => readdirSync(tmpdir()).filter((name) => name.startsWith("meterproof-"));
    const before = spooled();
    const zip = packedFile("a.zip", "", zipOf({ "a.csv": "one", "b.csv": "two" }));
    await withUnpacked([zip, zip], async (inputs) => expect(inputs).toHaveLength(4));
    const failing = withUnpacked([zip], async () => {
      throw new Error("the parser gave up");
    });
    await expect(failing).rejects.toThrow("gave up");
    expect(spooled()).toEqual(before);
  });

  it.each([
    ["a plain file", Buffer.alloc(3_000_000, "a,b\n")],
    ["a gzip", gzipSync(randomBytes(3_000_000))],
    ["a zip", zipOf({ "a.csv": randomBytes(3_000_000).toString("hex") })],
  ])("lets nothing of %s count when the archive finds it damaged at its end", async (_, content) => {
    const damaged = new Error("checksum");
    const file = {
      ...packedFile("damaged", "", content),
      async *chunks() {
        yield* packedFile("damaged", "", content).chunks();
        throw damaged;
      },
    };
    const reading = withUnpacked([file], async ([input]) => {
      for await (const _line of input?.lines() ?? []);
      return "done";
    });
    await expect(reading).rejects.toBe(damaged);
  });
});
