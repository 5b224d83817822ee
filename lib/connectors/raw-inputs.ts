import type { RawInput } from "./contract";
import { linesOf } from "./lines";
import { SourceError } from "./source-error";

const CHUNK_BYTES = 256 * 1024;
/** What is read as a whole is parsed as a whole (JSON), and takes several times its size in memory. */
const MOST_WHOLE_BYTES = 256 * 1024 * 1024;

/** Bytes in memory as a RawInput: for tests, and for what is small or held anyway. */
export function rawInput(
  name: string,
  content: string | Uint8Array,
  contentType = "application/octet-stream",
): RawInput {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return {
    ...streamedInput(name, contentType, async function* () {
      for (let at = 0; at < bytes.length; at += CHUNK_BYTES) yield bytes.subarray(at, at + CHUNK_BYTES);
    }),
    bytes: async () => bytes,
  };
}

/** A RawInput whose bytes are read when they are asked for; `open` is called for each reading of them. */
export function streamedInput(name: string, contentType: string, open: () => AsyncIterable<Uint8Array>): RawInput {
  return {
    name,
    contentType,
    chunks: open,
    lines: () => linesOf(name, open()),
    bytes: () => wholeOf(name, open()),
  };
}

async function wholeOf(name: string, chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.byteLength;
    if (size > MOST_WHOLE_BYTES) {
      const what = `${name} has more than ${MOST_WHOLE_BYTES / 1024 ** 2} MB, which its format needs in memory: split it.`;
      throw new SourceError("FILE_TOO_LARGE", what, { isRetryable: false });
    }
    parts.push(chunk);
  }
  return parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
}
