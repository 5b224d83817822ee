import { describe, expect, it } from "vitest";
import { entry, feed, hours, meterReading, parseFiles, reading, START } from "./testing";

const values = async (text: string | readonly string[], settings: unknown = {}) =>
  (await parseFiles(text, settings)).readings.map(({ eRealKwh }) => eRealKwh);

describe("values", () => {
  it.each([
    [0, "12345", 12.345],
    [-3, "2110969", 2.110969],
    [3, "86400", 86_400],
    [-6, "1", 1e-9],
    ["", "7", 0.007],
    [0, "-250", -0.25],
    [0, "0.3", 0.0003],
  ])("times ten to the power %s are exact: %s", async (powerOfTenMultiplier, value, kwh) => {
    const type: Record<string, string | number> = powerOfTenMultiplier === "" ? {} : { powerOfTenMultiplier };
    expect(await values(feed(meterReading("1", reading({ value }), type)))).toEqual([kwh]);
  });

  it("have no dust where multiplying would leave some", async () => {
    for (let value = 1; value < 2_000; value += 7) {
      const [kwh] = await values(feed(meterReading("1", reading({ value }), { powerOfTenMultiplier: -3 })));
      expect(String(kwh)).toBe(String(Number(`${value}e-6`)));
    }
  });

  it("delivered are positive, received negative, varh reactive", async () => {
    const text = feed(
      meterReading("d", hours(3000, 1000)),
      meterReading("r", hours(500, 2500), { flowDirection: 19 }),
      meterReading("q", hours(70, 80), { uom: 73 }),
      meterReading("l", hours(20, 90), { uom: 73, flowDirection: 19 }),
    );
    const [first, second] = (await parseFiles(text)).readings;
    expect(first).toMatchObject({ eRealKwh: 2.5, eRealPositiveKwh: 3, eRealNegativeKwh: 0.5, eReactiveKvarh: 0.05 });
    expect(second).toMatchObject({ eRealKwh: -1.5, eReactiveKvarh: -0.01 });
    expect((await parseFiles(text, { invert: true })).readings[0]).toMatchObject({
      eRealKwh: -2.5,
      eRealPositiveKwh: 0.5,
      eRealNegativeKwh: 3,
    });
    expect((await parseFiles(text, { flows: "received" })).readings[0]).toMatchObject({
      eRealKwh: -0.5,
      eRealPositiveKwh: null,
      eRealNegativeKwh: 0.5,
      eReactiveKvarh: -0.02,
    });
  });

  it("are null in the net where one side is missing, and that side's own value too", async () => {
    const text = feed(meterReading("d", hours(3000, 1000)), meterReading("r", hours(500), { flowDirection: 19 }));
    expect((await parseFiles(text)).readings[1]).toMatchObject({
      eRealKwh: null,
      eRealPositiveKwh: 1,
      eRealNegativeKwh: null,
    });
  });

  const block = (unit: string, seconds: number, readings: string) => {
    const interval = `<interval><unitOfMeasure>${unit}</unitOfMeasure><secondsPerInterval>${seconds}</secondsPerInterval><duration>86400</duration></interval>`;
    return `<a:entry xmlns:a="x"><a:content><IntervalBlock>${interval}${readings}</IntervalBlock></a:content></a:entry>`;
  };
  const short = (at: number, value: string, quality: string) =>
    reading({ start: START + at * 900, seconds: null, value }).replace(
      "<value>",
      `<readingQuality>${quality}</readingQuality><value>`,
    );

  it("of a block that says their unit and length itself need no reading type", async () => {
    const readings = short(0, "0.11", "ACTUAL") + short(1, "0.10", "Estimated");
    const { readings: found, rejects } = await parseFiles(block("kWH", 900, readings));
    expect(rejects).toEqual([]);
    expect(found).toMatchObject([
      { startEpochSeconds: START, durationSeconds: 900, quality: "actual", eRealKwh: 0.11, eRealPositiveKwh: 0.11 },
      { startEpochSeconds: START + 900, durationSeconds: 900, quality: "estimated", eRealKwh: 0.1 },
    ]);
    expect(await values(block("Wh", 900, readings))).toEqual([0.00011, 0.0001]);
    expect((await parseFiles(block("CCF", 900, readings))).rejects).toMatchObject([
      { reason: expect.stringContaining("unit is CCF") },
    ]);
  });

  it("are none in a file without interval blocks, and that is said", async () => {
    const { readings, rejects } = await parseFiles(feed(entry("UsagePoint/1", "<UsagePoint/>")));
    expect(readings).toEqual([]);
    expect(rejects).toMatchObject([
      { row: "file file-1.xml", reason: expect.stringMatching(/no interval block.*Ask the utility/) },
    ]);
  });

  it("of a net have their own sign, and are passed over beside what they are made of", async () => {
    const net = meterReading("n", hours(-400, 900), { flowDirection: 4 });
    expect(await values(feed(net))).toEqual([-0.4, 0.9]);
    expect(await values(feed(net), { invert: true })).toEqual([0.4, -0.9]);
    const { readings, rejects } = await parseFiles(feed(net, meterReading("d", hours(1, 1))));
    expect(readings[0]?.eRealKwh).toBe(0.001);
    expect(rejects).toMatchObject([{ row: "meter reading n" }]);
  });
});

describe("times", () => {
  const startsOf = async (readings: string) =>
    (await parseFiles(feed(meterReading("1", readings)))).readings.map((each) => [
      each.startEpochSeconds - START,
      each.durationSeconds,
    ]);

  it("are Unix seconds of the start; the file's local time changes nothing", async () => {
    const local = entry(
      "LocalTimeParameters/1",
      "<LocalTimeParameters><tzOffset>-28800</tzOffset></LocalTimeParameters>",
    );
    const { readings } = await parseFiles(feed(local, meterReading("1", hours(1, 2))));
    expect(readings.map(({ startEpochSeconds }) => startEpochSeconds)).toEqual([START, START + 3600]);
  });

  it.each([
    ["a second late", 1, 3600, 0, 3600],
    ["two seconds early", 3598, 3600, 3600, 3600],
    ["a second short at its start", 1, 3599, 0, 3600],
    ["a second short at its end", 0, 3599, 0, 3600],
    ["three seconds late", 3, 3600, 3, 3600],
    ["of five minutes, a second late", 301, 300, 300, 300],
    ["of a length that is no whole minutes", 1, 50, 1, 50],
  ])("%s are put on their mark within two seconds", async (_, start, seconds, at, lasts) => {
    expect(await startsOf(reading({ start: START + start, seconds }))).toEqual([[at, lasts]]);
  });

  it("of a reading without a duration are its type's", async () => {
    const text = feed(meterReading("1", reading({ seconds: null }), { intervalLength: 900 }));
    expect((await parseFiles(text)).readings[0]?.durationSeconds).toBe(900);
    expect((await parseFiles(feed(meterReading("1", reading({ seconds: null }))))).rejects).toMatchObject([
      { reason: "Neither the reading nor its reading type says how long it lasts." },
    ]);
  });

  it("of civil days are kept as they are, of bills refused", async () => {
    expect(await startsOf(reading({ seconds: 90_000 }))).toEqual([[0, 90_000]]);
    expect((await parseFiles(feed(meterReading("1", reading({ seconds: 2_592_000 }))))).rejects).toMatchObject([
      { reason: expect.stringContaining("30 days, as a bill does"), startEpochSeconds: START },
    ]);
  });

  it("that come again: the later reading is used, another value before it refused", async () => {
    const twice = reading({ value: 1 }) + reading({ value: 1 }) + reading({ start: START + 1, value: 2 });
    const { readings, rejects } = await parseFiles(feed(meterReading("1", twice)));
    expect(readings.map(({ eRealKwh }) => eRealKwh)).toEqual([0.002]);
    expect(rejects).toMatchObject([{ row: expect.stringMatching(/^line \d+, reading 2$/), startEpochSeconds: START }]);
  });

  it.each([
    ["", "has no start"],
    ["1793491200000", "no time in Unix seconds"],
    ["2026-11-01", "no time in Unix seconds"],
    ["-5", "no time in Unix seconds"],
  ])("that are %j are refused", async (start, words) => {
    const { readings, rejects } = await parseFiles(feed(meterReading("1", reading({ start }) + hours(1, 2))));
    expect(readings).toHaveLength(2);
    expect(rejects).toMatchObject([{ reason: expect.stringContaining(words) }]);
  });
});

describe("qualities", () => {
  it.each([
    ["0", "actual"],
    ["14", "actual"],
    ["17", "actual"],
    ["18", "actual"],
    ["19", "actual"],
    ["7", "substituted"],
    ["8", "estimated"],
    ["9", "estimated"],
    ["10", "estimated"],
    ["11", "estimated"],
    ["12", "forecast"],
    ["13", "estimated"],
    ["15", "estimated"],
    ["16", "estimated"],
  ])("%s is %s", async (quality, ours) => {
    const { readings, rejects } = await parseFiles(feed(meterReading("1", reading({ quality }))));
    expect([readings[0]?.quality, rejects]).toEqual([ours, []]);
  });

  it("are the worst of several, and the type's where a reading has none", async () => {
    const text = feed(
      meterReading("1", reading({ quality: ["17", "8"] }) + reading({ start: START + 3600 }), { defaultQuality: 12 }),
    );
    expect((await parseFiles(text)).readings.map(({ quality }) => quality)).toEqual(["estimated", "forecast"]);
  });

  it("that the standard does not have are kept as estimated, and said", async () => {
    const text = feed(
      meterReading("1", reading({ quality: "constructor" }) + reading({ start: START + 3600, quality: "99" })),
    );
    const { readings, rejects } = await parseFiles(text);
    expect(readings.map(({ quality }) => quality)).toEqual(["estimated", "estimated"]);
    expect(rejects.map(({ row }) => row)).toEqual(["quality constructor", "quality 99"]);
  });
});

describe("several files", () => {
  const first = feed(meterReading("a", hours(1000, 2000)));

  it("continue each other, the later one wins, whatever it calls its meter reading", async () => {
    const second = feed(
      meterReading("b", reading({ start: START + 3600, value: 2500 }) + reading({ start: START + 7200 })),
    );
    expect(await values([first, second])).toEqual([1, 2.5, 1]);
    expect(await values([second, first])).toEqual([1, 2, 1]);
    expect((await parseFiles([first, second])).rejects).toEqual([]);
  });

  it("of another length replace what they overlap, and that is said", async () => {
    const quarters = [0, 900, 1800, 2700].map((at) => reading({ start: START + 3600 + at, seconds: 900, value: 10 }));
    const { readings, rejects } = await parseFiles([feed(meterReading("b", quarters.join(""))), first]);
    expect(readings.map(({ eRealKwh, durationSeconds }) => [eRealKwh, durationSeconds])).toEqual([
      [1, 3600],
      [2, 3600],
    ]);
    expect(rejects).toHaveLength(3);
    expect(await values([first, feed(meterReading("b", quarters.join("")))])).toEqual([1, 0.01, 0.01, 0.01, 0.01]);
  });

  it("one of each direction are netted", async () => {
    const received = feed(meterReading("r", hours(250, 250), { flowDirection: 19 }));
    expect(await values([first, received])).toEqual([0.75, 1.75]);
  });
});
