import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { firstBytes } from "./first-bytes";
import { zipOf } from "./zip-for-tests";

const lines = Array.from({ length: 20_000 }, (_, index) => `2026-11-01 00:00,${(index * 7_919) % 1_000}`).join("\n");
const most = 4_096;
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();

describe("the first bytes of what a file holds", () => {
  it("are those of a plain file", async () => {
    expect(await firstBytes(Buffer.from("a,b\n"), most, true)).toMatchObject({ entry: null, isBeginning: false });
    const cut = await firstBytes(Buffer.from(lines), most, true);
    expect([text(cut.bytes), cut.isBeginning]).toEqual([lines.slice(0, most), true]);
    expect(await firstBytes(Buffer.from("a,b\n"), most, false)).toMatchObject({ isBeginning: true });
  });

  it("are unpacked from the beginning of a gzip, without its end", async () => {
    const packed = gzipSync(lines);
    const { bytes, isBeginning } = await firstBytes(packed.subarray(0, 20_000), most, false);
    expect([text(bytes), isBeginning]).toEqual([lines.slice(0, most), true]);
    expect(await firstBytes(gzipSync("a,b\n"), most, true)).toMatchObject({ isBeginning: false });
  });

  it("are those of the first file of a zip, without its list of files", async () => {
    const packed = zipOf({ "month/november.csv": lines, "month/october.csv": "x" });
    const { bytes, entry } = await firstBytes(packed.subarray(0, 20_000), most, false);
    expect([text(bytes), entry]).toEqual([lines.slice(0, most), "month/november.csv"]);
  });

  it("of a bomb are no more than asked for", async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
    const before = process.memoryUsage().arrayBuffers;
    const { bytes } = await firstBytes(bomb, most, true);
    expect(bytes.length).toBe(most);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 * 1024 * 1024);
  });

  it.each([
    ["a gzip that is none", Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16])],
    ["a zip without a file", Buffer.from([0x50, 0x4b, 3, 4])],
  ])("of %s are an error with a sentence", async (_, packed) => {
    await expect(firstBytes(packed, most, true)).rejects.toMatchObject({ code: "PACKED_FILE_BROKEN" });
  });
});
