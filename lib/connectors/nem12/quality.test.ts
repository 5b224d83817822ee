import { describe, expect, it } from "vitest";
import { day, file, ofDay, parseFiles, stream } from "./testing";

const qualitiesOf = async (...lines: string[]) => {
  const { readings, rejects } = await parseFiles(file(stream(), ...lines));
  expect(rejects).toEqual([]);
  return readings.map((reading) => reading.quality);
};

describe("quality", () => {
  it.each([
    ["A", "", "actual"],
    ["E52", "", "estimated"],
    ["S14", "1", "substituted"],
    ["F14", "76", "final_substituted"],
  ])("%s means what it says", async (quality, reason, expected) => {
    expect(new Set(await qualitiesOf(day({ quality, reason })))).toEqual(new Set([expected]));
  });

  it("N is null: no reading, whatever stands in its place", async () => {
    expect(await qualitiesOf(day({ quality: "N", values: 0 }))).toEqual([]);
    expect(await qualitiesOf(day({ quality: "N", values: "" }))).toEqual([]);
  });

  it("V goes by the 400 records, interval by interval", async () => {
    const values = Array.from({ length: 48 }, (_, at) => (at >= 24 && at < 30 ? "" : at));
    const lines = [
      day({ quality: "V", values }),
      "400,1,20,F14,76,",
      "400,21,24,A,,",
      "400,25,30,N,,",
      "400,31,48,S14,1,",
    ];
    const { readings, rejects } = await parseFiles(file(stream(), ...lines));
    expect(rejects).toEqual([]);
    expect(readings.map((reading) => reading.quality)).toEqual([
      ...new Array(20).fill("final_substituted"),
      ...new Array(4).fill("actual"),
      ...new Array(18).fill("substituted"),
    ]);
    expect(readings[24]?.eRealKwh).toBe(30);
  });

  it.each(["61", "79", "89"])("A with reason %s needs 400 records too", async (reason) => {
    const alone = await parseFiles(file(stream(), day({ quality: "A", reason })));
    expect(alone.readings).toEqual([]);
    expect(alone.rejects).toMatchObject([{ row: "line 3", reason: expect.stringContaining("needs 400 records") }]);
    expect(await qualitiesOf(day({ quality: "A", reason }), `400,1,48,A,${reason},`)).toHaveLength(48);
  });

  it.each([
    ["a gap", ["400,1,20,A,,", "400,22,48,A,,"], "leaves a gap"],
    ["an overlap", ["400,1,20,A,,", "400,20,48,A,,"], "overlaps"],
    ["a late start", ["400,2,48,A,,"], "leaves a gap"],
    ["an early end", ["400,1,47,A,,"], "end at interval 47 of 48"],
    ["an end past the day", ["400,1,49,A,,"], "ends at interval 49 of 48"],
    ["nothing", [], "needs 400 records"],
  ])("V with %s in its 400 records rejects the day", async (_, events, reason) => {
    const { readings, rejects } = await parseFiles(
      file(stream(), day({ quality: "V" }), ...events, day({ date: "20261102" })),
    );
    expect(readings).toHaveLength(48);
    expect(rejects).toEqual([{ row: "line 3", reason: expect.stringContaining(reason), ...ofDay("20261101") }]);
  });

  it.each([
    ["E", "estimated", "E without its two-digit method"],
    ["S14", "substituted", "S14 without a reason code"],
    ["F19", "final_substituted", "F19 without a reason code"],
  ])("%s that lacks what the format asks for is kept, and that is said once", async (quality, kept, lacking) => {
    const notice = { row: `quality ${quality}`, reason: expect.stringContaining(`2 rows have ${lacking}`) };
    const days = [day({ quality }), day({ date: "20261102", quality: "V" }), `400,1,20,A,,`, `400,21,48,${quality},,`];
    const { readings, rejects } = await parseFiles(file(stream(), ...days));
    expect(rejects).toEqual([notice]);
    expect(readings.map((reading) => reading.quality)).toEqual([
      ...new Array(48).fill(kept),
      ...new Array(20).fill("actual"),
      ...new Array(28).fill(kept),
    ]);
  });

  it.each(["1e999", "-1e300", "2000000000000"])("a value no meter counts, %s, rejects the day", async (value) => {
    const values = [value, ...new Array(47).fill(1)];
    const { readings, rejects } = await parseFiles(file(stream(), day({ values }), day({ date: "20261102" })));
    expect(readings).toHaveLength(48);
    const reason = `Value 1 is ${value}, which is too large.`;
    expect(rejects).toEqual([{ row: "line 3", reason, ...ofDay("20261101") }]);
  });

  it("of a reading is the worst of its parts: of two streams, and of intervals summed", async () => {
    const text = file(
      stream({ suffix: "E1", configuration: "E1B1", minutes: 15 }),
      day({ count: 96, quality: "V" }),
      "400,1,2,A,,",
      "400,3,3,F14,1,",
      "400,4,96,A,,",
      stream({ suffix: "B1", configuration: "E1B1", minutes: 30 }),
      day({ quality: "V" }),
      "400,1,2,A,,",
      "400,3,48,E52,,",
    );
    const { readings } = await parseFiles(text);
    expect(readings.slice(0, 3).map((reading) => reading.quality)).toEqual([
      "actual",
      "final_substituted",
      "estimated",
    ]);
  });

  it("null in one stream leaves the other, and the net unknown", async () => {
    const text = file(
      stream({ suffix: "E1", configuration: "E1B1" }),
      day({ quality: "N" }),
      stream({ suffix: "B1", configuration: "E1B1" }),
      day({ values: 2 }),
    );
    const { readings } = await parseFiles(text);
    expect(readings[0]).toMatchObject({
      eRealPositiveKwh: null,
      eRealNegativeKwh: 2,
      eRealKwh: null,
      quality: "actual",
    });
  });
});
