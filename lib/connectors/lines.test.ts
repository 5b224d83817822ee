import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { byteLinesOf, linesOf, lineText } from "./lines";

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe("lines as bytes", () => {
  it("are the lines of the text, whatever ends them and whatever pieces they come in", async () => {
    const pieces = fc.constantFrom("\r\n", "\n", "\r", "\n\r", "a", "b,", "ü", "€", "\u{1f600}");
    await fc.assert(
      fc.asyncProperty(fc.array(pieces, { maxLength: 30 }), fc.integer({ min: 1, max: 9 }), async (parts, size) => {
        const bytes = new TextEncoder().encode(parts.join(""));
        const expected = parts.join("").split(/\r\n?|\n/);
        if (expected.at(-1) === "") expected.pop();
        expect((await all(byteLinesOf("a", inPieces(bytes, size)))).map(lineText)).toEqual(expected);
        expect(await all(linesOf("a", inPieces(bytes, size)))).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });

  it("that are no UTF-8 become the same replacement characters", async () => {
    const bytes = Buffer.from([0x61, 0xe2, 0x82, 0x0a, 0xff, 0x62, 0x0a, 0xc3]);
    const lines = await all(byteLinesOf("a", inPieces(bytes, 3)));
    expect(lines.map(lineText)).toEqual(await all(linesOf("a", inPieces(bytes, 3))));
    expect(lines.map(lineText)).toEqual(["a\ufffd", "\ufffdb", "\ufffd"]);
  });

  it("that never end are not gathered for ever", async () => {
    async function* endless() {
      for (;;) yield new Uint8Array(1024 * 1024).fill(0x31);
    }
    await expect(all(byteLinesOf("The file", endless()))).rejects.toMatchObject({ code: "LINE_TOO_LONG" });
  });
});
