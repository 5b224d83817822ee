import type { RawInput } from "./contract";

const LINE_FEED = 10;

/** Bytes in memory as a RawInput: for tests, and for sources that hold a whole object anyway. */
export function rawInput(
  name: string,
  content: string | Uint8Array,
  contentType = "application/octet-stream",
): RawInput {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return {
    name,
    contentType,
    bytes: async () => bytes,
    async *chunks() {
      if (bytes.length > 0) yield bytes;
    },
    async *lines() {
      const decoder = new TextDecoder("utf-8");
      for (let from = 0; from < bytes.length; ) {
        const end = bytes.indexOf(LINE_FEED, from);
        const line = decoder.decode(bytes.subarray(from, end < 0 ? bytes.length : end));
        const text = line.endsWith("\r") ? line.slice(0, -1) : line;
        // Lines of the oldest exports end with a carriage return alone.
        if (text.includes("\r")) yield* text.split("\r");
        else yield text;
        from = end < 0 ? bytes.length : end + 1;
      }
    },
  };
}
