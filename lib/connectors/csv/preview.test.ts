import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { detectCsv } from "./detect";
import { previewCsv } from "./preview";
import { csvSettings } from "./settings";
import { settings, table } from "./testing";

const bytes = (text: string) => new TextEncoder().encode(text);
const fixture = (name: string) => readFileSync(new URL(`fixtures/${name}`, import.meta.url));

describe("what a beginning shows", () => {
  it("of a wide file with lines before it", async () => {
    expect(await detectCsv(fixture("clocks-back.csv"))).toMatchObject({
      encoding: "utf-8",
      delimiter: ",",
      decimalMark: ".",
      skipLines: 1,
      noHeader: false,
      stamp: {
        stampColumn: "Local time",
        timeColumn: null,
        stampFormat: "DD/MM/YYYY HH:mm",
        otherFormats: ["MM/DD/YYYY HH:mm"],
      },
      columns: [
        { number: 1, name: "Local time", kind: "stamp" },
        { name: "Import (Wh)", kind: "number", unit: "Wh", metric: "eRealPositiveKwh" },
        { name: "Export (kWh)", kind: "number", unit: "kWh", metric: "eRealNegativeKwh" },
        { name: "Quality", kind: "text", unit: null, samples: ["A", "A", "A", "E", "A"] },
      ],
      channels: null,
    });
  });

  const periods = ["00:00,01:00,0.25", "01:00,02:00,0.5", "02:00,03:00,0.75"].map((row) => row.split(","));
  const both = (from: string | undefined, to: string | undefined) =>
    `2026-11-01 ${from}:00\u00a0 to 2026-11-01 ${to}:00`;

  it.each([
    ["padded to the table's width", ["Energy Usage Information,,", "For location: 1 Main St,,", ",,"], 3],
    ["between lines of one column", ["=====", " Usage Information", "Electricity, Energy, in kWh", "====="], 4],
    ["with times of their own", ["Name,A,", "Start Date,03/30/2024,", "End Date,03/30/2025,"], 3],
  ])("of a file with lines before it that are %s", async (_, lines, skipLines) => {
    const rows = periods.map(([from, to, value]) => `${both(from, to)},${value},`);
    const text = [...lines, "Time period,Usage(Real energy in kilowatt-hours),Quality", ...rows, ""].join("\n");
    const found = await detectCsv(bytes(text));
    expect(found).toMatchObject({
      skipLines,
      noHeader: false,
      stamp: { stampColumn: "Time period", stampFormat: "auto" },
      stampHint: "start",
      columns: [{}, { unit: "kWh", metric: "eRealPositiveKwh" }, {}],
    });
  });

  it("of a long file with both ends of its intervals", async () => {
    const rows = ["00:00;01/11/2026;00:15", "00:15;01/11/2026;00:30", "00:30;01/11/2026;00:45"].flatMap((times) =>
      ["Offtake;0,173", "Injection;0,000"].map((value) => `01/11/2026;${times};${value}`),
    );
    const text = ["From (date);From (time);Until (date);Until (time);Register;Volume", ...rows, ""].join("\n");
    expect(await detectCsv(bytes(text))).toMatchObject({
      decimalMark: ",",
      stamp: { stampColumn: "From (date)", timeColumn: "From (time)" },
      channels: { column: "Register", values: ["Offtake", "Injection"], valueColumn: "Volume", isLikely: true },
    });
  });

  it("of a file that keeps zeros as spreadsheets do", async () => {
    const text = 'Date;EAN code;Volume\n2026-11-01 00:00;="0541";0,25\n2026-11-01 00:15;="0541";0,5\n';
    expect(await detectCsv(bytes(text))).toMatchObject({
      delimiter: ";",
      decimalMark: ",",
      columns: [{ kind: "stamp" }, { samples: ["0541", "0541"] }, { kind: "number" }],
    });
  });

  it("of a long file with date and time apart", async () => {
    expect(await detectCsv(fixture("channels.csv"))).toMatchObject({
      encoding: "windows-1252",
      delimiter: ";",
      decimalMark: ",",
      skipLines: 2,
      stamp: { stampColumn: "Datum", timeColumn: "Uhrzeit (Ende)", stampFormat: "DD.MM.YYYY HH:mm" },
      channels: { valueColumn: "Leistung [kW]" },
    });
  });

  it("of a logger without a header", async () => {
    expect(await detectCsv(fixture("logger.txt"))).toMatchObject({
      encoding: "utf-16le",
      delimiter: "tab",
      noHeader: true,
      skipLines: 0,
      stamp: { stampColumn: "1", stampFormat: "X" },
      columns: [{ kind: "stamp" }, { kind: "number", name: null }, { kind: "number" }, { kind: "number" }],
    });
  });

  it("is enough to make settings that read the file", async () => {
    const found = await detectCsv(
      bytes(table("2026-11-01 00:00,1.5", "2026-11-01 00:30,2", "2026-11-01 01").trimEnd()),
    );
    const guessed = csvSettings.parse({
      delimiter: found.delimiter,
      encoding: found.encoding,
      stampColumn: found.stamp?.stampColumn,
      stampFormat: found.stamp?.stampFormat,
      values: [{ column: "kWh", metric: found.columns[1]?.metric, unit: found.columns[1]?.unit }],
    });
    expect(guessed).toMatchObject({ stampFormat: "auto", values: [{ metric: "eRealKwh", unit: "kWh" }] });
  });

  it.each([
    ["", "EMPTY_BODY"],
    ["just words\nand more\n", "DELIMITER_UNKNOWN"],
    ["\0\0\0", "NOT_TEXT"],
  ])("of %j is nothing", async (text, code) => {
    await expect(detectCsv(bytes(text))).rejects.toMatchObject({ code });
  });
});

describe("a preview", () => {
  const text = table(
    "2026-11-01 00:00,1.5",
    "2026-11-01 00:30,x",
    "yesterday,2",
    "2026-11-01 01:30,",
    "2026-11-01 02:0",
  );

  it("says of each of the first rows what it becomes, or why it is none", async () => {
    const preview = await previewCsv(bytes(text.trimEnd()), settings(), 10, "UTC");
    expect(preview).toMatchObject({ columns: ["time", "kWh"], intervalMinutes: 60, decimalMark: ".", failure: null });
    expect(
      preview.rows.map(({ line, outcome }) => [
        line,
        outcome.kind,
        "reason" in outcome ? outcome.reason : outcome.reading.eRealKwh,
      ]),
    ).toEqual([
      [2, "reading", 1.5],
      [3, "rejected", 'Column kWh: "x" is no number.'],
      [4, "rejected", '"yesterday" is no date and time (ISO 8601).'],
      [5, "ignored", "The row has no value."],
    ]);
    expect((await previewCsv(bytes(text), settings(), 2, "UTC")).rows).toHaveLength(2);
  });

  it("says why the file cannot be read at all", async () => {
    expect(await previewCsv(bytes(text), settings({ stampColumn: "when" }), 5, "UTC")).toMatchObject({
      rows: [],
      failure: { code: "COLUMN_MISSING", message: expect.stringContaining("its columns are time, kWh") },
    });
  });
});
