import { describe, expect, it } from "vitest";
import type { ReadingRow, Rows } from "./read-rows";
import { type RowFormat, writeRows } from "./write-rows";

const columns = ["meterId", "timestamp", "quality", "coverage", "eRealKwh"];

const aRow = (at: number): ReadingRow => ({
  meterId: "m1",
  timestamp: `2026-11-01T00:00:00.${at}Z`,
  coverage: at % 3 === 0 ? null : 0.5,
  eRealKwh: at % 2 === 0 ? null : `${at}.100000000`,
});

/** Pages of so many rows, written in full. */
async function written(format: RowFormat, ...sizes: number[]): Promise<string> {
  async function* pages() {
    let at = 0;
    for (const size of sizes) yield Array.from({ length: size }, () => aRow(at++));
  }
  const rows: Rows = { metrics: ["eRealKwh"], columns, pages: pages(), meters: [] };
  return new Response(writeRows(rows, format)).text();
}

// Pages are cut into pieces: none, less than one, one to the row, and several with a rest.
const pagesOf = [[], [1], [200], [1, 450, 199, 3]];

describe.each(pagesOf.map((sizes) => [sizes] as const))("pages of %j rows", (sizes) => {
  const count = sizes.reduce((sum, size) => sum + size, 0);

  it("are one JSON document with every digit", async () => {
    const text = await written("json", ...sizes);
    const { items, nextCursor } = JSON.parse(text);
    expect(nextCursor).toBeNull();
    expect(items).toHaveLength(count);
    for (const [at, item] of items.entries()) {
      const { eRealKwh, ...row } = aRow(at);
      expect(item).toEqual({ quality: null, ...row, eRealKwh: eRealKwh === null ? null : Number(eRealKwh) });
    }
    if (count > 1) expect(text).toContain('"eRealKwh":1.100000000');
  });

  it("are a line each as NDJSON and as CSV", async () => {
    const lines = (await written("ndjson", ...sizes)).split("\n");
    expect(lines.pop()).toBe("");
    expect(lines.map((line) => JSON.parse(line).timestamp)).toEqual(
      Array.from({ length: count }, (_, at) => aRow(at).timestamp),
    );
    const cells = (await written("csv", ...sizes)).split("\n").map((line) => line.split(","));
    expect(cells.shift()).toEqual(columns);
    expect(cells.pop()).toEqual([""]);
    expect(cells.map((row) => row[1])).toEqual(Array.from({ length: count }, (_, at) => aRow(at).timestamp));
  });
});
