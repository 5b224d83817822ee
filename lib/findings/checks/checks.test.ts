import { expect, it } from "vitest";
import type { CheckedReading, CheckInput, RefusedRow } from "../check";
import { type Thresholds, thresholdsOf } from "../thresholds";
import { checks } from "./registry";

const at = (text: string) => Date.parse(text) / 1000;
const FIRST = at("2026-06-01T00:00:00Z");

/** So many half hours from 2026-06-01 UTC: 1 kWh and a little that differs from one to the next, all of it taken. */
function halfHours(
  count: number,
  change: (index: number) => Partial<CheckedReading> | null = () => ({}),
  first = FIRST,
) {
  return Array.from({ length: count }, (_, index): CheckedReading[] => {
    const changed = change(index);
    if (!changed) return [];
    const energyKwh = changed.energyKwh === undefined ? 1 + (index % 7) / 100 : changed.energyKwh;
    const startAt = first + index * 1800;
    return [
      {
        startAt,
        durationSeconds: 1800,
        quality: "actual",
        positiveKwh: energyKwh,
        negativeKwh: 0,
        ...changed,
        energyKwh,
      },
    ];
  }).flat();
}

function found(
  name: string,
  readings: CheckedReading[],
  { thresholds = {}, ...more }: Partial<Omit<CheckInput, "thresholds">> & { thresholds?: Partial<Thresholds> } = {},
) {
  const check = checks.find((each) => each.name === name);
  if (!check) throw new Error(`No check is named ${name}.`);
  const input = {
    readings,
    previousEndAt: null,
    nextStartAt: null,
    refused: [],
    timezone: "UTC",
    capacityKw: null,
    flow: undefined,
    now: at("2026-07-01T00:00:00Z"),
    ...more,
    thresholds: thresholdsOf(thresholds),
  };
  return check.run(input);
}

it("finds nothing in four ordinary days", () => {
  for (const { name } of checks) expect([name, found(name, halfHours(192))]).toEqual([name, []]);
});

it("gap: as long as the threshold, also to what was there before and after; not shorter", () => {
  const missing = (count: number) => halfHours(20, (index) => (index >= 4 && index < 4 + count ? null : {}));
  expect(found("gap", missing(3))).toEqual([
    {
      from: FIRST + 4 * 1800,
      to: FIRST + 7 * 1800,
      figure: 90,
      threshold: 30,
      unit: "min",
      sentence: "1 h 30 min, 3 readings missing.",
    },
  ]);
  expect(found("gap", missing(1))).toHaveLength(1);
  expect(found("gap", missing(1), { thresholds: { gapMinutes: 31 } })).toEqual([]);
  expect(found("gap", halfHours(2), { previousEndAt: FIRST - 7200 })).toMatchObject([
    { from: FIRST - 7200, to: FIRST },
  ]);
  expect(found("gap", halfHours(2), { nextStartAt: FIRST + 86_400 })).toMatchObject([
    { from: FIRST + 3600, to: FIRST + 86_400, sentence: "23 h, 46 readings missing." },
  ]);
  expect(found("gap", [], { previousEndAt: FIRST, nextStartAt: FIRST + 3600 })).toHaveLength(1);
  const behind = [...halfHours(2), { ...halfHours(40)[39], quality: "forecast" as const } as CheckedReading];
  expect(found("gap", behind)).toEqual([]);
});

const refusal = (kind: RefusedRow["kind"], start: number, reason = "Its reason.") => ({
  from: start,
  to: start + 300,
  kind,
  reason,
});

it("duplicate: rows that the parser found twice, and readings that overlap", () => {
  const refused = [refusal("duplicate", FIRST), refusal("duplicate", FIRST + 300), refusal("clock-drift", FIRST)];
  expect(found("duplicate", [], { refused })).toMatchObject([
    { from: FIRST, to: FIRST + 600, figure: 2, sentence: "2 readings sent more than once. Its reason." },
  ]);
  const overlapping = halfHours(3, (index) => (index === 0 ? { durationSeconds: 1801 } : {}));
  expect(found("duplicate", overlapping)).toMatchObject([{ from: FIRST + 1800, to: FIRST + 1801, figure: 1 }]);
});

it("interval length: another than around it, rows refused for it, but no change for good", () => {
  const odd = (from: number, to: number) =>
    halfHours(10, (index) => (index >= from && index < to ? { durationSeconds: 900 } : {}));
  expect(found("interval-length", odd(4, 6)).map(({ figure, threshold }) => [figure, threshold])).toEqual([
    [900, 1800],
    [900, 1800],
  ]);
  expect(found("interval-length", [...halfHours(9), ...odd(9, 10).slice(-1)])).toEqual([]);
  expect(found("interval-length", odd(0, 1))).toEqual([]);
  // Also with a gap in what was before.
  const changed = [...halfHours(3, () => ({ durationSeconds: 900 })), ...halfHours(9, () => ({}), FIRST + 7200)];
  expect(found("interval-length", changed)).toEqual([]);
  expect(found("interval-length", [], { refused: [refusal("interval-length", FIRST)] })).toMatchObject([
    { from: FIRST, figure: 1, unit: "rows" },
  ]);
});

it("sum of channels: readings without a sum, and rows refused for it", () => {
  const readings = halfHours(9, (index) => (index === 2 || index === 4 ? { energyKwh: null } : {}));
  expect(found("channel-sum", readings)).toMatchObject([{ from: FIRST + 3600, to: FIRST + 9000, figure: 2 }]);
  const refused = [refusal("channel-sum", FIRST, "Channel 2 has no energy in this row.")];
  expect(found("channel-sum", [], { refused })).toMatchObject([
    { figure: 1, sentence: "1 reading refused. Channel 2 has no energy in this row." },
  ]);
});

it("puts what is wrong again and again together where no more than three hours lie between", () => {
  const wrong = (every: number) => halfHours(17, (index) => (index % every === 0 ? { negativeKwh: -1 } : {}));
  expect(found("negative", wrong(4))).toMatchObject([
    { from: FIRST, to: FIRST + 17 * 1800, sentence: "5 readings below zero, down to −1 kWh." },
  ]);
  expect(found("negative", wrong(8))).toHaveLength(3);
});

it("future stamp: after now and the threshold, but no forecast", () => {
  const now = FIRST + 3600 - 300;
  expect(found("future-stamp", halfHours(2), { now })).toEqual([]);
  expect(found("future-stamp", halfHours(2), { now: now - 1 })).toMatchObject([
    { from: FIRST + 1800, to: FIRST + 3600 },
  ]);
  expect(
    found(
      "future-stamp",
      halfHours(2, () => ({ quality: "forecast" })),
      { now: now - 1 },
    ),
  ).toEqual([]);
});

it("negative: net of one direction, and a sum of one direction on every meter", () => {
  const net = halfHours(6, (index) => (index === 3 ? { energyKwh: -0.02, positiveKwh: 0, negativeKwh: 0.02 } : {}));
  expect(found("negative", net)).toEqual([]);
  expect(found("negative", net, { flow: "load" })).toMatchObject([{ figure: -0.02, threshold: -0.01 }]);
  expect(found("negative", net, { flow: "feed-in" })).toEqual([]);
  expect(
    found(
      "negative",
      halfHours(6, () => ({ energyKwh: -0.01 })),
      { flow: "generation" },
    ),
  ).toEqual([]);
  expect(
    found(
      "negative",
      halfHours(2, () => ({ negativeKwh: -1 })),
    ),
  ).toHaveLength(1);
});

it("spike: one value above so many times the 95th percentile, no change that lasts", () => {
  const peak = (energyKwh: number, length = 1, usual = 1) =>
    found(
      "spike",
      halfHours(100, (index) => ({ energyKwh: index >= 50 && index < 50 + length ? energyKwh : usual })),
    );
  expect(peak(0.4, 1, 0.01)).toEqual([]);
  expect(peak(0.6, 1, 0.01)).toMatchObject([{ figure: 1.2, threshold: 1 }]);
  const daily = halfHours(192, (index) => ({ energyKwh: index % 48 === 20 || index % 48 === 30 ? 20 : 1 }));
  expect(found("spike", daily)).toEqual([]);
  expect(peak(10)).toEqual([]);
  expect(peak(10.1)).toMatchObject([{ from: FIRST + 50 * 1800, to: FIRST + 51 * 1800, figure: 20.2, threshold: 20 }]);
  expect(peak(10.1, 3)).toEqual([]);
  expect(
    found(
      "spike",
      halfHours(40, (index) => (index === 9 ? { energyKwh: 99 } : {})),
    ),
  ).toEqual([]);
});

it("zero run: as long as the threshold, without a gap in it", () => {
  const zeros = (count: number) =>
    halfHours(100, (index) => (index >= 10 && index < 10 + count ? { energyKwh: 0 } : {}));
  expect(found("zero-run", zeros(71))).toEqual([]);
  expect(found("zero-run", zeros(72))).toMatchObject([{ from: FIRST + 18_000, figure: 36, threshold: 36 }]);
  expect(
    found(
      "zero-run",
      halfHours(100, (index) => (index === 50 ? null : { energyKwh: 0 })),
    ),
  ).toEqual([]);
});

it("flat line: one value for as long as the threshold; zeros and nulls are none", () => {
  const flat = (count: number, energyKwh: number | null = 0.5) =>
    found(
      "flat-line",
      halfHours(60, (index) => (index >= 10 && index < 10 + count ? { energyKwh } : {})),
    );
  expect(flat(11)).toEqual([]);
  expect(flat(12)).toMatchObject([{ from: FIRST + 18_000, to: FIRST + 39_600, figure: 6 }]);
  expect(flat(40, 0)).toEqual([]);
  expect(flat(40, 0.02)).toEqual([]);
  expect(flat(40, null)).toEqual([]);
});

it("generation at night: by the zone's clock, of generation only, more than noise; summed a night", () => {
  const night = at("2026-06-01T13:30:00Z"); // 23:30 in Sydney
  const readings = (energyKwh: number) => halfHours(3, () => ({ energyKwh }), night);
  const options = { timezone: "Australia/Sydney", flow: "generation" as const };
  expect(found("night-generation", readings(0.04), options)).toMatchObject([
    { from: night, to: night + 5400, threshold: 0.1 },
  ]);
  expect(found("night-generation", readings(0.03), options)).toEqual([]);
  expect(found("night-generation", readings(5), { timezone: "Australia/Sydney" })).toEqual([]);
  expect(found("night-generation", readings(5), { ...options, timezone: "UTC" })).toEqual([]);
  expect(found("night-generation", readings(-5), { ...options, flow: "feed-in" })).toEqual([]);
  const sent = halfHours(3, () => ({ energyKwh: -5, negativeKwh: 5 }), night);
  expect(found("night-generation", sent, { ...options, flow: "feed-in" })).toMatchObject([{ figure: 15 }]);
});

it("generation at night: follows the clock over a change of clocks", () => {
  const options = { timezone: "Australia/Sydney", flow: "generation" as const };
  // 2026-04-05 has 25 hours: 02:30 comes twice, and 03:00 is at 17:00 UTC. 2026-10-04 has 23: 03:00 is at 16:00 UTC.
  const last = (text: string) => halfHours(1, () => ({ energyKwh: 1 }), at(text));
  expect(found("night-generation", last("2026-04-04T16:30:00Z"), options)).toHaveLength(1);
  expect(found("night-generation", last("2026-04-04T17:00:00Z"), options)).toEqual([]);
  expect(found("night-generation", last("2026-10-03T15:30:00Z"), options)).toHaveLength(1);
  expect(found("night-generation", last("2026-10-03T16:00:00Z"), options)).toEqual([]);
});

it("nameplate: capacity × hours × 1.1 of what the plant makes, where that is known", () => {
  const readings = (energyKwh: number) => halfHours(4, (index) => ({ energyKwh: index === 2 ? energyKwh : 1 }));
  const plant = { capacityKw: 10, flow: "generation" as const };
  expect(found("nameplate", readings(5.5), plant)).toEqual([]);
  expect(found("nameplate", readings(5.51), plant)).toMatchObject([
    { from: FIRST + 3600, figure: 5.51, sentence: "5.51 kWh in 30 min, at most 5.5 (10 kW × 1.1)." },
  ]);
  expect(found("nameplate", readings(5.51), { ...plant, thresholds: { nameplateFactor: 1.2 } })).toEqual([]);
  expect(found("nameplate", readings(99), { ...plant, flow: "load" })).toEqual([]);
  expect(found("nameplate", readings(99), { flow: "generation" })).toEqual([]);
  // A site may take more than its plant makes; what it sends comes from the plant.
  expect(found("nameplate", readings(99), { ...plant, flow: "both" })).toEqual([]);
  const sent = halfHours(2, () => ({ energyKwh: -6, positiveKwh: 0, negativeKwh: 6 }));
  expect(found("nameplate", sent, { ...plant, flow: "both" })).toMatchObject([{ figure: 6 }]);
});

it("balance: positive − negative against net, where all three are known", () => {
  const apart = (positiveKwh: number | null) => halfHours(3, () => ({ energyKwh: 1, positiveKwh, negativeKwh: 0.5 }));
  expect(found("balance", apart(1.5009))).toEqual([]);
  expect(found("balance", apart(1.502))).toMatchObject([{ from: FIRST, to: FIRST + 5400 }]);
  expect(found("balance", apart(null))).toEqual([]);
});

it("unit mismatch: a whole day at another level, civil days of 23 and 25 hours too", () => {
  const days = (factor: number, count = 192) =>
    halfHours(count, (index) => ({ energyKwh: index >= 48 && index < 96 ? factor : 1 }));
  expect(found("unit-mismatch", days(99))).toEqual([]);
  // A plant that stands still and draws a little is no other unit.
  expect(found("unit-mismatch", days(1 / 200))).toEqual([]);
  expect(found("unit-mismatch", days(1000))).toMatchObject([
    { from: FIRST + 86_400, to: FIRST + 172_800, figure: 1000 },
  ]);
  expect(found("unit-mismatch", days(1 / 1024))).toMatchObject([{ figure: 1024 }]);
  expect(found("unit-mismatch", days(1000, 96))).toEqual([]);
  for (const [day, next] of [
    ["2026-04-04T13:00:00Z", "2026-04-05T14:00:00Z"],
    ["2026-10-03T14:00:00Z", "2026-10-04T13:00:00Z"],
  ] as const) {
    const first = at(day) - 172_800;
    const energyKwh = (start: number) => (start >= at(day) && start < at(next) ? 1000 : 1);
    const readings = halfHours(240, (index) => ({ energyKwh: energyKwh(first + index * 1800) }), first);
    expect(found("unit-mismatch", readings, { timezone: "Australia/Sydney" })).toMatchObject([
      { from: at(day), to: at(next) },
    ]);
  }
});

it("clock drift: starts off their mark by more than the threshold, on either side", () => {
  for (const [off, findings] of [
    [30, 0],
    [31, 1],
    [-31, 1],
  ] as const) {
    expect(
      found(
        "clock-drift",
        halfHours(4, () => ({}), FIRST + off),
      ),
    ).toHaveLength(findings);
  }
  // Nepal is at +05:45: its half hours are on a quarter of UTC's.
  expect(
    found(
      "clock-drift",
      halfHours(4, () => ({}), FIRST + 900),
    ),
  ).toEqual([]);
});
