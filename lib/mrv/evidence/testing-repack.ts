import { open } from "node:fs/promises";
import { crc32 } from "node:zlib";
import { sha256Hex } from "../../secrets";
import { HASHES, hashesText } from "./bundle/documents";
import { heldFile } from "./bundle/files";
import { onDisk } from "./testing";
import { readZip, type StoredEntry } from "./zip/read-zip";
import { zipped } from "./zip/write-zip";

/** What somebody makes of a bundle who knows how it is made. */

export async function entriesOf(bundle: Uint8Array): Promise<(StoredEntry & { content: Buffer })[]> {
  const path = await onDisk("entries.zip", bundle);
  const file = await open(path);
  try {
    const found = [];
    for (const entry of await readZip(path, file)) {
      const content = Buffer.from(bundle.subarray(entry.dataOffset, entry.dataOffset + entry.sizeBytes));
      if (crc32(content) !== entry.crc32) throw new Error(`${entry.name} is broken already.`);
      found.push({ ...entry, content });
    }
    return found;
  } finally {
    await file.close();
  }
}

export type Files = Map<string, string>;

/** A bundle with other files, its hashes and its zip made anew, so that only what is said in it can tell. */
export async function repacked(bundle: Uint8Array, change: (files: Files) => void): Promise<Buffer> {
  const files: Files = new Map(
    (await entriesOf(bundle)).map(({ name, content }) => [name, content.toString("latin1")]),
  );
  files.delete(HASHES);
  change(files);
  const made = [...files].map(([name, content]) => heldFile(name, Buffer.from(content, "latin1")));
  const parts: Uint8Array[] = [];
  for await (const part of zipped([...made, heldFile(HASHES, hashesText(made))])) parts.push(part);
  return Buffer.concat(parts);
}

/** The manifest with a change, its hash in the record too. */
export function changeManifest(files: Files, change: (text: string) => string): void {
  const before = files.get("manifest.json") ?? "";
  const after = change(before);
  if (after === before) throw new Error("Nothing was changed in the manifest.");
  const hash = (text: string) => sha256Hex(Buffer.from(text, "latin1"));
  files.set("manifest.json", after);
  replaceIn(files, "record.json", hash(before), hash(after));
}

export function replaceIn(files: Files, name: string, from: string | RegExp, to: string): void {
  const before = files.get(name) ?? "";
  const after = before.replace(from, to);
  if (after === before) throw new Error(`Nothing was changed in ${name}.`);
  files.set(name, after);
}
