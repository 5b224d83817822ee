import { createReadStream } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import {
  DIRECTORY_LENGTH,
  DIRECTORY_SIGNATURE,
  directoryEntry,
  type EntryHead,
  endRecord,
  LOCAL_LENGTH,
  LOCAL_SIGNATURE,
  localHeader,
  MOST_ENTRIES,
} from "./zip-form";

/** A file in the bundle. */
export interface StoredEntry extends EntryHead {
  /** Of its first byte in the zip. */
  dataOffset: number;
  chunks(): AsyncIterable<Uint8Array>;
}

/** The zip is not written as bundles are. `place` names the part, `message` is a sentence. */
export class ZipFault extends Error {
  override name = "ZipFault";
  constructor(
    readonly place: string,
    message: string,
  ) {
    super(message);
  }
}

/**
 * The entries of a zip in the form of `zip-form.ts`; every byte beside their contents is compared with what that form says. Throws ZipFault at the
 * first that differs. Contents are not read here.
 */
export async function readZip(path: string, file: FileHandle): Promise<StoredEntry[]> {
  const { size } = await file.stat();
  const entries: StoredEntry[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (;;) {
    const what = after(entries);
    const start = await read(file, offset, 4, size, what);
    if (start.readUInt32LE() === DIRECTORY_SIGNATURE && entries.length > 0) break;
    if (start.readUInt32LE() !== LOCAL_SIGNATURE) throw noEntryAt(entries, offset);
    if (entries.length === MOST_ENTRIES) throw new ZipFault("the zip", "It has more files than a bundle can have.");
    const entry = await readEntry(path, file, offset, size, entries.length);
    if (entries.some(({ name }) => name === entry.name)) {
      throw new ZipFault(entry.name, `${entry.name} is there twice.`);
    }
    directory.push(directoryEntry(entry, offset));
    entries.push(entry);
    offset = entry.dataOffset + entry.sizeBytes;
  }
  await compareDirectory(file, { entries, directory, offset, size });
  return entries;
}

function after(entries: readonly StoredEntry[]): string {
  const last = entries.at(-1);
  return last ? `what follows ${last.name}` : "the zip's beginning";
}

async function readEntry(
  path: string,
  file: FileHandle,
  offset: number,
  size: number,
  index: number,
): Promise<StoredEntry> {
  const place = `header of file ${index + 1}`;
  const fixed = await read(file, offset, LOCAL_LENGTH, size, place);
  const nameLength = fixed.readUInt16LE(26);
  const header = await read(file, offset, LOCAL_LENGTH + nameLength, size, place);
  const name = header.toString("latin1", LOCAL_LENGTH);
  const head = { name, crc32: header.readUInt32LE(14), sizeBytes: header.readUInt32LE(22) };
  const shown = `${place} (${printable(name)})`;
  compare(header, localHeader(head), offset, shown);
  const dataOffset = offset + header.length;
  const end = dataOffset + head.sizeBytes;
  if (end > size) {
    const message = `The zip ends at byte ${size}, within ${printable(name)}, which would end at byte ${end}: it is cut off, or the size in the header of ${printable(name)} was changed.`;
    throw new ZipFault(printable(name), message);
  }
  const chunks = () =>
    head.sizeBytes === 0
      ? nothing()
      : createReadStream(path, { start: dataOffset, end: end - 1, highWaterMark: CHUNK });
  return { ...head, dataOffset, chunks };
}

const CHUNK = 256 * 1024;

async function* nothing(): AsyncGenerator<Uint8Array> {
  yield* [];
}

interface Directory {
  entries: readonly StoredEntry[];
  /** As it must be. */
  directory: readonly Buffer[];
  offset: number;
  size: number;
}

async function compareDirectory(file: FileHandle, { entries, directory, offset, size }: Directory): Promise<void> {
  let at = offset;
  for (const [index, expected] of directory.entries()) {
    const place = `directory entry of ${printable(entries[index]?.name ?? "")}`;
    const found = await read(file, at, Math.min(expected.length, Math.max(0, size - at)), size, place);
    compareNames(found, expected, index);
    compare(found, expected, at, place);
    at += expected.length;
  }
  const end = endRecord(entries.length, at - offset, offset);
  const rest = await read(file, at, Math.min(end.length, Math.max(0, size - at)), size, "end of the zip");
  compare(rest, end, at, "end of the zip");
  if (size > at + end.length) {
    throw new ZipFault(
      "end of the zip",
      `${size - at - end.length} bytes stand behind its end, at byte ${at + end.length}.`,
    );
  }
}

/** Where header and directory differ in nothing but the name, nobody knows which of both was changed. */
function compareNames(found: Buffer, expected: Buffer, index: number): void {
  const [fields, name] = [found.subarray(0, DIRECTORY_LENGTH), found.toString("latin1", DIRECTORY_LENGTH)];
  const inHeader = expected.toString("latin1", DIRECTORY_LENGTH);
  if (!fields.equals(expected.subarray(0, DIRECTORY_LENGTH)) || name.length < inHeader.length || name === inHeader)
    return;
  const message = `File ${index + 1} is named ${printable(inHeader)} in its header, and ${printable(name)} in the zip's directory.`;
  throw new ZipFault(`name of file ${index + 1}`, message);
}

function compare(found: Buffer, expected: Buffer, offset: number, place: string): void {
  if (found.equals(expected)) return;
  const at = expected.findIndex((byte, index) => byte !== found[index]);
  if (at >= found.length)
    throw new ZipFault(place, `The zip ends at byte ${offset + found.length}, in the ${place}: it is cut off.`);
  const hex = (byte = 0) => `0x${byte.toString(16).padStart(2, "0")}`;
  throw new ZipFault(
    place,
    `Byte ${offset + at} of the zip, in the ${place}, is ${hex(found[at])} where a bundle has ${hex(expected[at])}.`,
  );
}

function noEntryAt(entries: readonly StoredEntry[], offset: number): ZipFault {
  const last = entries.at(-1);
  if (!last) return new ZipFault("the zip's beginning", "This does not begin as a zip file does.");
  const name = printable(last.name);
  const message = `At byte ${offset}, behind ${name}, neither another file nor the zip's directory begins: what stands there was changed, or the size in the header of ${name}.`;
  return new ZipFault(`what follows ${name}`, message);
}

async function read(file: FileHandle, offset: number, length: number, size: number, place: string): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  const { bytesRead } = length === 0 ? { bytesRead: 0 } : await file.read(bytes, 0, length, offset);
  if (bytesRead === length) return bytes;
  throw new ZipFault(place, `The zip ends at byte ${size}, in the ${place}: it is cut off.`);
}

/** A name may be anything once a byte of it was changed. */
function printable(name: string): string {
  return name.replaceAll(/[^\x20-\x7e]/g, "?").slice(0, 200);
}
