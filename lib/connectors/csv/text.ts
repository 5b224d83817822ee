import { asciiText, isAscii } from "../ascii";
import type { RawInput } from "../contract";
import { SourceError } from "../source-error";
import type { CsvSettings } from "./settings";

export type Encoding = Exclude<CsvSettings["encoding"], "auto">;

/** So much of a file decides on its encoding and delimiter. */
export const HEAD_BYTES = 64 * 1024;

/** Bytes that windows-1252 has no character for. */
const UNDEFINED_BYTES = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d]);

/**
 * A file's text in pieces, without a byte order mark; the first is its head. Throws SourceError: `NOT_TEXT` for binary content and for bytes that are
 * not of the encoding, `CUT_BODY` where it ends within a character.
 */
export async function* decodedText(input: RawInput, asked: CsvSettings["encoding"]): AsyncGenerator<string> {
  let head: Uint8Array | undefined = new Uint8Array();
  let decode: Decode | undefined;
  for await (const chunk of input.chunks()) {
    if (decode) {
      yield decode(chunk, true);
      continue;
    }
    head = Buffer.concat([head ?? new Uint8Array(), chunk]);
    if (head.length < HEAD_BYTES) continue;
    decode = decoderOf(input.name, asked === "auto" ? encodingOf(input.name, head) : asked);
    yield decode(head, true);
    head = undefined;
  }
  decode ??= decoderOf(input.name, asked === "auto" ? encodingOf(input.name, head ?? new Uint8Array()) : asked);
  if (head) yield decode(head, true);
  yield decode(new Uint8Array(), false);
}

/**
 * A byte order mark decides, then whether the beginning is UTF-8, then whether it can be windows-1252. A file whose first letter beyond ASCII comes
 * later and is none of UTF-8 is refused there: the settings then have to name the encoding.
 */
export function encodingOf(name: string, beginning: Uint8Array): Encoding {
  // The same for a file however it comes in pieces.
  const head = beginning.subarray(0, HEAD_BYTES);
  if (head[0] === 0xff && head[1] === 0xfe) return "utf-16le";
  if (head[0] === 0xfe && head[1] === 0xff) return "utf-16be";
  if (head.some((byte) => byte < 9 || (byte > 13 && byte < 32 && byte !== 26))) {
    throw notText(name, "is no text (it has control characters), so it is no CSV file");
  }
  if (isUtf8(head)) return "utf-8";
  if (head.some((byte) => UNDEFINED_BYTES.has(byte))) throw notText(name, "is neither UTF-8 nor windows-1252 text");
  return "windows-1252";
}

type Decode = (bytes: Uint8Array, isMore: boolean) => string;

/** Decoding takes several times as long as looking whether all is ASCII, and most files are. */
function decoderOf(name: string, encoding: Encoding): Decode {
  const decoder = new TextDecoder(encoding, { fatal: true });
  let isPlain = encoding === "utf-8" || encoding === "windows-1252";
  return (bytes, isMore) => {
    isPlain &&= isAscii(bytes);
    if (isPlain) return asciiText(bytes);
    try {
      return decoder.decode(bytes, { stream: isMore });
    } catch (cause) {
      if (isMore)
        throw notText(name, `holds bytes that are no ${encoding} text: name its encoding in the settings`, cause);
      const what = "ends in the middle of a character: the file was cut off. Supply it again";
      throw new SourceError("CUT_BODY", `${name} ${what}.`, { isRetryable: false, cause });
    }
  };
}

/** As far as it goes: the head can end within a character. */
function isUtf8(head: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(head, { stream: true });
    return true;
  } catch {
    return false;
  }
}

function notText(name: string, what: string, cause?: unknown): SourceError {
  return new SourceError("NOT_TEXT", `${name} ${what}.`, { isRetryable: false, cause });
}
