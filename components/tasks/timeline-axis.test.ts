import { expect, it } from "vitest";
import { foldedAxis } from "./timeline-axis";

const second = 1000;
const at = (text: string) => Date.parse(`2026-11-23T${text}Z`);

it("draws seconds of work on a scale of seconds, whatever hours lie between", () => {
  const axis = foldedAxis(
    [
      { from: at("00:10:01"), to: at("00:10:15") },
      { from: at("00:10:28"), to: at("00:10:28.3") },
      { from: at("00:10:28.3"), to: at("10:00:00") },
      { from: at("10:00:00"), to: at("10:00:05") },
    ],
    14 * second,
  );
  expect(axis?.folds).toHaveLength(1);
  const place = (text: string) => axis?.place(at(text)) ?? Number.NaN;
  expect(place("00:10:01")).toBe(0);
  expect(place("10:00:05")).toBe(1);
  // 14 s before the fold and 5 s after it keep their proportion.
  expect((place("00:10:15") - place("00:10:01")) / (place("10:00:05") - place("10:00:00"))).toBeCloseTo(14 / 5);
  const [fold] = axis?.folds ?? [];
  expect(fold?.from).toBeGreaterThan(place("00:10:28.3"));
  expect(fold?.to).toBeLessThan(place("10:00:00"));
});

it("puts ticks on round instants outside of folds, apart enough to be read, and names the first of each run", () => {
  const axis = foldedAxis(
    [
      { from: at("00:10:01"), to: at("00:10:40") },
      { from: at("10:00:00"), to: at("10:00:20") },
    ],
    39 * second,
  );
  const ticks = axis?.ticks ?? [];
  expect(ticks.every((tick) => tick.at % (axis?.stepMs ?? 1) === 0)).toBe(true);
  expect(ticks.filter((tick) => tick.isFirst).map((tick) => tick.at)).toEqual([at("00:10:30"), at("10:00:00")]);
  const places = ticks.map((tick) => tick.place);
  expect(Math.min(...places.slice(1).map((place, index) => place - (places[index] ?? 0)))).toBeGreaterThanOrEqual(0.13);
  expect(ticks.some((tick) => axis?.folds.some((fold) => tick.place > fold.from && tick.place < fold.to))).toBe(false);
});

it("folds nothing that took a few seconds, and is null before anything happened", () => {
  expect(
    foldedAxis(
      [
        { from: at("00:00:00"), to: at("00:00:00.080") },
        { from: at("00:00:01"), to: at("00:00:01.2") },
      ],
      200,
    )?.folds,
  ).toEqual([]);
  expect(foldedAxis([], 0)).toBeNull();
});
