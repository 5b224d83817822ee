import { asciiText, isAscii } from "./ascii";
import { SourceError } from "./source-error";

/** Longer than any record; a file that is no text would gather itself in memory. */
const LONGEST_LINE = 16 * 1024 * 1024;

/**
 * Lines of UTF-8 text that comes in pieces, without their ends (CRLF, LF or CR) and without a byte order mark. Bytes that are no UTF-8 become
 * replacement characters. Throws SourceError `LINE_TOO_LONG`.
 */
export async function* linesOf(name: string, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8");
  let isPlain = true;
  let rest = "";
  for await (const chunk of chunks) {
    // Decoding takes several times as long as looking whether all is ASCII, and nearly all is.
    isPlain &&= isAscii(chunk);
    const text = rest + (isPlain ? asciiText(chunk) : decoder.decode(chunk, { stream: true }));
    const end = lastLineEnd(text);
    rest = text.slice(end);
    if (rest.length > LONGEST_LINE) throw tooLong(name);
    if (end > 0) yield* split(text.slice(0, end));
  }
  rest += decoder.decode();
  if (rest !== "") yield* split(rest);
}

/**
 * The same lines as bytes, for what can be read without decoding it: decoding and splitting a text takes as long as reading its numbers. Lines
 * may share memory with the pieces they came in. Throws SourceError `LINE_TOO_LONG`.
 */
export async function* byteLinesOf(name: string, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let begun: Uint8Array[] = [];
  let begunBytes = 0;
  let isAfterReturn = false;
  for await (const piece of chunks) {
    const chunk = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    let from = isAfterReturn && chunk[0] === LINE_FEED ? 1 : 0;
    if (chunk.length > 0) isAfterReturn = chunk.at(-1) === CARRIAGE_RETURN;
    let nextReturn = placeOf(CARRIAGE_RETURN, chunk, from);
    let nextFeed = placeOf(LINE_FEED, chunk, from);
    for (let end = Math.min(nextReturn, nextFeed); end < chunk.length; end = Math.min(nextReturn, nextFeed)) {
      const line = chunk.subarray(from, end);
      yield begunBytes === 0 ? line : Buffer.concat([...begun, line]);
      begun = [];
      begunBytes = 0;
      from = end === nextReturn && nextFeed === end + 1 ? end + 2 : end + 1;
      if (nextReturn < from) nextReturn = placeOf(CARRIAGE_RETURN, chunk, from);
      if (nextFeed < from) nextFeed = placeOf(LINE_FEED, chunk, from);
    }
    if (from >= chunk.length) continue;
    begun.push(chunk.subarray(from));
    begunBytes += chunk.length - from;
    if (begunBytes > LONGEST_LINE) throw tooLong(name);
  }
  if (begunBytes > 0) yield Buffer.concat(begun);
}

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/** The end where there is none. */
function placeOf(byte: number, chunk: Buffer, from: number): number {
  const found = chunk.indexOf(byte, from);
  return found < 0 ? chunk.length : found;
}

/** What `linesOf` makes of such a line, but for a byte order mark, which stays. */
export function lineText(line: Uint8Array): string {
  return isAscii(line) ? asciiText(line) : new TextDecoder("utf-8", { ignoreBOM: true }).decode(line);
}

function split(text: string): string[] {
  const lines = text.includes("\r") ? text.split(/\r\n?|\n/) : text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

/** After the last line end; a carriage return at the very end may be half of one. */
export function lastLineEnd(text: string): number {
  const searched = text.endsWith("\r") ? text.length - 2 : text.length - 1;
  if (searched < 0) return 0;
  return Math.max(text.lastIndexOf("\n", searched), text.lastIndexOf("\r", searched)) + 1;
}

function tooLong(name: string): SourceError {
  const what = `${name} has a line of more than ${LONGEST_LINE / 1024 ** 2} MB, so it is no text that can be read.`;
  return new SourceError("LINE_TOO_LONG", what, { isRetryable: false });
}
