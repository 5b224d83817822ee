import { createHash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { crc32 } from "node:zlib";
import type { PackedFile } from "../../../sources/unpack";
import { fileNames, HASHES, hashesText, type SubmissionDocument } from "../bundle/documents";
import type { EvidenceManifest } from "../manifest";
import { readZip, type StoredEntry } from "../zip/read-zip";
import { counted, Differences, type Step } from "./report";

/** A file of the bundle, read once for its checksums. */
export interface ReadEntry extends StoredEntry {
  sha256: string;
}

/** An opened bundle; files are read when they are asked for. */
export class Bundle {
  private readonly byName: Map<string, ReadEntry>;

  constructor(readonly entries: readonly ReadEntry[]) {
    this.byName = new Map(entries.map((entry) => [entry.name, entry]));
  }

  /** Throws an Error with a sentence where there is no such file. */
  entry(name: string): ReadEntry {
    const entry = this.byName.get(name);
    if (!entry) throw new Error(`${name} is not in the bundle.`);
    return entry;
  }

  has(name: string): boolean {
    return this.byName.has(name);
  }

  async bytes(name: string): Promise<Buffer> {
    const parts: Uint8Array[] = [];
    for await (const chunk of this.entry(name).chunks()) parts.push(chunk);
    return Buffer.concat(parts);
  }

  async text(name: string): Promise<string> {
    return (await this.bytes(name)).toString("utf8");
  }

  /** Its shape is the caller's word: what is wrong with it shows in the check that uses it. */
  async json<T>(name: string): Promise<T> {
    const text = await this.text(name);
    try {
      return JSON.parse(text);
    } catch {
      throw new Error(`${name} is no JSON.`);
    }
  }

  packed(name: string, asName: string, contentType: string): PackedFile {
    const { sizeBytes, chunks } = this.entry(name);
    return { name: asName, contentType, sizeBytes, chunks };
  }
}

/** Throws ZipFault where the zip is not one of ours; what is wrong with the files' checksums is in the step. */
export async function openBundle(path: string, file: FileHandle): Promise<{ bundle: Bundle; step: Step }> {
  const differences = new Differences();
  const entries: ReadEntry[] = [];
  for (const entry of await readZip(path, file)) {
    const hash = createHash("sha256");
    let sum = 0;
    for await (const chunk of entry.chunks()) {
      hash.update(chunk);
      sum = crc32(chunk, sum);
    }
    if (sum !== entry.crc32) {
      differences.add(
        entry.name,
        "Its bytes do not have the CRC-32 that the zip says of them: one of both was changed.",
      );
    }
    entries.push({ ...entry, sha256: hash.digest("hex") });
  }
  const bytes = entries.reduce((total, { sizeBytes }) => total + sizeBytes, 0);
  const sentence = `${counted(entries.length, "file")} of ${counted(bytes, "byte")}; headers, directory and end are byte for byte those of a bundle.`;
  return { bundle: new Bundle(entries), step: differences.step("Zip file", sentence) };
}

/** `hashes.txt` against the files, and the files against what a bundle of this record has. */
export async function checkHashes(bundle: Bundle): Promise<Step> {
  const differences = new Differences();
  const files = bundle.entries.filter(({ name }) => name !== HASHES);
  const found = await bundle.text(HASHES);
  if (found !== hashesText(files)) compareHashes(found, files, differences);
  if (bundle.entries.at(-1)?.name !== HASHES) differences.add(HASHES, "It is not the last file.");
  return differences.step("Hashes", `${counted(files.length, "file")} with the SHA-256 of ${HASHES}.`);
}

function compareHashes(text: string, files: readonly ReadEntry[], differences: Differences): void {
  const lines = text.split("\n");
  const listed = new Map<string, string>();
  for (const [index, line] of lines.entries()) {
    const [, sha256 = "", name = ""] = /^([0-9a-f]{64}) {2}([\x21-\x7e]+)$/.exec(line) ?? [];
    if (name && !listed.has(name)) listed.set(name, sha256);
    else if (line !== "" || index < lines.length - 1) {
      differences.add(HASHES, `Line ${index + 1} is no line of it: a hash and the name of a file, each once.`);
    }
  }
  if (!text.endsWith("\n")) differences.add(HASHES, "Its last line does not end.");
  for (const { name, sha256 } of files) {
    const expected = listed.get(name);
    if (expected === undefined) differences.add(HASHES, `It does not list ${name}.`);
    else if (expected !== sha256) differences.add(name, `It has SHA-256 ${sha256}, and ${expected} in ${HASHES}.`);
    listed.delete(name);
  }
  for (const name of listed.keys()) differences.add(HASHES, `It lists ${name}, which is not in the bundle.`);
  if (!differences.any) differences.add(HASHES, "Its lines are not in the order of the files.");
}

/** Whether the bundle has the files that a record with this evidence has, no other, in their order. */
export function checkFiles(
  bundle: Bundle,
  manifest: EvidenceManifest,
  submissions: readonly SubmissionDocument[],
  isSigned: boolean,
): Step {
  const differences = new Differences();
  const expected = [...fileNames(manifest, submissions, isSigned), HASHES];
  const wanted = new Set(expected);
  for (const name of expected) if (!bundle.has(name)) differences.add(name, "It is missing.");
  for (const { name } of bundle.entries) {
    if (!wanted.has(name)) differences.add(name, "A bundle of this record has no such file.");
  }
  if (!differences.any && bundle.entries.some(({ name }, index) => name !== expected[index])) {
    differences.add("order of the files", "They do not stand in the order of a bundle.");
  }
  return differences.step(
    "Files",
    `${counted(expected.length, "file")}, each that belongs to the record, and no other.`,
  );
}
