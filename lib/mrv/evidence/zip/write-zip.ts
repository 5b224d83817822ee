import { crc32 } from "node:zlib";
import { directoryEntry, type EntryHead, endRecord, localHeader } from "./zip-form";

export interface ZipEntry extends EntryHead {
  chunks(): AsyncIterable<Uint8Array>;
}

/** The zip's bytes, each entry read when its turn comes. Throws where an entry is not what its head says, before its end. */
export async function* zipped(entries: readonly ZipEntry[]): AsyncGenerator<Uint8Array> {
  const directory: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const header = localHeader(entry);
    directory.push(directoryEntry(entry, offset));
    yield header;
    yield* checked(entry);
    offset += header.length + entry.sizeBytes;
  }
  const listing = Buffer.concat(directory);
  yield Buffer.concat([listing, endRecord(entries.length, listing.length, offset)]);
}

async function* checked({ name, sizeBytes, crc32: expected, chunks }: ZipEntry): AsyncGenerator<Uint8Array> {
  let sum = 0;
  let size = 0;
  for await (const chunk of chunks()) {
    sum = crc32(chunk, sum);
    size += chunk.byteLength;
    if (size > sizeBytes) break;
    yield chunk;
  }
  if (size !== sizeBytes || sum !== expected) throw new Error(`${name} changed while the bundle was written.`);
}
