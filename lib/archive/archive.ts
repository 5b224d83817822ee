/**
 * Where raw and transformed bytes are kept: objects that never change, named by key, checked by SHA-256 on every read.
 * Keys are `/`-separated, of `[A-Za-z0-9._=-]` segments; `..`, empty segments and a leading slash are refused.
 */
export interface StoredObject {
  key: string;
  sizeBytes: number;
  /** Lower-case hex. */
  sha256: string;
}

export type ObjectKey = string | ((sha256: string) => string);

export interface Archive {
  /** `file:` or `s3://…`, without secrets; for health and settings pages. */
  readonly address: string;
  /**
   * Writes once, atomically and durably. The same bytes under the same key again is no error (`isNew` false); other
   * bytes under an existing key throw ObjectExists. A key can be made from the bytes' SHA-256, which is computed once.
   */
  put(key: ObjectKey, bytes: Uint8Array, contentType: string): Promise<StoredObject & { isNew: boolean }>;
  /** Streams in; for bodies too large for memory. */
  putStream(
    key: string,
    chunks: AsyncIterable<Uint8Array>,
    contentType: string,
  ): Promise<StoredObject & { isNew: boolean }>;
  /** Whole object, checksum verified against `sha256`; throws ObjectNotFound or ChecksumMismatch. */
  get(key: string, sha256: string): Promise<Uint8Array>;
  /** Streamed; ChecksumMismatch is thrown at the end at the latest. */
  getStream(key: string, sha256: string): AsyncIterable<Uint8Array>;
  /** Keys under a prefix, in order, all pages. */
  list(prefix: string): AsyncIterable<{ key: string; sizeBytes: number }>;
  /** Reads and writes a probe; throws ArchiveUnavailable with a sentence that says what to do. */
  check(): Promise<void>;
}

export class ArchiveError extends Error {
  override name = "ArchiveError";
}
export class ObjectNotFound extends ArchiveError {}
export class ObjectExists extends ArchiveError {}
export class ChecksumMismatch extends ArchiveError {}
/** Full disk, no permission, no such bucket, unreachable endpoint, …: the message says which and what to do. */
export class ArchiveUnavailable extends ArchiveError {}
