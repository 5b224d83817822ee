import type { RawInput } from "../contract";
import { SourceError } from "../source-error";

/** The parser looks at the size of what it has gathered once for each piece it is given. */
const PIECE_CHARACTERS = 32 * 1024;
const DECLARATION_BYTES = 200;

const ENCODINGS: Record<string, string | undefined> = {
  "utf-8": "utf-8",
  utf8: "utf-8",
  "us-ascii": "utf-8",
  ascii: "utf-8",
  "iso-8859-1": "windows-1252",
  latin1: "windows-1252",
  "windows-1252": "windows-1252",
};

/**
 * A document's text in pieces, in the encoding that its byte order mark or its declaration names, else UTF-8. Throws SourceError
 * `NOT_TEXT` for any other encoding and for bytes that are none of it.
 */
export async function* decodedXml(input: RawInput): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined;
  let head: Uint8Array = new Uint8Array();
  for await (const chunk of input.chunks()) {
    let bytes = chunk;
    if (!decoder) {
      bytes = head = Buffer.concat([head, chunk]);
      if (head.length < DECLARATION_BYTES) continue;
      decoder = decoderOf(input.name, head);
    }
    yield* pieces(decode(input.name, decoder, bytes, true));
  }
  if (!decoder) {
    decoder = decoderOf(input.name, head);
    yield* pieces(decode(input.name, decoder, head, true));
  }
  yield* pieces(decode(input.name, decoder, new Uint8Array(), false));
}

function decoderOf(name: string, head: Uint8Array): TextDecoder {
  if (head[0] === 0xff && head[1] === 0xfe) return new TextDecoder("utf-16le", { fatal: true });
  if (head[0] === 0xfe && head[1] === 0xff) return new TextDecoder("utf-16be", { fatal: true });
  const start = Buffer.from(head.subarray(0, DECLARATION_BYTES)).toString("latin1");
  const declared = /^(?:\u00ef\u00bb\u00bf)?<\?xml[^>]*?encoding\s*=\s*["']([^"']*)["']/.exec(start)?.[1];
  const encoding = declared === undefined ? "utf-8" : ENCODINGS[declared.toLowerCase()];
  if (!encoding) throw notText(name, `is in the encoding ${declared?.slice(0, 40)}, which is not read; UTF-8 is`);
  return new TextDecoder(encoding, { fatal: true });
}

function decode(name: string, decoder: TextDecoder, bytes: Uint8Array, isMore: boolean): string {
  try {
    return decoder.decode(bytes, { stream: isMore });
  } catch (cause) {
    if (isMore) throw notText(name, `holds bytes that are no ${decoder.encoding.toUpperCase()} text`, cause);
    const what = "ends in the middle of a character: the file was cut off. Supply it again";
    throw new SourceError("CUT_BODY", `${name} ${what}.`, { isRetryable: false, cause });
  }
}

function* pieces(text: string): Generator<string> {
  for (let at = 0; at < text.length; at += PIECE_CHARACTERS) yield text.slice(at, at + PIECE_CHARACTERS);
}

function notText(name: string, what: string, cause?: unknown): SourceError {
  return new SourceError("NOT_TEXT", `${name} ${what}.`, { isRetryable: false, cause });
}
