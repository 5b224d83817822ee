/** Decoding UTF-8 takes as long as parsing; most bodies are ASCII, and looking for that takes next to nothing. */
export { isAscii } from "node:buffer";

/** Bytes that are ASCII as text. */
export function asciiText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}
