import { describe, expect, it } from "vitest";
import { day, END, file, HEADER, ofDay, parseFiles, stream } from "./testing";

const isoOf = (seconds: number | undefined) => new Date((seconds ?? Number.NaN) * 1000).toISOString();
const total = (values: (number | null | undefined)[]) =>
  Number(values.reduce<number>((sum, value) => sum + (value ?? Number.NaN), 0).toFixed(9));

describe("times", () => {
  it.each([
    [5, 288],
    [10, 144],
    [15, 96],
    [30, 48],
  ])("start interval 1 of %i minutes at midnight AEST, in summer too", async (minutes, count) => {
    const { readings } = await parseFiles(file(stream({ minutes }), day({ count })));
    expect(readings).toHaveLength(count);
    expect(isoOf(readings[0]?.startEpochSeconds)).toBe("2026-10-31T14:00:00.000Z");
    expect(readings[0]?.durationSeconds).toBe(minutes * 60);
    expect(readings.at(-1)?.startEpochSeconds).toBe(Date.parse("2026-11-01T14:00:00Z") / 1000 - minutes * 60);
  });

  it("follow the offset of the settings where a file has its own", async () => {
    const { readings } = await parseFiles(file(stream(), day({ date: "20261102" })), { utcOffset: "+08:00" });
    expect(isoOf(readings[0]?.startEpochSeconds)).toBe("2026-11-01T16:00:00.000Z");
  });

  it("keep intervals that start inside the range, and count only days that touch it", async () => {
    const range = { from: new Date("2026-11-01T14:00:00Z"), to: new Date("2026-11-01T15:00:00Z") };
    const text = file(stream(), day(), day({ date: "20261102" }), day({ date: "20261103", values: "x" }));
    const { readings, rowsRead, rejects } = await parseFiles(text, {}, range);
    expect(readings.map((reading) => isoOf(reading.startEpochSeconds))).toEqual([
      "2026-11-01T14:00:00.000Z",
      "2026-11-01T14:30:00.000Z",
    ]);
    expect([rowsRead, rejects.length]).toEqual([1, 0]);
  });
});

describe("streams", () => {
  it("take E from the grid, send B to it, and net the two; registers of a direction are summed", async () => {
    const configuration = "E1E2B1Q1K1";
    const text = file(
      stream({ suffix: "E1", configuration }),
      day({ values: 0.1 }),
      stream({ suffix: "E2", configuration }),
      day({ values: 0.2 }),
      stream({ suffix: "B1", configuration }),
      day({ values: 1.5 }),
      stream({ suffix: "Q1", configuration, unit: "kVArh" }),
      day({ values: 0.4 }),
      stream({ suffix: "K1", configuration, unit: "kvarh" }),
      day({ values: 0.1 }),
    );
    const { readings, rejects, rowsRead } = await parseFiles(text);
    expect(readings[7]).toMatchObject({
      eRealPositiveKwh: 0.3,
      eRealNegativeKwh: 1.5,
      eRealKwh: -1.2,
      eReactiveKvarh: 0.3,
    });
    expect([readings.length, rejects.length, rowsRead]).toEqual([48, 0, 5]);
  });

  it.each([
    ["KWH", 1, 1],
    ["wh", 250, 0.25],
    ["MWh", 0.002, 2],
  ])("convert %s in any case", async (unit, value, kwh) => {
    expect((await parseFiles(file(stream({ unit }), day({ values: value })))).readings[0]?.eRealKwh).toBe(kwh);
  });

  it("are only those of the settings, and a side that is not chosen counts 0", async () => {
    const text = file(
      stream({ suffix: "E1", configuration: "E1B1" }),
      day({ values: 2 }),
      stream({ suffix: "B1", configuration: "E1B1" }),
      day({ values: 3 }),
    );
    const { readings, rejects } = await parseFiles(text, { suffixes: ["b1"] });
    expect(readings[0]).toMatchObject({ eRealPositiveKwh: null, eRealNegativeKwh: 3, eRealKwh: -3 });
    expect(rejects).toEqual([]);
  });

  it("of volts are passed over, unless the settings ask for them", async () => {
    const volts = [
      stream({ suffix: "V1", configuration: "E1V1", unit: "", minutes: 10 }),
      day({ values: 239.1, count: 144 }),
    ];
    const text = file(stream({ configuration: "E1V1" }), day({ values: 2 }), ...volts);
    const plain = await parseFiles(text);
    expect([plain.readings.length, plain.readings[0]?.durationSeconds, plain.rejects.length]).toEqual([48, 1800, 0]);
    const asked = await parseFiles(text, { suffixes: ["E1", "V1"] });
    expect(asked.rejects).toMatchObject([{ row: "line 5", reason: expect.stringContaining("V1 carries no energy") }]);
    expect(asked.readings).toHaveLength(48);
  });

  it("of different lengths meet in the coarser one", async () => {
    const text = file(
      stream({ suffix: "E1", configuration: "E1B1", minutes: 5 }),
      day({ values: Array.from({ length: 288 }, (_, at) => at % 6), count: 288 }),
      stream({ suffix: "B1", configuration: "E1B1", minutes: 30 }),
      day({ values: 10 }),
    );
    const { readings } = await parseFiles(text);
    expect(readings).toHaveLength(48);
    expect(readings[3]).toMatchObject({
      durationSeconds: 1800,
      eRealPositiveKwh: 15,
      eRealNegativeKwh: 10,
      eRealKwh: 5,
    });
  });

  it("without a unit of energy reject their days and leave the net unknown", async () => {
    const text = file(
      stream({ suffix: "E1", configuration: "E1B1", unit: "" }),
      day(),
      stream({ suffix: "B1", configuration: "E1B1" }),
      day({ values: 3 }),
    );
    const { readings, rejects } = await parseFiles(text);
    expect(rejects).toMatchObject([{ row: "line 3", reason: expect.stringContaining("no unit") }]);
    expect(readings[0]).toMatchObject({ eRealKwh: null, eRealPositiveKwh: null, eRealNegativeKwh: 3 });
  });

  it("that are null or missing on a day make the net null, streams that come later do not", async () => {
    const later = file(
      stream({ suffix: "E1", configuration: "E1" }),
      day({ date: "20261101", values: 2 }),
      stream({ suffix: "E1", configuration: "E1B1" }),
      day({ date: "20261102", values: 2 }),
      day({ date: "20261103", values: 2 }),
      stream({ suffix: "B1", configuration: "E1B1" }),
      day({ date: "20261102", values: 5 }),
    );
    const { readings, rejects } = await parseFiles(later);
    const firsts = [0, 48, 96].map((at) => readings[at]?.eRealKwh);
    expect(firsts).toEqual([2, -3, null]);
    expect(readings[96]).toMatchObject({ eRealPositiveKwh: 2, eRealNegativeKwh: null });
    expect(rejects).toEqual([]);
  });

  it("named by the configuration and absent from the files are left out, and that is said", async () => {
    const { readings, rejects } = await parseFiles(file(stream({ configuration: "E1B1Q1" }), day({ values: 2 })));
    expect(readings[0]).toMatchObject({ eRealKwh: 2, eRealNegativeKwh: null });
    expect(rejects).toEqual([{ row: "stream B1", reason: expect.stringContaining("no rows of it") }]);
  });
});

describe("streams that the settings choose", () => {
  it("and no file has are named, instead of looking late", async () => {
    const { readings, rejects } = await parseFiles(file(stream(), day()), { suffixes: ["B1"] });
    expect(readings).toEqual([]);
    expect(rejects).toEqual([{ row: "stream B1", reason: expect.stringContaining("no such stream") }]);
  });
});

describe("several meters in one file", () => {
  const text = file(
    stream({ nmi: "6203778594" }),
    day({ values: 1 }),
    stream({ nmi: "NMI9999999", minutes: 5 }),
    day({ values: 9, count: 288 }),
    day({ date: "20261102", values: "broken", count: 288 }),
  );

  it("are told apart by NMI, in any case", async () => {
    const { readings, rejects, rowsRead } = await parseFiles(text, { nmi: "6203778594" });
    expect([readings.length, readings[0]?.eRealKwh, rejects.length, rowsRead]).toEqual([48, 1, 0, 1]);
    expect((await parseFiles(text, { nmi: "nmi9999999" })).readings).toHaveLength(288);
    expect(await parseFiles(text, { nmi: "NMI0000000" })).toEqual({
      readings: [],
      rejects: [{ row: "NMI NMI0000000", reason: expect.stringContaining("the files hold 6203778594, NMI9999999") }],
      rowsRead: 0,
    });
  });

  it("need the NMI in the settings: the error names them", async () => {
    await expect(parseFiles(text)).rejects.toMatchObject({
      code: "NMI_AMBIGUOUS",
      isRetryable: false,
      message: expect.stringContaining("6203778594, NMI9999999"),
    });
    const apart = [file(stream({ nmi: "A" }), day()), file(stream({ nmi: "B" }), day())];
    await expect(parseFiles(apart)).rejects.toMatchObject({ code: "NMI_AMBIGUOUS" });
  });
});

describe("restatements", () => {
  const rowOf = (values: number, updatedAt: string) => day({ values, updatedAt });

  it("with a later update time win, wherever they stand", async () => {
    const text = file(stream(), rowOf(2, "20261105000000"), rowOf(1, "20261102000000"));
    expect((await parseFiles(text)).readings[0]?.eRealKwh).toBe(2);
    const files = [file(stream(), rowOf(2, "20261105000000")), file(stream(), rowOf(1, "20261102000000"))];
    expect((await parseFiles(files)).readings[0]?.eRealKwh).toBe(2);
    expect((await parseFiles([...files].reverse())).readings[0]?.eRealKwh).toBe(2);
  });

  it.each(["20261102080000", ""])(
    "with the same update time (%j) go by order: the later row wins",
    async (updatedAt) => {
      const { readings, rejects } = await parseFiles(file(stream(), rowOf(1, updatedAt), rowOf(2, updatedAt)));
      expect([readings.length, readings[0]?.eRealKwh, rejects.length]).toEqual([48, 2, 0]);
      const files = [file(stream(), rowOf(1, updatedAt)), file(stream(), rowOf(2, updatedAt))];
      expect((await parseFiles(files)).readings[0]?.eRealKwh).toBe(2);
    },
  );

  it("and other days come in order of time whatever order they are written in, and null intervals between them leave no trace", async () => {
    const text = file(
      stream(),
      day({ date: "20261103", values: 3 }),
      day({ values: 1, quality: "V" }),
      "400,1,20,N,,",
      "400,21,48,A,,",
      day({ date: "20261102", values: 2 }),
    );
    const { readings } = await parseFiles(text);
    expect(readings.map(({ eRealKwh }) => eRealKwh)).toEqual([
      ...Array(28).fill(1),
      ...Array(48).fill(2),
      ...Array(48).fill(3),
    ]);
    const starts = readings.map(({ startEpochSeconds }) => startEpochSeconds);
    expect(starts).toEqual([...starts].sort((a, b) => a - b));
  });

  it("compare by their instant where one is told to the minute or to the day only", async () => {
    const text = file(stream(), rowOf(2, "202611050000"), rowOf(1, "20261104235959"), rowOf(3, "20261101"));
    const { readings, rejects } = await parseFiles(text);
    expect([readings.length, readings[0]?.eRealKwh, rejects]).toEqual([48, 2, []]);
  });

  it("that cannot be read leave the day as it was, and are listed with file and line", async () => {
    const files = [
      file(stream(), rowOf(1, "1".repeat(14))),
      file(stream(), day({ values: "x", updatedAt: "20261109000000" })),
    ];
    const { readings, rejects } = await parseFiles(files);
    expect(readings[0]?.eRealKwh).toBe(1);
    expect(rejects).toEqual([{ row: "file-2.csv line 3", reason: 'Value 1 is "x", no number.', ...ofDay("20261101") }]);
  });
});

describe("files as they come", () => {
  const whole = day({ values: Array.from({ length: 48 }, (_, at) => (at / 8).toFixed(3)) });
  const expected = total(Array.from({ length: 48 }, (_, at) => at / 8));
  const sumOf = async (text: string) => {
    const { readings, rejects } = await parseFiles(text);
    expect([readings.length, rejects]).toEqual([48, []]);
    return total(readings.map((reading) => reading.eRealKwh));
  };
  const brokenAt = (...at: number[]) => {
    const cuts = [0, ...at, whole.length];
    return cuts.slice(1).map((end, index) => whole.slice(cuts[index], end));
  };

  it("may break an interval record after a comma, before one, in a value, or in its tail", async () => {
    const comma = whole.indexOf(",", 100);
    const tail = whole.indexOf(",A,");
    for (const places of [
      [comma + 1],
      [comma],
      [comma + 3],
      [comma + 1, comma + 60],
      [tail],
      [tail + 1],
      [tail + 5],
      [tail + 3],
    ]) {
      expect(await sumOf([HEADER, stream(), ...brokenAt(...places), END].join("\n"))).toBe(expected);
    }
  });

  it("may break an interval record within its times, wherever that is", async () => {
    const timed = whole.replace(/,$/, ",20261102142516");
    const from = timed.indexOf(",A,") + 5;
    for (let at = from; at < timed.length; at++) {
      const text = [HEADER, stream(), timed.slice(0, at), timed.slice(at), END].join("\n");
      expect([at, await sumOf(text)]).toEqual([at, expected]);
    }
  });

  it("may break an interval record in place of a comma", async () => {
    const values = whole.split(",");
    const text = [
      HEADER,
      stream(),
      values.slice(0, 20).join(","),
      values.slice(20, 30).join(","),
      values.slice(30).join(","),
      END,
    ];
    expect(await sumOf(text.join("\n"))).toBe(expected);
  });

  it("may go on with a value that looks like a record's number", async () => {
    const values = [...new Array(20).fill(1), 300, 2, 400, 3, 900, 4, ...new Array(22).fill(1)];
    const record = day({ values });
    for (const start of [",300,2", ",400,3", ",900,4"]) {
      const at = record.indexOf(start) + 1;
      expect(await sumOf([HEADER, stream(), record.slice(0, at), record.slice(at), END].join("\n"))).toBe(
        total(values),
      );
    }
  });

  it.each([
    ["LF", `${HEADER}\n${stream()}\n${whole}\n${END}\n`],
    ["no end record", `${HEADER}\n${stream()}\n${whole}\n`],
    ["no line end at the end", `${HEADER}\n${stream()}\n${whole}`],
    ["no header", `${stream()}\n${whole}\n${END}`],
    ["padding commas", [HEADER, stream(), whole, END].map((line) => `${line},,,,`).join("\r\n")],
    ["lines of commas and blank lines", `${HEADER}\n\n${stream()}\n,,,\n${whole}\n,,,,\n${END}\n\n`],
    ["a byte of blanks around fields", `${HEADER}\n${stream()}\n${whole.replaceAll(",", " , ")}\n${END}`],
    ["quoted fields", `${HEADER}\n${stream({ nmi: '"6203778594"' })}\n${whole.replace(",A,", ',"A",')}\n${END}`],
    ["no fields after the quality", `${HEADER}\n${stream()}\n${whole.replace(/,A,.*/, ",A")}\n${END}`],
    ["B2B records", `${HEADER}\n${stream()}\n${whole}\n500,N,,20261102154500,0012300.5\n${END}`],
  ])("are read with %s", async (_, text) => {
    expect(await sumOf(text)).toBe(expected);
  });

  it("may be nothing but a frame", async () => {
    expect(await parseFiles(`${HEADER}\n${END}\n`)).toEqual({ readings: [], rejects: [], rowsRead: 0 });
  });
});

describe("single bad rows", () => {
  it.each([
    ["too few values", day({ count: 47 }), "47 values where 30-minute intervals need 48"],
    ["too many values", day({ count: 49 }), "49 values where 30-minute intervals need 48"],
    [
      "a word for a value",
      day({ values: [...new Array(10).fill(1), "n/a", ...new Array(37).fill(1)] }),
      'Value 11 is "n/a"',
    ],
    ["an empty value", day({ values: [...new Array(47).fill(1), ""] }), "Value 48 is missing"],
    ["an impossible date", day({ date: "20261131" }), "20261131 is no date"],
    ["no quality", day({ quality: "" }), "quality is missing"],
    ["an unknown quality", day({ quality: "Z" }), '"Z" is no quality'],
    ["a bad update time", day({ updatedAt: "2026-11-02" }), "no update time"],
    ["a line that is nothing", "hello,world", "no NEM12 record"],
    ["a 400 record on its own", "400,1,48,A,,", "follows no 300"],
  ])("%s: rejected with line and reason, the next day is read", async (_, line, reason) => {
    const before = day({ date: "20261103" });
    const { readings, rejects } = await parseFiles(
      line.startsWith("400")
        ? file(stream(), "500,N,,20261102154500,1", line, before)
        : file(stream(), before, line, day({ date: "20261102" })),
    );
    const time = line.startsWith("300") && !line.includes("20261131") ? ofDay("20261101") : {};
    expect(rejects).toEqual([{ row: "line 4", reason: expect.stringContaining(reason), ...time }]);
    expect(readings.length % 48).toBe(0);
    expect(readings.length).toBeGreaterThan(0);
    expect(readings.some((reading) => isoOf(reading.startEpochSeconds) === "2026-10-31T14:00:00.000Z")).toBe(false);
  });
});
