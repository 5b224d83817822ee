import type { Transform } from "node:stream";
import { constants, createGunzip, createInflateRaw } from "node:zlib";
import { SourceError } from "../connectors/source-error";

/** What the beginning of a file holds, unpacked as far as it goes. */
export interface FirstBytes {
  bytes: Uint8Array;
  /** Of a zip the first file's name; null where nothing was packed so. */
  entry: string | null;
  /** Whether something may follow what is here. */
  isBeginning: boolean;
}

/**
 * The first bytes of what a file holds, from the first bytes of the file: gzip and the first file of a zip are unpacked, at most to
 * `most`. A whole zip has its list of files at the end, so `withUnpacked` cannot read a beginning. Throws SourceError
 * PACKED_FILE_BROKEN, PACKED_FILE_LOCKED.
 */
export async function firstBytes(packed: Uint8Array, most: number, isWhole: boolean): Promise<FirstBytes> {
  if (packed[0] === 0x1f && packed[1] === 0x8b) {
    const unpacking = createGunzip({ finishFlush: constants.Z_SYNC_FLUSH });
    const bytes = await inflated(unpacking, packed, most);
    return { bytes, entry: null, isBeginning: !isWhole || bytes.length >= most };
  }
  if (packed[0] !== 0x50 || packed[1] !== 0x4b || packed[2] !== 3) {
    return { bytes: packed.subarray(0, most), entry: null, isBeginning: !isWhole || packed.length > most };
  }
  const { name, method, data } = firstEntry(packed);
  if (method === 0) return { bytes: data.subarray(0, most), entry: name, isBeginning: true };
  if (method !== 8) throw broken("is packed in a way that is not read");
  const unpacking = createInflateRaw({ finishFlush: constants.Z_SYNC_FLUSH });
  const bytes = await inflated(unpacking, data, most);
  return { bytes, entry: name, isBeginning: !isWhole || bytes.length >= most };
}

/** Local file headers stand before each file's bytes (APPNOTE 4.3.7); folders have no bytes. */
function firstEntry(zip: Uint8Array): { name: string; method: number; data: Uint8Array } {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  for (let at = 0; at + 30 <= zip.length && view.getUint32(at, true) === 0x04034b50; ) {
    if ((view.getUint16(at + 6, true) & 1) === 1) {
      throw new SourceError("PACKED_FILE_LOCKED", "The file is a zip file with a password.", { isRetryable: false });
    }
    const nameEnd = at + 30 + view.getUint16(at + 26, true);
    const start = nameEnd + view.getUint16(at + 28, true);
    const name = new TextDecoder().decode(zip.subarray(at + 30, nameEnd));
    if (!name.endsWith("/")) return { name, method: view.getUint16(at + 8, true), data: zip.subarray(start) };
    at = start;
  }
  throw broken("is a zip file without a readable first file");
}

async function inflated(unpacking: Transform, packed: Uint8Array, most: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  unpacking.end(packed);
  try {
    for await (const part of unpacking) {
      parts.push(part);
      size += part.byteLength;
      if (size >= most) break;
    }
  } catch (cause) {
    throw broken("is cut or broken and cannot be unpacked", cause);
  }
  return Buffer.concat(parts).subarray(0, most);
}

function broken(what: string, cause?: unknown): SourceError {
  return new SourceError("PACKED_FILE_BROKEN", `The file ${what}.`, { isRetryable: false, cause });
}
