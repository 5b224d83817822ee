import { describe, expect, it } from "vitest";
import { day, END, file, HEADER, parseFiles, stream } from "./testing";

const failureOf = (text: string) =>
  parseFiles(text).then(
    () => "no error",
    (error: unknown) => error,
  );

describe("what is no NEM12 file", () => {
  it.each([
    ["nothing", "", "EMPTY_BODY"],
    ["blank lines", "\r\n\r\n", "EMPTY_BODY"],
    ["a web page", "<!DOCTYPE html>\n<html><body>Sign in</body></html>", "HTML_PAGE"],
    ["JSON", '[{"timestamp":1}]', "NOT_NEM12"],
    ["a spreadsheet", "date,kwh\n2026-11-01,4", "NOT_NEM12"],
    ["accumulated reads", "100,NEM13,202611010900,MDP1,RETAIL1\n900", "NOT_NEM12"],
    ["intervals before any stream", `${HEADER}\n${day()}\n${END}`, "NOT_NEM12"],
    ["intervals after a torn stream record", `${HEADER}\n200,6203778594,E1\n${day()}\n${END}`, "NOT_NEM12"],
    ["compressed bytes", "PK\u0003\u0004 binary", "NOT_NEM12"],
  ])("%s is refused as a whole", async (_, text, code) => {
    expect(await failureOf(text)).toMatchObject({ name: "SourceError", code, isRetryable: false });
  });

  it("names the torn stream record, not only the intervals after it", async () => {
    const torn = file(stream(), day(), stream({ suffix: "B1" }).replace(",30,", ",,"), day());
    expect(await failureOf(torn)).toMatchObject({
      code: "NOT_NEM12",
      message: expect.stringContaining("200 record of line 4"),
    });
  });

  it("is cut where it ends within a record, wherever that is", async () => {
    const text = [
      HEADER,
      stream(),
      day(),
      stream({ suffix: "B1" }),
      day({ quality: "V" }),
      "400,1,20,A,,",
      "400,21,48,S14,1,",
    ].join("\n");
    const firstDayEnds = text.indexOf(`\n${stream({ suffix: "B1" })}`);
    const secondStreamAt = firstDayEnds + 1;
    for (let end = 40; end < text.length - 10; end += 7) {
      const outcome = await failureOf(text.slice(0, end));
      // From the update time on the first day is whole, and stays so until the next record begins.
      const isWhole = end >= firstDayEnds - 21 && end <= secondStreamAt;
      if (!isWhole) expect([end, outcome]).toMatchObject([end, { code: "CUT_BODY" }]);
    }
  });

  it("is not cut where the end record follows: the bad row is rejected", async () => {
    const { readings, rejects } = await parseFiles(
      file(stream(), day(), day({ date: "20261102", count: 20, quality: "" })),
    );
    expect([readings.length, rejects.length]).toEqual([48, 1]);
  });

  it("is cut also where the torn row is another meter's", async () => {
    const text = `${HEADER}\n${stream()}\n${day()}\n${stream({ nmi: "OTHER" })}\n${day().slice(0, 60)}`;
    await expect(parseFiles(text, { nmi: "6203778594" })).rejects.toMatchObject({ code: "CUT_BODY" });
  });
});

describe("the writing of a file", () => {
  const text = file(stream(), day({ values: 2, quality: "F16", reason: "23" }), day({ date: "20261102" }));

  it.each([
    ["quotation marks around every field", text.replaceAll(/[^,\r\n]+/g, '"$&"')],
    ["a comma in a quoted reason", text.replace("F16,23,,", 'F16,23,"Fault, with ""more""",').replaceAll('""', "'")],
    ["carriage returns alone", text.replaceAll("\r\n", "\r")],
    ["line feeds alone", text.replaceAll("\r\n", "\n")],
    ["a byte order mark", `\uFEFF${text}`],
    ["padding commas and trailing spaces", text.replaceAll("\r\n", ",,,  \r\n")],
  ])("may have %s", async (_, written) => {
    const { readings, rejects } = await parseFiles(written);
    expect(rejects).toEqual([]);
    expect(readings).toEqual((await parseFiles(text)).readings);
    expect(readings).toHaveLength(96);
  });
});

describe("what the fuzz test found", () => {
  it.each(["__proto__", "constructor"])("a unit %s is none of energy", async (unit) => {
    const { readings, rejects } = await parseFiles(file(stream({ unit }), day()));
    expect([readings.length, rejects.length]).toEqual([0, 1]);
    expect(rejects[0]?.reason).toContain(`has the unit ${unit}`);
  });

  it("a value of very many digits is refused at once, and not quoted whole", async () => {
    const startedAt = performance.now();
    const { rejects } = await parseFiles(
      file(stream(), day({ values: ["1".repeat(300_000) + "x", ...Array(47).fill(1)] })),
    );
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    expect(rejects).toHaveLength(1);
    expect(rejects[0]?.reason.length).toBeLessThan(500);
  });

  it("lines of values that no quality ends are not gathered for ever", async () => {
    const values = Array.from({ length: 2_000 }, () => "1,1");
    const { readings, rejects } = await parseFiles(file(stream(), day(), "300,20261102,1", ...values));
    expect(readings).toHaveLength(48);
    expect(rejects.length).toBeGreaterThan(1_000);
  });
});
