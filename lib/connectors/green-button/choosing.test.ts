import { describe, expect, it } from "vitest";
import { entry, feed, hours, meterReading, parseFiles, reading, START } from "./testing";

const values = async (text: string | readonly string[], settings: unknown = {}) =>
  (await parseFiles(text, settings)).readings.map(({ eRealKwh }) => eRealKwh);
const reasons = async (text: string, settings: unknown = {}) =>
  (await parseFiles(text, settings)).rejects.map(({ row, reason }) => `${row}: ${reason}`);

describe("usage points", () => {
  const two = feed(
    entry("UsagePoint/1", "<UsagePoint/>", { title: "House" }),
    entry("UsagePoint/2", "<UsagePoint/>", { title: "Barn" }),
    meterReading("1", hours(1000)),
    meterReading("2", hours(2000), {}, "UsagePoint/2"),
  );

  it("must be named where several have energy", async () => {
    await expect(parseFiles(two)).rejects.toMatchObject({
      code: "USAGE_POINT_AMBIGUOUS",
      message: expect.stringContaining("1, 2"),
    });
    expect(await values(two, { usagePoint: "2" })).toEqual([2]);
    expect(await values(two, { usagePoint: "barn" })).toEqual([2]);
    expect(await values(two, { usagePoint: "espi/UsagePoint/1" })).toEqual([1]);
  });

  it("that no file has are said", async () => {
    expect(await reasons(two, { usagePoint: "9" })).toEqual([
      "usage point 9: The settings name the usage point 9, but the files hold 1, 2.",
    ]);
    expect(await values(two, { usagePoint: "9" })).toEqual([]);
  });

  it("without energy are none to choose from", async () => {
    const text = feed(
      entry("UsagePoint/3", "<UsagePoint/>"),
      meterReading("g", hours(5), { uom: 169, commodity: 7 }, "UsagePoint/2"),
      meterReading("1", hours(1000)),
    );
    expect(await values(text)).toEqual([1]);
    expect(await reasons(text)).toEqual([]);
  });

  it("of one file and another are several too", async () => {
    const other = feed(meterReading("1", hours(1), {}, "UsagePoint/2"));
    await expect(parseFiles([feed(meterReading("1", hours(1))), other])).rejects.toMatchObject({
      code: "USAGE_POINT_AMBIGUOUS",
    });
  });
});

describe("meter readings", () => {
  it("of one direction and length must be named, and are summed then", async () => {
    const text = feed(meterReading("a", hours(1000, 2000)), meterReading("b", hours(500)));
    await expect(parseFiles(text)).rejects.toMatchObject({ code: "READINGS_AMBIGUOUS" });
    expect(await values(text, { meterReadings: ["b"] })).toEqual([0.5]);
    const { readings } = await parseFiles(text, { meterReadings: ["a", "Reading b"] });
    expect(readings.map(({ eRealKwh }) => eRealKwh)).toEqual([1.5]);
    expect(await reasons(text, { meterReadings: ["a", "c"] })).toEqual([
      "meter reading c: The settings name the meter reading c, but the files hold a, b.",
    ]);
  });

  it("of the same energy in longer intervals are left out, and said", async () => {
    const daily = meterReading("d", reading({ seconds: 86_400, value: 99 }));
    const text = feed(daily, meterReading("h", hours(1000, 2000)));
    expect(await values(text)).toEqual([1, 2]);
    expect(await reasons(text)).toEqual([
      "meter reading d: The same energy comes in shorter intervals, which are used.",
    ]);
  });

  it("of unlike lengths are not netted", async () => {
    const received = meterReading("r", reading({ seconds: 900 }), { flowDirection: 19 });
    await expect(parseFiles(feed(meterReading("d", hours(1)), received))).rejects.toMatchObject({
      code: "LENGTHS_DIFFER",
    });
    expect(await values(feed(meterReading("d", hours(1)), received), { flows: "delivered" })).toEqual([0.001]);
  });

  it.each([
    [{ uom: 169 }, /unit is therm \(169\)/],
    [{ uom: 38 }, /unit is W \(38\)/],
    [{ uom: "" }, /names no unit/],
    [{ uom: "__proto__" }, /unit is __proto__/],
    [{ commodity: 7 }, /commodity is natural gas \(7\)/],
    [{ accumulationBehaviour: 3 }, /accumulation behaviour 3/],
    [{ flowDirection: 20 }, /flow direction is 20/],
    [{ flowDirection: "constructor" }, /flow direction is constructor/],
    [{ powerOfTenMultiplier: "1.5" }, /multiplier is 1.5/],
  ])("with %j are no energy that is kept, and that is said", async (type, words) => {
    const { readings, rejects } = await parseFiles(feed(meterReading("1", hours(1), type)));
    expect(readings).toEqual([]);
    expect(rejects).toMatchObject([{ row: "meter reading 1", reason: expect.stringMatching(words) }]);
  });

  it("without a type are refused, unless the settings say their unit", async () => {
    const text = feed(
      meterReading("1", hours(2), null),
      entry("ReadingType/other", "<ReadingType><uom>72</uom></ReadingType>"),
    );
    expect(await reasons(text)).toEqual([expect.stringContaining("no reading type")]);
    expect(await values(text, { unitWithoutType: "Wh" })).toEqual([0.002]);
    expect(await values(text, { unitWithoutType: "kWh" })).toEqual([2]);
  });
});

describe("a usage point of gas", () => {
  const usagePoint = (kind: number) =>
    entry("UsagePoint/1", `<UsagePoint><ServiceCategory><kind>${kind}</kind></ServiceCategory></UsagePoint>`);

  it("is no electricity where its reading type leaves the commodity out, or is missing", async () => {
    const types: (Record<string, number> | null)[] = [{}, { commodity: 0 }, null];
    for (const type of types) {
      const text = feed(usagePoint(1), meterReading("1", hours(1000), type));
      expect(await values(text, { unitWithoutType: "Wh" })).toEqual([]);
      expect(await reasons(text, { unitWithoutType: "Wh" })).toEqual([
        "meter reading 1: Its usage point supplies gas (1), not electricity.",
      ]);
    }
  });

  it("is what its reading type says, and any other is of electricity", async () => {
    expect(await values(feed(usagePoint(1), meterReading("1", hours(1000), { commodity: 1 })))).toEqual([1]);
    expect(await values(feed(usagePoint(0), meterReading("1", hours(1000))))).toEqual([1]);
  });

  it("is no choice beside one of electricity", async () => {
    const power = meterReading("1", hours(1000), {}, "UsagePoint/2");
    expect(await values(feed(usagePoint(1), meterReading("1", hours(7)), power))).toEqual([1]);
  });
});

describe("links", () => {
  const block = (up: readonly string[], self = "x/IntervalBlock/1") =>
    entry(self, `<IntervalBlock>${hours(1500)}</IntervalBlock>`, { up });
  const type = entry(
    "ReadingType/7",
    "<ReadingType><uom>72</uom><powerOfTenMultiplier>0</powerOfTenMultiplier></ReadingType>",
  );
  const other = entry("ReadingType/8", "<ReadingType><uom>169</uom></ReadingType>");

  it.each([
    [
      "the block's up is the meter reading itself",
      [
        entry("U/MeterReading/4", "<MeterReading/>", { related: ["ReadingType/7"] }),
        block(["U/MeterReading/4"]),
        type,
        other,
      ],
    ],
    [
      "the meter reading's related is the block's collection",
      [entry("mr", "<MeterReading/>", { related: ["blocks", "ReadingType/7"] }), block(["blocks"], "b1"), type, other],
    ],
    [
      "links begin differently",
      [
        entry("x/MeterReading/4", "<MeterReading/>", { related: ["y/ReadingType/7"] }),
        block(["z/MeterReading/4/IntervalBlock"]),
        type,
        other,
      ],
    ],
    [
      "the meter reading links to the collection that its type is alone in",
      [
        entry("M/1", "<MeterReading/>", { related: ["ReadingType/7"] }),
        block(["M/1"]),
        type.replace("ReadingType/7", "ReadingType/7/1"),
        other,
      ],
    ],
    [
      "the type links back",
      [block(["M/1"]), entry("t", "<ReadingType><uom>72</uom></ReadingType>", { up: ["M/1"] }), other],
    ],
    ["there is one of each and no link", [type, block([], "")]],
  ])("are followed where %s", async (_, entries) => {
    expect(await values(feed(...entries))).toEqual([1.5]);
    expect(await values(feed(...[...entries].reverse()))).toEqual([1.5]);
  });

  it("that several different types share leave the unit unknown", async () => {
    const text = feed(meterReading("1", hours(1)), entry("ReadingType/1", "<ReadingType><uom>169</uom></ReadingType>"));
    expect(await reasons(text)).toEqual([expect.stringContaining("Several different reading types")]);
    expect(
      await values(feed(meterReading("1", hours(1)), meterReading("1", reading({ start: START + 3600 })))),
    ).toEqual([0.001, 1]);
  });
});
