import { describe, expect, it } from "vitest";
import { stampReader } from "./stamp-format";
import { isoOf, parseFiles, table } from "./testing";

describe("formats", () => {
  it.each([
    ["auto", "2026-11-01 00:30", "2026-11-01T00:30:00.000Z", undefined],
    ["auto", "2026-11-01T00:30:15", "2026-11-01T00:30:15.000Z", undefined],
    ["auto", "2026-11-01T00:30:15.250+10:00", "2026-11-01T00:30:15.000Z", 36_000],
    ["auto", "2026-11-01T00:30:00Z", "2026-11-01T00:30:00.000Z", 0],
    ["auto", "2026-11-01 00:30 -0330", "2026-11-01T00:30:00.000Z", -12_600],
    ["auto", "2026/11/01 00:30", "2026-11-01T00:30:00.000Z", undefined],
    ["auto", "2026-11-01", "2026-11-01T00:00:00.000Z", undefined],
    ["auto", "2026-11-01 24:00", "2026-11-02T00:00:00.000Z", undefined],
    ["DD/MM/YYYY HH:mm", "01/11/2026 00:30", "2026-11-01T00:30:00.000Z", undefined],
    ["M/D/YYYY h:mm A", "11/1/2026 12:30 AM", "2026-11-01T00:30:00.000Z", undefined],
    ["M/D/YYYY h:mm A", "11/1/2026 12:30 p.m.", "2026-11-01T12:30:00.000Z", undefined],
    ["DD-MMM-YY HH:mm", "01-Nov-26 00:30", "2026-11-01T00:30:00.000Z", undefined],
    ["DD.MM.YYYY HH:mm:ss.SSS", "01.11.2026 00:30:01.5", "2026-11-01T00:30:01.000Z", undefined],
    ["YYYYMMDDHHmm", "202611010030", "2026-11-01T00:30:00.000Z", undefined],
    ["YYYY-MM-DD HH:mm Z", "2026-11-01 00:30 +01", "2026-11-01T00:30:00.000Z", 3_600],
    ["X", "1793493000", "2026-11-01T00:30:00.000Z", 0],
    ["x", "1793493000000", "2026-11-01T00:30:00.000Z", 0],
  ])("%s reads %s", (format, text, wall, offsetSeconds) => {
    const stamp = stampReader(format)(text);
    expect([isoOf(stamp?.wallSeconds), stamp?.offsetSeconds]).toEqual([wall, offsetSeconds]);
  });

  it.each([
    ["auto", "2026-11-01 00:00:00\u00a0 to 2026-11-01 00:15:00"],
    ["M/D/YYYY H:mm", "11/1/2026 0:00 to 11/1/2026 0:15"],
  ])("%s reads the end that is meant of %j", (format, text) => {
    expect(isoOf(stampReader(format)(text)?.wallSeconds)).toBe("2026-11-01T00:00:00.000Z");
    expect(isoOf(stampReader(format, "end")(text)?.wallSeconds)).toBe("2026-11-01T00:15:00.000Z");
  });

  it.each([
    ["auto", "01/11/2026 00:30"],
    ["auto", "2026-11-01 00:00 to"],
    ["auto", "2026-11-01 00:00 to x to 2026-11-01 00:15"],
    ["auto", "2026-11-01 00:60"],
    ["auto", "2026-11-01 25:00"],
    ["auto", "2026-11-01 24:01"],
    ["auto", "2026-02-30 00:00"],
    ["auto", "2026-13-01"],
    ["auto", "2026-11-01 00:3x"],
    ["auto", ""],
    ["DD/MM/YYYY HH:mm", "13/13/2026 00:00"],
    ["M/D/YYYY h:mm A", "11/1/2026 13:30 PM"],
    ["DD-MMM-YY HH:mm", "01-Foo-26 00:30"],
    ["X", "2026-11-01"],
  ])("%s does not read %j", (format, text) => {
    const read = stampReader(format);
    read("2026-11-01 00:00");
    expect(read(text)).toBeUndefined();
  });
});

const sydney = { timezone: "Australia/Sydney" };
const startsOf = async (times: readonly string[], changes: Record<string, unknown> = sydney) => {
  const { readings, rejects } = await parseFiles(table(...times.map((time, at) => `2026-04-05 ${time},${at}`)), {
    intervalMinutes: 30,
    ...changes,
  });
  return {
    starts: readings.map(({ startEpochSeconds, eRealKwh }) => [isoOf(startEpochSeconds).slice(11, 16), eRealKwh]),
    rejects,
  };
};

describe("the repeated hour (Sydney, 3:00 back to 2:00 at 16:00 UTC)", () => {
  const forwards = ["01:30", "02:00", "02:30", "02:00", "02:30", "03:00"];
  const inOrder = [
    ["14:30", 0],
    ["15:00", 1],
    ["15:30", 2],
    ["16:00", 3],
    ["16:30", 4],
    ["17:00", 5],
  ];

  it("is told apart by the order of the rows", async () => {
    expect(await startsOf(forwards)).toEqual({ starts: inOrder, rejects: [] });
  });

  it("in a file that runs backwards too", async () => {
    const { starts } = await startsOf([...forwards].reverse());
    expect(starts).toEqual(inOrder.map(([start], at) => [start, 5 - at]));
  });

  it("of hourly rows too", async () => {
    const { starts } = await startsOf(["01:00", "02:00", "02:00", "03:00"], { ...sydney, intervalMinutes: 60 });
    expect(starts).toEqual([
      ["14:00", 0],
      ["15:00", 1],
      ["16:00", 2],
      ["17:00", 3],
    ]);
  });

  it("of stamps that are ends too", async () => {
    const { starts } = await startsOf(["02:00", "02:30", "02:00", "02:30", "03:00"], { ...sydney, stampIs: "end" });
    expect(starts).toEqual([
      ["14:30", 0],
      ["15:00", 1],
      ["15:30", 2],
      ["16:00", 3],
      ["16:30", 4],
    ]);
  });

  it("that a file has once is the first, and the second is missing", async () => {
    expect(await startsOf(["01:30", "02:00", "02:30", "03:00"])).toEqual({
      starts: [
        ["14:30", 0],
        ["15:00", 1],
        ["15:30", 2],
        ["17:00", 3],
      ],
      rejects: [],
    });
  });

  it("is none where the stamp tells its offset, or the zone has no daylight saving", async () => {
    const offsets = ["02:30+11:00", "02:30+10:00"];
    expect((await startsOf(offsets)).starts).toEqual([
      ["15:30", 0],
      ["16:30", 1],
    ]);
    expect((await startsOf(["02:00", "02:30"], { timezone: "Australia/Brisbane" })).starts).toEqual([
      ["16:00", 0],
      ["16:30", 1],
    ]);
    expect((await startsOf(["02:00", "02:30"], { timezone: "+11:00" })).starts).toEqual([
      ["15:00", 0],
      ["15:30", 1],
    ]);
  });

  it("is counted for each channel by itself", async () => {
    const rows = ["02:00", "02:30", "02:00", "02:30"].flatMap((time, at) =>
      ["a", "b"].map((id) => `2026-04-05 ${time};${id};${at}`),
    );
    const { readings, rejects } = await parseFiles(`time;id;v\n${rows.join("\n")}\n`, {
      ...sydney,
      channelColumn: "id",
      valueColumn: "v",
      values: [
        { channel: "a", metric: "eRealPositiveKwh", unit: "kWh" },
        { channel: "b", metric: "eRealNegativeKwh", unit: "kWh" },
      ],
    });
    expect([readings.map(({ eRealPositiveKwh }) => eRealPositiveKwh), rejects]).toEqual([[0, 1, 2, 3], []]);
  });
});

describe("the missing hour (Sydney, 2:00 on to 3:00 at 16:00 UTC)", () => {
  const text = table("2026-10-04 01:30,1", "2026-10-04 02:00,2", "2026-10-04 02:30,3", "2026-10-04 03:00,4");

  it("is an error with its line", async () => {
    const { readings, rejects } = await parseFiles(text, sydney);
    expect(readings.map(({ startEpochSeconds }) => isoOf(startEpochSeconds))).toEqual([
      "2026-10-03T15:30:00.000Z",
      "2026-10-03T16:00:00.000Z",
    ]);
    expect(rejects).toEqual([
      { row: "line 3", reason: "2026-10-04 02:00 does not exist in Australia/Sydney: clocks are put forward past it." },
      { row: "line 4", reason: "2026-10-04 02:30 does not exist in Australia/Sydney: clocks are put forward past it." },
    ]);
  });

  it("begins after the end of the interval before it", async () => {
    const { readings, rejects } = await parseFiles(text, { ...sydney, stampIs: "end" });
    expect(readings.map(({ startEpochSeconds }) => isoOf(startEpochSeconds))).toEqual([
      "2026-10-03T15:00:00.000Z",
      "2026-10-03T15:30:00.000Z",
    ]);
    expect(rejects.map(({ row }) => row)).toEqual(["line 4", "line 3"]);
  });
});
