import { describe, expect, it } from "vitest";
import type { ParseContext } from "../contract";
import { NO_CONTENT_TYPE } from "../json-body";
import { listed } from "../listed-for-tests";
import { rawInput } from "../raw-inputs";
import type { SourceError } from "../source-error";
import { parseLongEnergy } from "./parse";
import { type WattwatchersSettings, wattwatchersSettings } from "./settings";

const at = (iso: string) => Date.parse(iso) / 1000;
const day = { from: new Date("2026-11-01T00:00:00Z"), to: new Date("2026-11-02T00:00:00Z") };

function contextOf(settings: WattwatchersSettings = {}, range = day): ParseContext<WattwatchersSettings> {
  return { settings, dataSource: "D100", dataSourceType: "API", timezone: "Australia/Sydney", range };
}

const kwhRow = (endsAt: string, over: Record<string, unknown> = {}) => ({
  timestamp: at(endsAt),
  duration: 300,
  eRealKwh: [0.5, -0.2],
  eRealPositiveKwh: [0.5, 0.1],
  eRealNegativeKwh: [0, 0.3],
  eReactiveKwh: [0.05, 0.01],
  vRMSMin: [229.4],
  vRMSMax: [232.2],
  iRMSMin: [1.5, 0.2],
  iRMSMax: [3.5, 4.5],
  ...over,
});

const parse = (rows: unknown, settings?: WattwatchersSettings, range?: typeof day) =>
  listed(
    parseLongEnergy(
      [rawInput("a.json", typeof rows === "string" ? rows : JSON.stringify(rows))],
      contextOf(settings, range),
    ),
  );

describe("long energy of Wattwatchers", () => {
  it("stamps a reading with its start: the vendor's stamp is the end", async () => {
    const { readings } = await parse([kwhRow("2026-11-01T00:05:00Z")]);
    expect(readings).toEqual([
      {
        startEpochSeconds: at("2026-11-01T00:00:00Z"),
        durationSeconds: 300,
        quality: "actual",
        eRealKwh: 0.3,
        eRealPositiveKwh: 0.6,
        eRealNegativeKwh: 0.3,
        eReactiveKvarh: 0.06,
        vRmsMin: 229.4,
        vRmsMax: 232.2,
        iRmsMin: 0.2,
        iRmsMax: 4.5,
      },
    ]);
  });

  it("reads joules by the field's name: 3,600,000 J are 1 kWh", async () => {
    const row = {
      timestamp: at("2026-11-01T00:05:00Z"),
      duration: 300,
      eReal: [3_639_405, 336_898, -560, 37, -14, -25],
      eRealNegative: [0, 0, 560, 0, 14, 25],
      eRealPositive: [3_639_405, 336_898, 0, 37, 0, 0],
      eReactive: [154_581, 140_216, 61, 45, -4, 11],
    };
    const { readings } = await parse([row]);
    expect(readings[0]).toMatchObject({
      eRealKwh: 1.1043725,
      eRealPositiveKwh: 1.104538889,
      eRealNegativeKwh: 0.000166389,
      eReactiveKvarh: 0.081919444,
      vRmsMin: null,
    });
  });

  it("sums the chosen channels, and an inverted one swaps what it took and sent", async () => {
    const second = await parse([kwhRow("2026-11-01T00:05:00Z")], { channels: [2] });
    expect(second.readings[0]).toMatchObject({
      eRealKwh: -0.2,
      eRealPositiveKwh: 0.1,
      eRealNegativeKwh: 0.3,
      iRmsMin: 0.2,
      iRmsMax: 4.5,
    });
    const inverted = await parse([kwhRow("2026-11-01T00:05:00Z")], { channels: [1, 2], invert: [2] });
    expect(inverted.readings[0]).toMatchObject({
      eRealKwh: 0.7,
      eRealPositiveKwh: 0.8,
      eRealNegativeKwh: 0.1,
      eReactiveKvarh: 0.04,
    });
  });

  it("keeps what starts inside the range: the row stamped with the range's start belongs to the day before", async () => {
    const stamps = ["2026-11-01T00:00:00Z", "2026-11-01T00:05:00Z", "2026-11-02T00:00:00Z", "2026-11-02T00:05:00Z"];
    const { readings, rowsRead, rejects } = await parse(stamps.map((stamp) => kwhRow(stamp)));
    expect(readings.map((reading) => reading.startEpochSeconds)).toEqual([
      at("2026-11-01T00:00:00Z"),
      at("2026-11-01T23:55:00Z"),
    ]);
    expect({ rowsRead, rejects }).toEqual({ rowsRead: 2, rejects: [] });
  });

  it("sorts, and lets the later input win over the earlier", async () => {
    const older = rawInput("1.json", JSON.stringify([kwhRow("2026-11-01T00:10:00Z"), kwhRow("2026-11-01T00:05:00Z")]));
    const newer = rawInput("2.json", JSON.stringify([kwhRow("2026-11-01T00:10:00Z", { eRealKwh: [9, 9] })]));
    const { readings, rejects } = await listed(parseLongEnergy([older, newer], contextOf()));
    expect(readings.map((reading) => reading.eRealKwh)).toEqual([0.3, 18]);
    expect(rejects).toEqual([]);
  });

  it("rejects single rows with their position and a reason, and reads the others", async () => {
    const { readings, rejects, rowsRead } = await parse([
      kwhRow("2026-11-01T00:05:00Z"),
      kwhRow("2026-11-01T00:10:00Z", { duration: 900 }),
      kwhRow("2026-11-01T00:15:00Z", { eRealKwh: [1, 2, 3] }),
      kwhRow("2026-11-01T00:20:00Z", { eRealPositiveKwh: [1] }),
      kwhRow("2026-11-01T00:25:00Z", { eRealKwh: [1, null] }),
      kwhRow("2026-11-01T00:30:00Z", { eRealKwh: undefined, pRealKw: [1, 2] }),
      kwhRow("2026-11-01T00:35:00Z", { eRealKwh: ["1", "2"] }),
      kwhRow("2026-11-01T00:41:00Z"),
      "noise",
      kwhRow("2026-11-01T00:50:00Z"),
    ]);
    expect(readings.map((reading) => reading.startEpochSeconds)).toEqual([
      at("2026-11-01T00:00:00Z"),
      at("2026-11-01T00:45:00Z"),
    ]);
    expect(rowsRead).toBe(10);
    expect(rejects.map(({ row }) => row).sort()).toEqual(["[1]", "[2]", "[3]", "[4]", "[5]", "[6]", "[7]", "[8]"]);
    const reasonOf = (row: string) => rejects.find((reject) => reject.row === row)?.reason;
    expect(reasonOf("[1]")).toContain("900 seconds");
    expect(reasonOf("[2]")).toContain("3 channels");
    expect(reasonOf("[3]")).toContain("eRealPositiveKwh has 1");
    expect(reasonOf("[4]")).toContain("Channel 2 has no energy");
    expect(reasonOf("[5]")).toContain("neither eReal nor eRealKwh");
    expect(reasonOf("[6]")).toContain("no list of numbers");
    expect(reasonOf("[7]")).toContain("five-minute mark");
    expect(reasonOf("[8]")).toContain("timestamp");
  });

  it("keeps a reject on its interval where the row tells one", async () => {
    const { rejects } = await parse([
      kwhRow("2026-11-01T00:05:00Z"),
      kwhRow("2026-11-01T00:10:00Z", { duration: undefined }),
      kwhRow("2026-11-01T00:15:00Z", { eRealKwh: [1, null] }),
      kwhRow("2026-11-01T00:20:00Z", { timestamp: "1793491200" }),
    ]);
    const told = rejects.map(({ row, reason, startEpochSeconds }) => [row, reason, startEpochSeconds]);
    expect(told.sort()).toEqual([
      ["[1]", expect.stringContaining("does not say how long"), at("2026-11-01T00:05:00Z")],
      ["[2]", expect.stringContaining("Channel 2"), at("2026-11-01T00:10:00Z")],
      ["[3]", expect.stringContaining("no timestamp"), undefined],
    ]);
  });

  it("takes chosen channels from rows of any width, and rejects rows without one of them", async () => {
    const rows = [
      kwhRow("2026-11-01T00:05:00Z"),
      kwhRow("2026-11-01T00:10:00Z"),
      kwhRow("2026-11-01T00:15:00Z", {
        eRealKwh: [3, 4, 5],
        eRealPositiveKwh: [3, 4, 5],
        eRealNegativeKwh: [0, 0, 0],
        eReactiveKwh: [0, 0, 0],
        vRMSMin: [228, 229, 230],
      }),
      kwhRow("2026-11-01T00:20:00Z", {
        eRealKwh: [6],
        eRealPositiveKwh: [6],
        eRealNegativeKwh: [0],
        eReactiveKwh: [0],
      }),
    ];
    const { readings, rejects } = await parse(rows, { channels: [2] });
    expect(readings.map(({ eRealKwh, vRmsMin }) => [eRealKwh, vRmsMin])).toEqual([
      [-0.2, 229.4],
      [-0.2, 229.4],
      [4, 229],
    ]);
    expect(rejects).toMatchObject([{ row: "[3]", reason: "Channel 2 has no energy in this row." }]);
    expect((await parse(rows)).rejects.map(({ row }) => row)).toEqual(["[2]", "[3]"]);
  });

  it("says so when one answer tells an interval twice with other values", async () => {
    const rows = [kwhRow("2026-11-01T00:05:00Z"), kwhRow("2026-11-01T00:05:00Z", { eRealKwh: [1, 1] })];
    const { readings, rejects } = await parse(rows);
    expect(readings.map((reading) => reading.eRealKwh)).toEqual([2]);
    expect(rejects).toMatchObject([{ row: "[0]" }]);
    expect((await parse([rows[0], rows[0]])).rejects).toEqual([]);
  });

  it("has no sum where a channel's part is unknown", async () => {
    const { readings } = await parse([
      kwhRow("2026-11-01T00:05:00Z", { eRealNegativeKwh: [0, null], eReactiveKwh: undefined }),
    ]);
    expect(readings[0]).toMatchObject({
      eRealKwh: 0.3,
      eRealPositiveKwh: 0.6,
      eRealNegativeKwh: null,
      eReactiveKvarh: null,
    });
  });

  it("refuses a channel the device does not have, and says how many it has", async () => {
    const error = await parse([kwhRow("2026-11-01T00:05:00Z")], { channels: [1, 3] }).catch(
      (thrown: SourceError) => thrown,
    );
    expect(error).toMatchObject({ code: "CHANNEL_MISSING", isRetryable: false });
    expect((error as SourceError).message).toMatch(/channel 3.*2 channels/);
    await expect(parse([kwhRow("2026-11-01T00:05:00Z")], { invert: [4] })).rejects.toMatchObject({
      code: "CHANNEL_MISSING",
    });
  });

  it("knows the difference between nothing there and nothing received", async () => {
    const nothing = rawInput("204", "", NO_CONTENT_TYPE);
    expect(await listed(parseLongEnergy([nothing], contextOf()))).toEqual({ readings: [], rejects: [], rowsRead: 0 });
    expect(await parse([])).toEqual({ readings: [], rejects: [], rowsRead: 0 });
    await expect(parse("")).rejects.toMatchObject({ code: "EMPTY_BODY" });
  });

  it.each([
    ["<!DOCTYPE html><html></html>", "HTML_PAGE"],
    [JSON.stringify([kwhRow("2026-11-01T00:05:00Z")]).slice(0, -20), "CUT_BODY"],
    ['{"code":"NOT_PERMITTED","httpCode":403,"message":"no"}', "NOT_ENERGY_DATA"],
    ['["D100","D200"]', "NOT_ENERGY_DATA"],
    ['"text"', "NOT_ENERGY_DATA"],
    ["timestamp,eReal\n1,2", "NOT_JSON"],
  ])("refuses %s as a whole", async (body, code) => {
    // The API may answer better when it is asked again; what lies in a bucket stays what it is.
    await expect(parse(body)).rejects.toMatchObject({ code, isRetryable: true });
    const inBucket = parseLongEnergy([rawInput("a.json", body)], { ...contextOf(), dataSourceType: "S3" });
    await expect(inBucket).rejects.toMatchObject({ code, isRetryable: false });
  });

  it("reads the single object that /latest may answer", async () => {
    expect((await parse(kwhRow("2026-11-01T00:05:00Z"))).readings).toHaveLength(1);
  });
});

describe("settings", () => {
  it("refuses unknown keys by name, channel 0, repeats, and inverting what is not summed", () => {
    const messageOf = (value: unknown) => wattwatchersSettings.safeParse(value).error?.message ?? "";
    expect(messageOf({ chanels: [1] })).toContain("chanels");
    expect(messageOf({ channels: [0] })).toContain("channels");
    expect(messageOf({ channels: [1, 1] })).toContain("twice");
    expect(messageOf({ channels: [1], invert: [2] })).toContain("inverted");
    expect(wattwatchersSettings.parse({})).toEqual({});
    expect(wattwatchersSettings.parse({ channels: [1, 2], invert: [2] })).toEqual({ channels: [1, 2], invert: [2] });
  });
});
