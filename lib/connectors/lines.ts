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
