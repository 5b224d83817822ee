import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { type Entry, openPromise, type ZipFile } from "yauzl";
import { withSpooled } from "../archive/spool";
import type { RawInput } from "../connectors/contract";
import { rawInput, streamedInput } from "../connectors/raw-inputs";
import { SourceError } from "../connectors/source-error";

/** Unpacked, in all: what a person meant is smaller, a bomb is not. */
const MOST_BYTES = 4 * 1024 * 1024 * 1024;
const MOST_ENTRIES = 2_000;
/** What is smaller is read once and held. */
const HELD_BYTES = 1024 * 1024;

/** A file as it is kept. `chunks` can be read again and again; it throws at its end at the latest if the bytes are not those that were kept. */
export interface PackedFile {
  name: string;
  contentType: string;
  sizeBytes: number;
  chunks(): AsyncIterable<Uint8Array>;
}

/**
 * Runs `use` with what is in the files: themselves, or what a gzip or zip holds, told by the first bytes and not by the name; one level deep, folders
 * and hidden files of packers left out, in order of their names. Nothing large is held in memory: bytes are read while `use` reads them, a
 * zip from a temporary file that is gone afterwards. Throws SourceError, also while they are read: PACKED_FILE_BROKEN, PACKED_FILE_LOCKED
 * (a password), PACKED_FILE_TOO_LARGE.
 */
export async function withUnpacked<T>(
  files: readonly PackedFile[],
  use: (inputs: RawInput[]) => Promise<T>,
  before: readonly RawInput[] = [],
): Promise<T> {
  const [first, ...others] = files;
  if (!first) return use([...before]);
  const next = (inputs: readonly RawInput[]) => withUnpacked(others, use, [...before, ...inputs]);
  const file = first.sizeBytes <= HELD_BYTES ? await held(first) : first;
  const { name, contentType } = file;
  const start = await startOf(file);
  if (start[0] === 0x1f && start[1] === 0x8b) {
    return next([streamedInput(name.replace(/\.gz$/i, ""), contentType, () => gunzipped(file))]);
  }
  const isZip = start[0] === 0x50 && start[1] === 0x4b && (start[2] === 3 || start[2] === 5);
  if (!isZip) return next([streamedInput(name, contentType, () => file.chunks())]);
  return withSpooled(file.chunks(), async ({ path }) => {
    const zip = await openPromise(path, { lazyEntries: true, validateEntrySizes: true, autoClose: false }).catch(
      (error) => {
        throw broken(name, error);
      },
    );
    try {
      return await next(await unzipped(name, zip));
    } finally {
      zip.close();
    }
  });
}

/** Bytes in memory as a file. */
export function packedFile(name: string, contentType: string, bytes: Uint8Array): PackedFile {
  return { name, contentType, sizeBytes: bytes.byteLength, chunks: () => rawInput(name, bytes).chunks() };
}

async function held(file: PackedFile): Promise<PackedFile> {
  const parts: Uint8Array[] = [];
  for await (const chunk of file.chunks()) parts.push(chunk);
  return packedFile(file.name, file.contentType, parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts));
}

async function startOf(file: PackedFile): Promise<Uint8Array> {
  for await (const chunk of file.chunks()) if (chunk.byteLength >= 3) return chunk.subarray(0, 3);
  return new Uint8Array();
}

async function* gunzipped({ name, chunks }: PackedFile): AsyncGenerator<Uint8Array> {
  const unpacking = createGunzip();
  let failure: unknown;
  const packed = Readable.from(chunks(), { objectMode: false });
  packed.on("error", (error) => {
    failure = error;
    unpacking.destroy(error);
  });
  packed.pipe(unpacking);
  try {
    yield* limited(name, unpacking, { left: MOST_BYTES });
  } catch (error) {
    // What the archive says of its bytes comes before what they look like.
    throw failure ?? (error instanceof SourceError ? error : broken(name, error));
  } finally {
    packed.destroy();
    unpacking.destroy();
  }
}

async function unzipped(name: string, zip: ZipFile): Promise<RawInput[]> {
  if (zip.entryCount > MOST_ENTRIES) throw tooLarge(name);
  const entries: Entry[] = [];
  const limit = { left: MOST_BYTES };
  let announced = 0;
  for (const entry of await entriesOf(name, zip)) {
    if (!isFile(entry)) continue;
    if (entry.isEncrypted()) {
      throw new SourceError("PACKED_FILE_LOCKED", `${name} is a zip file with a password: put it there without one.`, {
        isRetryable: false,
      });
    }
    // The announced size is the packer's word; what really comes out is counted while it is read.
    announced += entry.uncompressedSize;
    if (announced > MOST_BYTES) throw tooLarge(name);
    entries.push(entry);
  }
  if (entries.length === 0) throw broken(name, undefined, "holds no file");
  entries.sort((a, b) => (a.fileName < b.fileName ? -1 : 1));
  return entries.map((entry) =>
    streamedInput(`${name}/${entry.fileName}`, "application/octet-stream", () => contentOf(name, zip, entry, limit)),
  );
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

async function* contentOf(
  name: string,
  zip: ZipFile,
  entry: Entry,
  limit: { left: number },
): AsyncGenerator<Uint8Array> {
  try {
    yield* limited(name, await zip.openReadStreamPromise(entry), limit);
  } catch (error) {
    throw error instanceof SourceError ? error : broken(name, error);
  }
}

async function* limited(
  name: string,
  chunks: AsyncIterable<Uint8Array>,
  limit: { left: number },
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    limit.left -= chunk.byteLength;
    if (limit.left < 0) throw tooLarge(name);
    yield chunk;
  }
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
    `${name} unpacks to more than ${MOST_BYTES / 1024 ** 3} GB or ${MOST_ENTRIES} files: split it.`,
    { isRetryable: false },
  );
}
