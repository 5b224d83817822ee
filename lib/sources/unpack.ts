import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { type Entry, fromBuffer, type ZipFile } from "yauzl";
import type { RawInput } from "../connectors/contract";
import { rawInput } from "../connectors/raw-inputs";
import { SourceError } from "../connectors/source-error";

/** Unpacked, in all: what a person meant is smaller, a bomb is not. */
const MOST_BYTES = 512 * 1024 * 1024;
const MOST_ENTRIES = 2_000;

/**
 * The files in an archived object: itself, or what a gzip or zip holds, told by the first bytes and not by the name; one level
 * deep, folders and hidden files of packers left out, in order of their names. Throws SourceError: PACKED_FILE_BROKEN,
 * PACKED_FILE_LOCKED (a password), PACKED_FILE_TOO_LARGE.
 */
export async function unpack(name: string, contentType: string, bytes: Uint8Array): Promise<RawInput[]> {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    return [rawInput(name.replace(/\.gz$/i, ""), await gunzipped(name, bytes), contentType)];
  }
  const isZip = bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] === 3 || bytes[2] === 5);
  return isZip
    ? unzipped(name, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
    : [rawInput(name, bytes, contentType)];
}

async function gunzipped(name: string, bytes: Uint8Array): Promise<Uint8Array> {
  try {
    return await promisify(gunzip)(bytes, { maxOutputLength: MOST_BYTES });
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge(name);
    throw broken(name, error);
  }
}

async function unzipped(name: string, bytes: Buffer): Promise<RawInput[]> {
  const zip = await promisify<Buffer, ZipFile>((buffer, done) =>
    fromBuffer(buffer, { lazyEntries: true, validateEntrySizes: true }, (error, opened) =>
      done(error, opened as ZipFile),
    ),
  )(bytes).catch((error) => {
    throw broken(name, error);
  });
  if (zip.entryCount > MOST_ENTRIES) throw tooLarge(name);
  const files: { name: string; bytes: Uint8Array }[] = [];
  let left = MOST_BYTES;
  for (const entry of await entriesOf(name, zip)) {
    if (!isFile(entry)) continue;
    if (entry.isEncrypted()) {
      throw new SourceError("PACKED_FILE_LOCKED", `${name} is a zip file with a password: put it there without one.`, {
        isRetryable: false,
      });
    }
    // The announced size is the packer's word; what really comes out is counted below.
    if (entry.uncompressedSize > left) throw tooLarge(name);
    const content = await contentOf(name, zip, entry, left);
    left -= content.byteLength;
    files.push({ name: entry.fileName, bytes: content });
  }
  if (files.length === 0) throw broken(name, undefined, "holds no file");
  files.sort((a, b) => (a.name < b.name ? -1 : 1));
  return files.map((file) => rawInput(`${name}/${file.name}`, file.bytes));
}

function entriesOf(name: string, zip: ZipFile): Promise<Entry[]> {
  return new Promise((resolve, reject) => {
    const entries: Entry[] = [];
    zip.on("entry", (entry: Entry) => {
      entries.push(entry);
      zip.readEntry();
    });
    zip.once("end", () => resolve(entries));
    zip.once("error", (error) => reject(broken(name, error)));
    zip.readEntry();
  });
}

async function contentOf(name: string, zip: ZipFile, entry: Entry, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    const stream = await promisify(
      zip.openReadStream.bind(zip) as (
        entry: Entry,
        done: (error: Error | null, stream: NodeJS.ReadableStream) => void,
      ) => void,
    )(entry);
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      size += chunk.byteLength;
      if (size > limit) throw tooLarge(name);
      chunks.push(chunk);
    }
  } catch (error) {
    throw error instanceof SourceError ? error : broken(name, error);
  }
  return Buffer.concat(chunks);
}

function isFile({ fileName }: Entry): boolean {
  return !fileName.endsWith("/") && !fileName.startsWith("__MACOSX/") && !/(^|\/)\./.test(fileName);
}

function broken(name: string, cause: unknown, what = "is cut or broken"): SourceError {
  return new SourceError("PACKED_FILE_BROKEN", `${name} ${what} and cannot be unpacked: upload it again.`, {
    isRetryable: false,
    cause,
  });
}

function tooLarge(name: string): SourceError {
  return new SourceError(
    "PACKED_FILE_TOO_LARGE",
    `${name} unpacks to more than ${MOST_BYTES / 1024 ** 2} MB or ${MOST_ENTRIES} files: split it.`,
    { isRetryable: false },
  );
}
