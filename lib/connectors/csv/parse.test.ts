import { describe, expect, it } from "vitest";
import { isoOf, parseFiles, settings, table } from "./testing";

const hours = (...values: string[]) => table(...values.map((value, hour) => `2026-11-01 0${hour}:00,${value}`));
const startsOf = async (text: string, changes = {}) =>
  (await parseFiles(text, changes)).readings.map(({ startEpochSeconds }) => isoOf(startEpochSeconds));

describe("values", () => {
  it.each([
    ["Wh", "eRealKwh", "1234", 1.234],
    ["kWh", "eRealPositiveKwh", "0.1", 0.1],
    ["MWh", "eRealNegativeKwh", "0.0011", 1.1],
    ["J", "eRealKwh", "3600000", 1],
    ["W", "eRealKwh", "1500", 1.5],
    ["kW", "eRealKwh", "-2.5", -2.5],
    ["MW", "eRealKwh", "1e-3", 1],
    ["varh", "eReactiveKvarh", "5", 0.005],
    ["kvarh", "eReactiveKvarh", "+7", 7],
    ["Mvar", "eReactiveKvarh", ".002", 2],
    ["V", "vRmsMax", "230.5", 230.5],
    ["kV", "vRmsMin", "11", 11_000],
    ["mA", "iRmsMax", "250", 0.25],
    ["A", "iRmsMin", "10.", 10],
  ])("in %s are %s", async (unit, metric, text, expected) => {
    const { readings } = await parseFiles(hours(text, text), { values: [{ column: "kWh", metric, unit }] });
    expect(readings[0]).toMatchObject({ [metric]: expected });
  });

  it("are exact to the digits given, where multiplying would leave dust", async () => {
    for (let wh = 1; wh < 2_000; wh += 7) {
      const { readings } = await parseFiles(hours(`${wh}.1`, "0"), {
        values: [{ column: "kWh", metric: "eRealKwh", unit: "Wh" }],
      });
      expect(String(readings[0]?.eRealKwh)).toBe(String(Number(`${wh}.1e-3`)));
    }
  });

  it("of mean power count over the interval's length", async () => {
    const text = table("2026-11-01 00:00,4", "2026-11-01 00:15,8");
    const { readings } = await parseFiles(text, { values: [{ column: "kWh", metric: "eRealKwh", unit: "kW" }] });
    expect(readings.map(({ eRealKwh, durationSeconds }) => [eRealKwh, durationSeconds])).toEqual([
      [1, 900],
      [2, 900],
    ]);
  });

  it("of one energy are summed, null as soon as one is missing; of voltages the highest that is there is kept", async () => {
    const text = "time,a,b,u,v\n2026-11-01 00:00,1,2,229,231\n2026-11-01 01:00,1,,229,n/a\n";
    const values = [
      { column: "a", metric: "eRealPositiveKwh", unit: "kWh" },
      { column: "b", metric: "eRealPositiveKwh", unit: "kWh" },
      { column: "u", metric: "vRmsMax", unit: "V" },
      { column: "v", metric: "vRmsMax", unit: "V" },
    ];
    expect((await parseFiles(text, { values })).readings).toMatchObject([
      { eRealPositiveKwh: 3, eRealKwh: 3, vRmsMax: 231 },
      { eRealPositiveKwh: null, eRealKwh: null, vRmsMax: 229 },
    ]);
  });

  it("give the net of what is taken and sent; a sign can be turned", async () => {
    const text = "time,in,out\n2026-11-01 00:00,1.2,-3\n2026-11-01 01:00,1,\n";
    const values = [
      { column: "in", metric: "eRealPositiveKwh", unit: "kWh" },
      { column: "out", metric: "eRealNegativeKwh", unit: "kWh", invert: true },
    ];
    expect((await parseFiles(text, { values })).readings).toMatchObject([
      { eRealPositiveKwh: 1.2, eRealNegativeKwh: 3, eRealKwh: -1.8 },
      { eRealPositiveKwh: 1, eRealNegativeKwh: null, eRealKwh: null },
    ]);
  });

  it.each([
    ["1,234.5", /thousands separators/],
    ["1 234", /thousands separators/],
    ["0x10", /no number/],
    ["Infinity", /no number/],
    ["12kWh", /no number/],
    ["1e999", /too large/],
    ["9".repeat(61), /no number/],
  ])("%s are refused with their line", async (value, words) => {
    const { readings, rejects } = await parseFiles(table(`2026-11-01 00:00,"${value}"`, "2026-11-01 01:00,2"), {
      decimalMark: ".",
    });
    expect(readings).toHaveLength(1);
    expect(rejects).toMatchObject([
      {
        row: "line 2",
        reason: expect.stringMatching(words),
        startEpochSeconds: Date.parse("2026-11-01T00:00:00Z") / 1000,
      },
    ]);
  });

  it.each(["", "-", "--", "N/A", "null", "NaN", "#N/A"])("%j is none, and no reading by itself", async (nothing) => {
    const { readings, rejects } = await parseFiles(hours("1", nothing, "3"));
    expect([readings.length, rejects]).toEqual([2, []]);
  });
});

describe("the decimal mark", () => {
  const semicolons = (...values: string[]) =>
    hours(...values)
      .replaceAll(",", ";")
      .replaceAll("/", ",");

  it("is found from the first rows", async () => {
    expect((await parseFiles(semicolons("0/25", "1/5"))).readings.map(({ eRealKwh }) => eRealKwh)).toEqual([0.25, 1.5]);
    expect((await parseFiles(semicolons("0.25", "1.5"))).readings.map(({ eRealKwh }) => eRealKwh)).toEqual([0.25, 1.5]);
  });

  it.each([
    ["commas that can separate thousands", semicolons("1/234", "12/345")],
    ["both marks", semicolons("0/25", "0.25")],
  ])("must be named where the rows have %s", async (_, text) => {
    await expect(parseFiles(text)).rejects.toMatchObject({ code: "DECIMAL_MARK_UNKNOWN" });
    expect((await parseFiles(text, { decimalMark: "," })).readings.length).toBeGreaterThan(0);
  });

  it("that is another one in a row is refused there", async () => {
    const { rejects } = await parseFiles(semicolons("0/25", "0.5"), { decimalMark: "," });
    expect(rejects).toMatchObject([{ row: "line 3", reason: expect.stringContaining("has a point") }]);
  });
});

describe("long files", () => {
  const text = [
    "when;id;register;amount;state",
    "2026-11-01 00:00;M1;B1;2;ok",
    "2026-11-01 00:00;M1;E1;5;ok",
    "2026-11-01 00:00;M2;E1;99;ok",
    "2026-11-01 00:30;M1;E1;7;est",
    "2026-11-01 00:30;M1;V1;240;ok",
    "",
  ].join("\n");
  const long = {
    stampColumn: "when",
    channelColumn: "register",
    valueColumn: "amount",
    meterColumn: "id",
    meterId: "M1",
    qualityColumn: "state",
    qualities: { ok: "actual", est: "estimated" },
    intervalMinutes: 30,
    values: [
      { channel: "E1", metric: "eRealPositiveKwh", unit: "kWh" },
      { channel: "B1", metric: "eRealNegativeKwh", unit: "kWh" },
    ],
  };

  it("put the rows of an interval together, whatever their order", async () => {
    const { readings, rejects, rowsRead } = await parseFiles(text, long);
    expect(readings).toMatchObject([
      { eRealPositiveKwh: 5, eRealNegativeKwh: 2, eRealKwh: 3, quality: "actual" },
      { eRealPositiveKwh: 7, eRealNegativeKwh: null, eRealKwh: null, quality: "estimated" },
    ]);
    expect([rejects, rowsRead]).toEqual([[], 3]);
  });

  it("say which meter or channel of the settings they do not have", async () => {
    expect((await parseFiles(text, { ...long, meterId: "M9" })).rejects).toEqual([
      { row: "meter M9", reason: "The settings name the meter M9, but the files hold M1, M2." },
    ]);
    const values = [...long.values, { channel: "Q1", metric: "eReactiveKvarh", unit: "kvarh" }];
    expect((await parseFiles(text, { ...long, values })).rejects).toMatchObject([{ row: "channel Q1" }]);
  });

  it("refuse a quality that the settings do not know", async () => {
    const { rejects } = await parseFiles(text, { ...long, qualities: { ok: "actual" } });
    expect(rejects).toMatchObject([{ row: "line 5", reason: expect.stringContaining('"est"') }]);
  });
});

describe("the same interval twice", () => {
  it("is the later row; another value before it is refused with its line", async () => {
    const text = table("2026-11-01 00:00,1", "2026-11-01 01:00,2", "2026-11-01 00:00,1", "2026-11-01 01:00,3");
    const { readings, rejects } = await parseFiles(text);
    expect(readings.map(({ eRealKwh }) => eRealKwh)).toEqual([1, 3]);
    expect(rejects).toMatchObject([{ row: "line 3", startEpochSeconds: Date.parse("2026-11-01T01:00:00Z") / 1000 }]);
  });

  it("in a later file is that file's, without a word", async () => {
    const { readings, rejects } = await parseFiles([hours("1", "2", "3"), hours("4", "5")]);
    expect([readings.map(({ eRealKwh }) => eRealKwh), rejects]).toEqual([[4, 5, 3], []]);
  });

  it("in another length replaces what it overlaps", async () => {
    const quarters = table("2026-11-01 01:00,1", "2026-11-01 01:15,1", "2026-11-01 01:30,1", "2026-11-01 01:45,1");
    expect((await parseFiles([hours("8", "8"), quarters])).readings.map(({ eRealKwh }) => eRealKwh)).toEqual([
      8, 1, 1, 1, 1,
    ]);
    const { readings, rejects } = await parseFiles([quarters, hours("8", "8")]);
    expect([readings.map(({ eRealKwh }) => eRealKwh), rejects.length]).toEqual([[8, 8], 3]);
  });
});

describe("interval lengths", () => {
  it("are the distance most rows have", async () => {
    const text = table("2026-11-01 00:00,1", "2026-11-01 00:10,1", "2026-11-01 00:20,1", "2026-11-01 05:00,1");
    expect((await parseFiles(text)).readings.map(({ durationSeconds }) => durationSeconds)).toEqual([
      600, 600, 600, 600,
    ]);
  });

  it("must be told where one row does not show them, and cannot be longer than the rows are apart", async () => {
    await expect(parseFiles(table("2026-11-01 00:00,1"))).rejects.toMatchObject({ code: "INTERVAL_UNKNOWN" });
    const one = await parseFiles(table("2026-11-01 00:00,1"), { intervalMinutes: 15 });
    expect(one.readings[0]?.durationSeconds).toBe(900);
    await expect(parseFiles(hours("1", "2"), { intervalMinutes: 120 })).rejects.toMatchObject({
      code: "INTERVAL_DIFFERS",
    });
  });

  it("of days are civil days", async () => {
    const text = table("2026-10-03,1", "2026-10-04,2", "2026-10-05,3");
    const { readings } = await parseFiles(text, { timezone: "Australia/Sydney" });
    expect(readings.map(({ durationSeconds }) => durationSeconds / 3600)).toEqual([24, 23, 24]);
    const ends = await parseFiles(text, { timezone: "Australia/Sydney", stampIs: "end" });
    expect(
      ends.readings.map(({ startEpochSeconds, durationSeconds }) => [
        isoOf(startEpochSeconds),
        durationSeconds / 3600,
      ])[2],
    ).toEqual(["2026-10-03T14:00:00.000Z", 23]);
  });
});

describe("settings", () => {
  const values = [{ column: "kWh", metric: "eRealKwh", unit: "kWh" }];
  it.each([
    [{ channelColumn: "c" }, /go together/],
    [{ meterId: "c" }, /go together/],
    [{ channelColumn: "c", valueColumn: "v" }, /needs its channel/],
    [{ values: [{ channel: "E1", metric: "eRealKwh", unit: "kWh" }] }, /needs its column/],
    [{ values: [{ column: "a", metric: "eRealKwh", unit: "V" }] }, /does not measure/],
    [{ values: [...values, ...values] }, /named twice/],
    [{ stampFormat: "HH:mm" }, /year, a month and a day/],
    [{ stampFormat: "DD/MM/YYYY hh:mm" }, /hh and A go together/],
    [{ stampFormat: "X YYYY" }, /stand alone/],
    [{ timezone: "CET" }, /IANA zone/],
    [{ intervalMinutes: 0 }, /./],
  ])("%j are refused", (changes, words) => {
    expect(() => settings(changes)).toThrow(words);
  });
});

it("finds the decimal mark of cells of very many digits at once", async () => {
  const startedAt = performance.now();
  const text = hours("1", `${"1".repeat(200_000)}x`);
  const { readings, rejects } = await parseFiles(text);
  expect(performance.now() - startedAt).toBeLessThan(5_000);
  expect([readings.length, rejects.length]).toEqual([1, 1]);
});

it("keeps only rows that start inside the range, and refuses none outside it", async () => {
  const range = { from: new Date("2026-11-01T01:00:00Z"), to: new Date("2026-11-01T02:00:00Z") };
  const { readings, rejects, rowsRead } = await parseFiles(hours("x", "2", "y"), {}, range);
  expect([readings.length, rejects, rowsRead]).toEqual([1, [], 1]);
});

it("names starts as the instants they are", async () => {
  expect(await startsOf(hours("1", "2"), { stampIs: "end" })).toEqual([
    "2026-10-31T23:00:00.000Z",
    "2026-11-01T00:00:00.000Z",
  ]);
  expect(await startsOf(hours("1", "2"), { timezone: "+10:00" })).toEqual([
    "2026-10-31T14:00:00.000Z",
    "2026-10-31T15:00:00.000Z",
  ]);
});
