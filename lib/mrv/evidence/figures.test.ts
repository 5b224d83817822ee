import { describe, expect, it } from "vitest";
import type { EvidenceReading } from "./canonical-rows";
import { figuresOf, sumOf } from "./figures";

describe("sumOf", () => {
  it.each<[string[], string]>([
    [["0.1", "0.2"], "0.3"],
    [["-0.5", "0.25"], "-0.25"],
    [["1", "-1"], "0"],
    [["-0.000000001", "12345678901234567890.999999999"], "12345678901234567890.999999998"],
    [["1.10", "2.90"], "4"],
    [["7"], "7"],
    [[], "0"],
  ])("adds %j to %s", (values, sum) => {
    expect(sumOf(values)).toBe(sum);
  });
});

const reading = (values: Partial<EvidenceReading>): EvidenceReading => ({
  start: "2026-04-05T00:05:00Z",
  durationSeconds: 300,
  value: "1.5",
  carbonTons: "0.001",
  factorId: null,
  quality: "actual",
  objectId: "o",
  ...values,
});

describe("figuresOf", () => {
  it("adds what counts: no forecast, and nothing that says nothing of the metric", () => {
    const readings = [
      reading({}),
      reading({ quality: "forecast" }),
      reading({ value: null }),
      reading({ value: "0.5" }),
    ];
    expect(figuresOf(readings)).toEqual({ value: "2", carbonTons: "0.002", readings: 2 });
  });

  it("gives no carbon where one reading has none, and no figure without readings", () => {
    expect(figuresOf([reading({}), reading({ carbonTons: null })])).toMatchObject({ value: "3", carbonTons: null });
    expect(figuresOf([reading({ quality: "forecast" })])).toEqual({ value: null, carbonTons: null, readings: 0 });
  });
});
