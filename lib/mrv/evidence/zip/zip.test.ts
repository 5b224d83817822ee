import { mkdtemp, open, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import { packedFile, withUnpacked } from "../../../sources/unpack";
import { readZip, ZipFault } from "./read-zip";
import { type ZipEntry, zipped } from "./write-zip";
import { zipSize } from "./zip-form";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(process.env.TEST_FOLDER ?? tmpdir(), "zip-"));
});

function entry(name: string, content: string): ZipEntry {
  const bytes = Buffer.from(content);
  return {
    name,
    sizeBytes: bytes.length,
    crc32: crc32(bytes),
    chunks: async function* () {
      yield bytes.subarray(0, 2);
      yield bytes.subarray(2);
    },
  };
}

async function bytesOf(entries: readonly ZipEntry[]): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of zipped(entries)) parts.push(part);
  return Buffer.concat(parts);
}

const entries = [entry("README.txt", "Read me.\n"), entry("empty", ""), entry("raw/a.json", '{"a":1}')];

/** Heads and contents as they are read; what is wrong is thrown. */
async function contents(bytes: Uint8Array) {
  const path = join(folder, "bundle.zip");
  await writeFile(path, bytes);
  const file = await open(path);
  try {
    const found = await readZip(path, file);
    return await Promise.all(
      found.map(async ({ name, crc32: sum, chunks }) => {
        const parts: Uint8Array[] = [];
        for await (const part of chunks()) parts.push(part);
        const content = Buffer.concat(parts);
        return { name, content: content.toString(), isWhole: crc32(content) === sum };
      }),
    );
  } finally {
    await file.close();
  }
}

describe("a bundle's zip", () => {
  it("is the same bytes for the same files, of the size that is told before, and other programs read it", async () => {
    const bytes = await bytesOf(entries);
    expect(bytes.equals(await bytesOf(entries))).toBe(true);
    expect(bytes).toHaveLength(zipSize(entries));
    // yauzl, which has its own idea of a zip.
    const read = await withUnpacked([packedFile("b.zip", "application/zip", bytes)], (inputs) =>
      Promise.all(inputs.map(async (each) => [each.name, Buffer.from(await each.bytes()).toString()])),
    );
    expect(read).toEqual([
      ["b.zip/README.txt", "Read me.\n"],
      ["b.zip/empty", ""],
      ["b.zip/raw/a.json", '{"a":1}'],
    ]);
    expect(await contents(bytes)).toEqual([
      { name: "README.txt", content: "Read me.\n", isWhole: true },
      { name: "empty", content: "", isWhole: true },
      { name: "raw/a.json", content: '{"a":1}', isWhole: true },
    ]);
  });

  it("does not let any byte of it differ unseen, and says where", async () => {
    const bytes = await bytesOf(entries);
    for (const mask of [0x01, 0x20, 0xff]) {
      for (let at = 0; at < bytes.length; at++) {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ mask;
        const found = await contents(changed).catch((error) => error);
        if (found instanceof ZipFault) expect(found.message).toMatch(/byte|Byte|begin|there twice|is named/);
        else
          expect([at, mask, found.filter((each: { isWhole: boolean }) => !each.isWhole)]).toHaveProperty("2.length", 1);
      }
    }
  });

  it("names the header, the directory entry or the end that was changed", async () => {
    const bytes = await bytesOf(entries);
    const changed = (at: number, value = 0xff) => {
      const copy = Buffer.from(bytes);
      copy[at] = value;
      return contents(copy);
    };
    // The date of the second file, its entry's attributes in the directory, and the comment's length.
    const second = bytes.indexOf("PK\x03\x04", 4, "latin1");
    await expect(changed(second + 12)).rejects.toThrow(
      `Byte ${second + 12} of the zip, in the header of file 2 (empty), is 0xff where a bundle has 0x21.`,
    );
    const listed = bytes.indexOf("PK\x01\x02", bytes.indexOf("PK\x01\x02", 0, "latin1") + 1, "latin1");
    await expect(changed(listed + 38)).rejects.toThrow(
      `Byte ${listed + 38} of the zip, in the directory entry of empty,`,
    );
    await expect(changed(bytes.length - 2)).rejects.toThrow("in the end of the zip, is 0xff where a bundle has 0x00");
  });

  it("takes nothing behind its end, before its beginning or less than all of it", async () => {
    const bytes = await bytesOf(entries);
    await expect(contents(Buffer.concat([bytes, Buffer.from("x")]))).rejects.toThrow("1 bytes stand behind its end");
    await expect(contents(Buffer.concat([Buffer.from("x"), bytes]))).rejects.toThrow(
      "does not begin as a zip file does",
    );
    for (let length = 0; length < bytes.length; length++) {
      await expect(contents(bytes.subarray(0, length))).rejects.toThrow(/cut off|begins/);
    }
    await expect(contents(await bytesOf([...entries, entry("empty", "x")]))).rejects.toThrow("empty is there twice");
  });

  it("breaks off where a file is not what was announced", async () => {
    const other = { ...entry("a", "abc"), crc32: 1 };
    await expect(bytesOf([other])).rejects.toThrow("a changed while the bundle was written");
    await expect(bytesOf([{ ...entry("a", "abc"), sizeBytes: 2 }])).rejects.toThrow("a changed");
  });
});
