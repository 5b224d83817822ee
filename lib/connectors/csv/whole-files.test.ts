import { describe, expect, it } from "vitest";
import { rawInput } from "../raw-inputs";
import { parseCsv } from "./parse";
import { RecordReader } from "./records";
import { parseFiles, settings, table } from "./testing";

const whole = table("2026-11-01 00:00,1.5", "2026-11-01 01:00,2.5", "2026-11-01 02:00,3.25");
const readingsOf = async (content: string | Uint8Array, changes = {}) => (await parseFiles(content, changes)).readings;

describe("what is no CSV file of these settings", () => {
  it.each([
    ["nothing", "", "EMPTY_BODY"],
    ["blank lines", "\r\n \r\n", "EMPTY_BODY"],
    ["a web page", "<!DOCTYPE html>\n<html><body>Sign in</body></html>", "HTML_PAGE"],
    ["JSON", '[{"timestamp":1}]', "NOT_CSV"],
    ["an archive", new Uint8Array([0x50, 0x4b, 3, 4, 0, 0]), "NOT_TEXT"],
    ["bytes of no encoding", Buffer.from("time,kWh\n2026-11-01 00:00,\x811\n", "latin1"), "NOT_TEXT"],
    ["one column", "time\n2026-11-01\n2026-11-02\n", "DELIMITER_UNKNOWN"],
    ["other columns", "when,kWh\n2026-11-01 00:00,1\n", "COLUMN_MISSING"],
    ["a column twice", "time,kWh,kWh\n2026-11-01 00:00,1,2\n", "COLUMN_AMBIGUOUS"],
    ["a quotation mark that is not closed", `${whole}"2026-11-01 03:00,1\n`, "CUT_BODY"],
    ["a quotation mark that never closes", `${whole}"${"x,y\n".repeat(100_000)}`, "CSV_BROKEN"],
    ["a line that never ends", `time,kWh\n${"1,".repeat(300_000)}`, "CSV_BROKEN"],
    ["quotation marks within a field", `${whole}2026-11-01 03:00,1"2"3\n`, "CSV_BROKEN"],
  ])("%s is refused as a whole", async (_, content, code) => {
    await expect(parseFiles(content)).rejects.toMatchObject({ name: "SourceError", code, isRetryable: false });
  });

  it("names the columns there are", async () => {
    await expect(parseFiles("when,Import kWh\n1,2\n")).rejects.toThrow(
      "has no column time; its columns are when, Import kWh.",
    );
  });

  it("is cut wherever it ends within a line", async () => {
    for (let end = whole.indexOf("\n") + 2; end < whole.length; end++) {
      if (whole[end - 1] === "\n") continue;
      await expect([end, await parseFiles(whole.slice(0, end)).catch((error) => error.code)]).toEqual([
        end,
        "CUT_BODY",
      ]);
    }
  });

  it("may end without a line break where the settings say so, and not within a row", async () => {
    const open = { endsWithoutLineBreak: true, intervalMinutes: 60 };
    expect(await readingsOf(whole.trimEnd(), open)).toHaveLength(3);
    await expect(parseFiles(whole.slice(0, -8), open)).rejects.toMatchObject({ code: "CUT_BODY" });
  });
});

describe("the writing of a file", () => {
  const utf16 = (text: string, bigEndian = false) => {
    const bytes = Buffer.from(`\uFEFF${text}`, "utf16le");
    return bigEndian ? bytes.swap16() : bytes;
  };

  it.each([
    ["semicolons", whole.replaceAll(",", ";")],
    ["tabs", whole.replaceAll(",", "\t")],
    ["bars", whole.replaceAll(",", "|")],
    ["semicolons and decimal commas", whole.replaceAll(",", ";").replaceAll(".", ",")],
    ["quotation marks around every field", whole.replaceAll(/[^,\n]+/g, '"$&"')],
    ["quoted decimal commas", whole.replaceAll(/(\d)\.(\d+)/g, '"$1,$2"')],
    [
      "fields that spreadsheets must leave alone",
      whole.replaceAll(/(\.\d+)\n/g, '$1,="0012"\n').replace("kWh", "kWh,id"),
    ],
    ["carriage returns and line feeds", whole.replaceAll("\n", "\r\n")],
    ["carriage returns alone", whole.replaceAll("\n", "\r")],
    ["blank lines", whole.replaceAll("\n", "\n\n")],
    ["padding commas and spaces", whole.replaceAll("\n", " ,, \n")],
    ["a byte order mark", `\uFEFF${whole}`],
    ["UTF-16", utf16(whole)],
    ["UTF-16 the other way round", utf16(whole, true)],
    ["a name in capitals", whole.replace("time,kWh", "TIME,KWH")],
    [
      "a line break within quotation marks",
      whole.replace("time,kWh\n", 'time,kWh,"a\nb"\n').replaceAll(/(\.\d+)\n/g, '$1,"x\r\ny"\n'),
    ],
    [
      "other columns of windows-1252",
      Buffer.from(whole.replace("kWh", "kWh,Zähler").replaceAll(/(\.\d+)\n/g, "$1,ü\n"), "latin1"),
    ],
  ])("may have %s", async (_, content) => {
    expect(await readingsOf(content)).toEqual(await readingsOf(whole));
    expect(await readingsOf(content)).toHaveLength(3);
  });

  it("may have lines before the table, and units below its names", async () => {
    const text = `Name,"J ""Q"" Citizen"\nAccount\n${whole.replace("kWh\n", "kWh\n,[kWh]\n")}`;
    expect(await readingsOf(text, { skipLines: 2, linesAfterHeader: 1 })).toEqual(await readingsOf(whole));
  });

  it("is read up to another table, and no further", async () => {
    const rows = whole.slice(whole.indexOf("\n") + 1).replaceAll("\n", ",A\n");
    const text = `time,kWh,quality\n${rows}About what was received\nreceived,kWh received,quality\n${rows.replaceAll(".5", ".9")}`;
    const { readings, rejects } = await parseFiles(text);
    expect(readings).toEqual(await readingsOf(whole));
    expect(rejects.at(-1)).toMatchObject({
      row: "line 6",
      reason: expect.stringMatching(/columns received, kWh received, quality\. Only the first.*5 lines before/),
    });
    const repeated = await parseFiles(`time,kWh\n${whole.replaceAll("-11-", "-12-")}${whole}`);
    expect(repeated.readings).toHaveLength(6);
  });

  it("may lack a header", async () => {
    const values = [{ column: "2", metric: "eRealKwh", unit: "kWh" }];
    const text = whole.slice(whole.indexOf("\n") + 1);
    expect(await readingsOf(text, { noHeader: true, stampColumn: "1", values })).toEqual(await readingsOf(whole));
    await expect(
      parseFiles("42\n43\n", { delimiter: ",", noHeader: true, stampColumn: "1", values }),
    ).rejects.toMatchObject({
      code: "COLUMN_MISSING",
    });
  });

  it("that is windows-1252 only after its beginning needs the encoding named", async () => {
    const rows = Array.from(
      { length: 6_000 },
      (_, at) => `${new Date(Date.UTC(2026, 0, 1) + at * 3_600_000).toISOString()},1`,
    );
    const bytes = Buffer.from(table(...rows).replace(/1\n$/, "1,ü\n"), "latin1");
    await expect(parseFiles(bytes)).rejects.toMatchObject({
      code: "NOT_TEXT",
      message: expect.stringContaining("name its encoding"),
    });
    const { rejects } = await parseFiles(bytes, { encoding: "windows-1252" });
    expect(rejects).toMatchObject([{ row: "line 6001", reason: expect.stringContaining("3 columns") }]);
  });

  it("gives the same lines and readings whatever pieces it comes in", async () => {
    const text = `\uFEFFtime;kWh;"note"\r\n2026-11-01 00:00;1,5;"ä ""b""\r\nc"\r\n\r\n2026-11-01 01:00;x;\r\n2026-11-01 02:00;2;é\r\n`;
    const bytes = Buffer.from(text);
    const parse = (size: number) =>
      parseCsv(
        [
          {
            ...rawInput("a.csv", bytes),
            async *chunks() {
              for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
            },
          },
        ],
        {
          settings: settings({ intervalMinutes: 60, decimalMark: "," }),
          dataSource: "b",
          dataSourceType: "S3",
          timezone: "UTC",
          range: { from: new Date(0), to: new Date("2100-01-01") },
        },
      );
    const expected = await parse(1_000_000);
    expect(expected.rejects).toMatchObject([{ row: "line 5" }]);
    expect(expected.readings).toHaveLength(2);
    for (const size of [1, 2, 3, 7, 50]) expect(await parse(size)).toEqual(expected);
  });

  it("is counted in lines whatever pieces its text comes in", () => {
    const text = 'skip "this\na;b\r\n1;"x\ny"\r\n\r\n2;z\r3;"""q"""\n4;w';
    for (let size = 1; size <= text.length; size++) {
      const reader = new RecordReader("a", ";", 1);
      const found: [number, string[]][] = [];
      const add = ({ fields, lines }: { fields: string[][]; lines: number[] }) => {
        for (const [at, field] of fields.entries()) found.push([lines[at] ?? 0, field]);
      };
      for (let at = 0; at < text.length; at += size) add(reader.read(text.slice(at, at + size)));
      add(reader.end());
      expect([size, found]).toEqual([
        size,
        [
          [2, ["a", "b"]],
          [3, ["1", "x\ny"]],
          [6, ["2", "z"]],
          [7, ["3", '"q"']],
          [8, ["4", "w"]],
        ],
      ]);
    }
  });
});
