/**
 * The one form in which bundles are zipped: entries stored (not deflated), one after another, dated 1980-01-01, without extra fields and comments. The same
 * entries are the same bytes, so that a reader can say of every byte what it must be. Names are ASCII.
 */
export interface EntryHead {
  name: string;
  sizeBytes: number;
  crc32: number;
}

export const LOCAL_SIGNATURE = 0x04034b50;
export const DIRECTORY_SIGNATURE = 0x02014b50;
export const LOCAL_LENGTH = 30;
export const DIRECTORY_LENGTH = 46;
const END_LENGTH = 22;

/** Beyond it a zip has another form, which not every program reads. */
export const MOST_BYTES = 0xffff_ffff;
export const MOST_ENTRIES = 0xffff;

const VERSION = 20;
/** 1980-01-01, the earliest that a zip can say. */
const DATE = 0x0021;

/** What version, flags, method, time, date and sizes are, in both headers alike. */
function fields({ sizeBytes, crc32, name }: EntryHead): Buffer {
  const bytes = Buffer.alloc(26);
  bytes.writeUInt16LE(VERSION, 0);
  bytes.writeUInt16LE(DATE, 8);
  bytes.writeUInt32LE(crc32, 10);
  bytes.writeUInt32LE(sizeBytes, 14);
  bytes.writeUInt32LE(sizeBytes, 18);
  bytes.writeUInt16LE(name.length, 22);
  return bytes;
}

export function localHeader(entry: EntryHead): Buffer {
  return Buffer.concat([signature(LOCAL_SIGNATURE), fields(entry), Buffer.from(entry.name, "latin1")]);
}

/** `offset` of the entry's local header. */
export function directoryEntry(entry: EntryHead, offset: number): Buffer {
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE(offset, 10);
  const version = Buffer.from([VERSION, 0]);
  return Buffer.concat([
    signature(DIRECTORY_SIGNATURE),
    version,
    fields(entry),
    rest,
    Buffer.from(entry.name, "latin1"),
  ]);
}

export function endRecord(entries: number, directoryBytes: number, directoryOffset: number): Buffer {
  const bytes = Buffer.alloc(END_LENGTH);
  bytes.writeUInt32LE(0x06054b50, 0);
  bytes.writeUInt16LE(entries, 8);
  bytes.writeUInt16LE(entries, 10);
  bytes.writeUInt32LE(directoryBytes, 12);
  bytes.writeUInt32LE(directoryOffset, 16);
  return bytes;
}

/** Of the whole file. */
export function zipSize(entries: readonly EntryHead[]): number {
  return entries.reduce(
    (sum, { name, sizeBytes }) => sum + LOCAL_LENGTH + DIRECTORY_LENGTH + 2 * name.length + sizeBytes,
    END_LENGTH,
  );
}

function signature(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
