import { describe, expect, it } from "vitest";
import { defaultThresholds } from "../../../findings/thresholds";
import { rowsHash } from "../../../mrv/evidence/canonical-rows";
import { figuresOf } from "../../../mrv/evidence/figures";
import type { EvidenceFactor, EvidenceManifest, EvidenceObject } from "../../../mrv/evidence/manifest";
import { periodCoverage } from "../../../mrv/extraction/period-coverage";
import type { PeriodReading } from "../../../mrv/extraction/period-readings";
import { type FieldRule, mrvSettings } from "../../../mrv/settings";
import type { CheckInput } from "./check";
import { recordChecks, runRecordChecks } from "./registry";

const START = Date.parse("2026-01-01T00:00:00Z") / 1000;
const DAY = 86_400;

type Change = (reading: PeriodReading, index: number) => Partial<PeriodReading> | null;

/** A day of five-minute readings of a plant that makes 0.25 kWh in each, dark at night. */
function someReadings(change: Change = () => ({})): PeriodReading[] {
  return Array.from({ length: 288 }, (_, index) => {
    const startAt = START + index * 300;
    const kwh = index >= 72 && index < 216 ? 0.25 + (index % 2) / 100 : 0;
    const reading: PeriodReading = {
      start: new Date(startAt * 1000).toISOString().replace(".000", ""),
      ...{ startAt, durationSeconds: 300, value: String(kwh), carbonTons: String(kwh / 1000), factorId: "f1" },
      ...{ quality: "actual", objectId: "t1", energyKwh: kwh, positiveKwh: kwh, negativeKwh: 0 },
    };
    const changed = change(reading, index);
    return changed === null ? undefined : { ...reading, ...changed };
  }).filter((each) => each !== undefined);
}

const factor: EvidenceFactor = {
  ...{ id: "f1", publisher: "DCCEEW", edition: "2026", region: "NSW", scope: "2", method: "location", value: "0.6" },
  ...{ unit: "kg CO2-e/kWh", validFrom: "2025-07-01T00:00:00.000Z", validTo: null, source: "s", readings: 288 },
};
const raw: EvidenceObject = {
  ...{ id: "r1", kind: "raw", key: "raw/1", sha256: "a".repeat(64), sizeBytes: 1, contentType: "text/plain" },
  ...{ origin: { kind: "api", url: "http://v" }, coversFrom: null, coversTo: null, inputIds: [] },
};
const transformed: EvidenceObject = { ...raw, id: "t1", kind: "transformed", sha256: "b".repeat(64), inputIds: ["r1"] };

interface Overrides extends Partial<Omit<CheckInput, "settings" | "meter" | "readings" | "evidence">> {
  settings?: Record<string, unknown>;
  meter?: Partial<CheckInput["meter"]>;
  readings?: Change;
  evidence?: Partial<EvidenceManifest>;
  metric?: "eRealKwh" | "eRealPositiveKwh" | "eRealNegativeKwh" | "eReactiveKvarh";
}

function anInput(overrides: Overrides = {}): CheckInput {
  const { settings: given, meter, readings: change, evidence: parts, metric = "eRealPositiveKwh", ...rest } = overrides;
  const readings = someReadings(change);
  const settings = mrvSettings.parse({ MRV_METRIC: metric, ...given });
  const figures = figuresOf(readings);
  const evidence = {
    meter: { timezone: "UTC" },
    figures: { metric, unit: metric === "eReactiveKvarh" ? "kvarh" : "kWh", ...figures },
    coverage: periodCoverage(readings, { from: new Date(START * 1000), to: new Date((START + DAY) * 1000) }, 300),
    qualities: {},
    readings: { count: readings.length, sha256: rowsHash(metric, readings) },
    factors: [factor],
    objects: [raw, transformed],
    ...parts,
  } as EvidenceManifest;
  return {
    ...{ evidence, settings, readings, from: START, to: START + DAY, timezone: "UTC" },
    value: figures.value === null ? null : Number(figures.value),
    meter: {
      ...{
        name: "Roof",
        typeLabel: "Wattwatchers",
        isModelled: false,
        capacityKw: 10,
        region: "NSW",
        flow: "generation",
      },
      ...{ thresholds: defaultThresholds, ...meter },
    },
    rowsSha256: rowsHash(metric, readings),
    ...{ findings: [], crossCheck: null, earlier: [], overlaps: [], collection: [] },
    supersededAt: new Map([["f1", null]]),
    objects: new Map([raw, transformed].map(({ id, sha256 }) => [id, sha256])),
    ...rest,
  };
}

function verdict(name: string, overrides: Overrides = {}) {
  const result = runRecordChecks(anInput(overrides)).find(({ check }) => check === name);
  if (!result) throw new Error(`There is no check ${name}.`);
  return result;
}

const at =
  (index: number, values: Partial<PeriodReading>): Change =>
  (_reading, each) =>
    each === index ? values : {};
const finding = {
  check: "spike",
  label: "Spike",
  from: START + 3600,
  to: START + 3900,
  sentence: "50 kW, usually 3 kW.",
  isAcknowledged: false,
};
const overlapping = {
  ...{
    id: "o",
    metric: "eRealKwh" as const,
    status: "verified" as const,
    meterName: "Main",
    deviceName: "D",
    jobName: "Net",
  },
  ...{ from: START, to: START + DAY, isSameMeter: true },
};
const field = (from: FieldRule["from"]) => ({ MRV_FIELD_MAP: { field1: { from } } });

it("passes a good record in every check that has something to hold it against", () => {
  const checks = runRecordChecks(anInput());
  expect(checks.filter(({ result }) => result === "failed")).toEqual([]);
  expect(checks.filter(({ result }) => result === "not_applicable").map(({ check }) => check)).toEqual([
    "longest-gap",
    "cross-check",
    "earlier-records",
  ]);
  for (const { sentence, isBlocking } of checks) {
    expect(sentence).toMatch(/^[A-Z0-9].*\.$/);
    expect(isBlocking).toBe(false);
  }
  expect(new Set(checks.map(({ check }) => check)).size).toBe(recordChecks.length);
});

it("fails a record without any reading, and blocks it", () => {
  const checks = runRecordChecks(anInput({ readings: () => null, evidence: { factors: [], objects: [] } }));
  expect(checks.filter(({ result }) => result === "failed").map(({ check }) => check)).toEqual([
    "figure",
    "coverage",
    "factors",
  ]);
  expect(checks.find(({ check }) => check === "figure")).toMatchObject({ isBlocking: true, figure: "none" });
});

type Case = [string, Overrides, Record<string, unknown>];

describe.each<[string, Case[]]>([
  [
    "coverage",
    [
      [
        "all",
        {},
        {
          result: "passed",
          figure: "100 %",
          threshold: "at least 100 %",
          sentence: "288 of 288 readings in 24 hours.",
        },
      ],
      [
        "one of 288 missing",
        { readings: (_r, index) => (index === 100 ? null : {}) },
        {
          result: "failed",
          figure: "99.652 %",
          isBlocking: false,
          sentence: "287 of 288 readings in 24 hours. Missing: 1 Jan 08:20 to 1 Jan 08:25.",
        },
      ],
      [
        "enough",
        { readings: (_r, index) => (index === 100 ? null : {}), settings: { MRV_MIN_COVERAGE: 0.99 } },
        { result: "passed", threshold: "at least 99 %" },
      ],
    ],
  ],
  [
    "longest-gap",
    [
      ["not set", { readings: (_r, index) => (index < 2 ? null : {}) }, { result: "not_applicable", figure: "10 min" }],
      [
        "short enough",
        { readings: (_r, index) => (index < 2 ? null : {}), settings: { MRV_MAX_GAP_MINUTES: 10 } },
        { result: "passed", threshold: "at most 10 min" },
      ],
      [
        "too long",
        { readings: (_r, index) => (index < 3 ? null : {}), settings: { MRV_MAX_GAP_MINUTES: 10 } },
        { result: "failed", figure: "15 min" },
      ],
    ],
  ],
  [
    "estimated",
    [
      [
        "not allowed",
        { readings: at(5, { quality: "substituted" }) },
        { result: "failed", figure: "1", threshold: "none allowed" },
      ],
      [
        "allowed",
        { readings: at(5, { quality: "estimated" }), settings: { MRV_ALLOW_ESTIMATED: true } },
        { result: "passed", threshold: "any number" },
      ],
      [
        "a share",
        {
          readings: (_r, index) => (index < 29 ? { quality: "estimated" } : {}),
          settings: { MRV_ALLOW_ESTIMATED: true, MRV_MAX_ESTIMATED_SHARE: 0.1 },
        },
        { result: "failed", figure: "29", threshold: "at most 10 %" },
      ],
    ],
  ],
  [
    "measured",
    [
      ["a forecast", { readings: at(5, { quality: "forecast" }) }, { result: "failed", isBlocking: true, figure: "1" }],
      [
        "a modelled meter",
        { meter: { isModelled: true, typeLabel: "Solcast" } },
        { result: "failed", isBlocking: true },
      ],
    ],
  ],
  [
    "energy-limit",
    [
      ["below capacity", {}, { result: "passed", threshold: "at most 264 kWh", sentence: "10 kW × 24 h × 1.1." }],
      [
        "above capacity",
        { meter: { capacityKw: 1 } },
        { result: "failed", threshold: "at most 26.4 kWh", figure: "36.72 kWh" },
      ],
      ["above the setting", { settings: { MRV_MAX_KWH: 36 } }, { result: "failed", threshold: "at most 36 kWh" }],
      ["bound by nothing", { meter: { capacityKw: null } }, { result: "not_applicable" }],
      ["of a load", { meter: { flow: "load", capacityKw: 1 } }, { result: "not_applicable" }],
      ["reactive", { metric: "eReactiveKvarh", settings: { MRV_MAX_KWH: 1 } }, { result: "not_applicable" }],
    ],
  ],
  [
    "nameplate",
    [
      [
        "below",
        {},
        {
          result: "passed",
          figure: "0.26 kWh",
          threshold: "at most 0.917 kWh",
          sentence: "Highest 5 minutes, 1 Jan 06:05; 10 kW × 1.1.",
        },
      ],
      [
        "one interval above",
        { readings: at(100, { value: "1" }) },
        { result: "failed", figure: "1 kWh", sentence: "Highest 5 minutes, 1 Jan 08:20; 10 kW × 1.1." },
      ],
      [
        "what is taken where energy flows both ways",
        { readings: at(100, { value: "1" }), meter: { flow: "both" } },
        { result: "not_applicable" },
      ],
      [
        "what is sent where energy flows both ways",
        { readings: at(100, { value: "1" }), meter: { flow: "both" }, metric: "eRealNegativeKwh" },
        { result: "failed" },
      ],
    ],
  ],
  [
    "night-generation",
    [
      [
        "dark",
        {},
        { result: "passed", figure: "0 kWh", threshold: "at most 0.1 kWh", sentence: "Between 23:00 and 3:00." },
      ],
      ["bright", { readings: at(6, { energyKwh: 0.2 }) }, { result: "failed", figure: "0.2 kWh" }],
      [
        "found from the night before",
        { findings: [{ ...finding, check: "night-generation", label: "Generation at night" }] },
        { result: "failed", sentence: "Generation at night, 1 Jan 01:00: 50 kW, usually 3 kW." },
      ],
      ["both ways", { meter: { flow: "both" } }, { result: "not_applicable" }],
    ],
  ],
  [
    "negative",
    [
      [
        "below zero",
        { readings: at(100, { value: "-0.5" }) },
        { result: "failed", figure: "−0.5 kWh", threshold: "at least −0.01 kWh" },
      ],
      ["what a sensor may show", { readings: at(100, { value: "-0.01" }) }, { result: "passed", figure: "−0.01 kWh" }],
      [
        "net energy of both ways",
        { readings: at(100, { value: "-0.5" }), metric: "eRealKwh", meter: { flow: "both" } },
        { result: "not_applicable" },
      ],
      ["net energy of a plant", { readings: at(100, { value: "-0.5" }), metric: "eRealKwh" }, { result: "failed" }],
    ],
  ],
  [
    "balance",
    [
      [
        "parts that make the whole",
        { readings: at(100, { energyKwh: 0.3, positiveKwh: 0.4, negativeKwh: 0.1 }) },
        { result: "passed", figure: "0 kWh", sentence: "In every reading." },
      ],
      [
        "parts that do not",
        { readings: at(100, { energyKwh: 0.3 }) },
        {
          result: "failed",
          figure: "0.05 kWh",
          threshold: "at most 0.001 kWh",
          sentence: "Largest difference of one reading, 1 Jan 08:20.",
        },
      ],
      ["without parts", { readings: () => ({ positiveKwh: null }) }, { result: "not_applicable" }],
    ],
  ],
  [
    "cross-check",
    [
      [
        "near enough",
        { crossCheck: { meterName: "Solcast", isModelled: true, value: 40, coverage: 1 } },
        {
          result: "passed",
          label: "Cross-check, Solcast",
          figure: "−8.2 %",
          threshold: "within ±15 %",
          sentence: "40 kWh modelled for the site.",
        },
      ],
      [
        "too far",
        { crossCheck: { meterName: "Solcast", isModelled: true, value: 50, coverage: 1 } },
        { result: "failed", figure: "−26.6 %" },
      ],
      [
        "by another tolerance",
        {
          crossCheck: { meterName: "Solcast", isModelled: true, value: 50, coverage: 1 },
          settings: { MRV_CROSS_CHECK_TOLERANCE: 0.3 },
        },
        { result: "passed", threshold: "within ±30 %" },
      ],
      [
        "sent, counted negative",
        {
          readings: ({ value }) => ({ value: String(-Number(value)) }),
          metric: "eRealKwh",
          crossCheck: { meterName: "Solcast", isModelled: true, value: 36.72, coverage: 1 },
        },
        { result: "passed", figure: "+0.0 %" },
      ],
      [
        "a sign against another meter",
        {
          readings: ({ value }) => ({ value: String(-Number(value)) }),
          metric: "eRealKwh",
          crossCheck: { meterName: "Main", isModelled: false, value: 36.72, coverage: 1 },
        },
        { result: "failed", figure: "−200.0 %" },
      ],
      [
        "nothing to compare with",
        { crossCheck: { meterName: "Solcast", isModelled: true, value: null, coverage: 0 } },
        { result: "failed", figure: null },
      ],
      [
        "half a day to compare with",
        { crossCheck: { meterName: "Solcast", isModelled: true, value: 36, coverage: 0.5 } },
        { result: "failed", sentence: "Solcast covers 50 % of the period: too little to compare with." },
      ],
      ["zero", { crossCheck: { meterName: "Solcast", isModelled: true, value: 0, coverage: 1 } }, { result: "failed" }],
    ],
  ],
  [
    "earlier-records",
    [
      [
        "without a tolerance",
        { earlier: [{ value: 30, from: 0, to: DAY }] },
        {
          result: "not_applicable",
          figure: "+22.4 %",
          sentence: "30 kWh by the median of 1 earlier record. No tolerance is set.",
        },
      ],
      [
        "the median, not the mean",
        {
          earlier: [1, 36, 1000].map((value) => ({ value, from: 0, to: DAY })),
          settings: { MRV_EARLIER_TOLERANCE: 0.05 },
        },
        { result: "passed", figure: "+2.0 %", threshold: "within ±5 %" },
      ],
      [
        "too far",
        { earlier: [{ value: 30, from: 0, to: DAY }], settings: { MRV_EARLIER_TOLERANCE: 0.05 } },
        { result: "failed" },
      ],
      [
        "by the hour",
        { earlier: [{ value: 38.25, from: 0, to: 25 * 3600 }], settings: { MRV_EARLIER_TOLERANCE: 0.001 } },
        { result: "passed", figure: "+0.0 %", sentence: "36.72 kWh by the median of 1 earlier record." },
      ],
      [
        "of nothing",
        { earlier: [{ value: 0, from: 0, to: DAY }], settings: { MRV_EARLIER_TOLERANCE: 0.05 } },
        { result: "failed", figure: null },
      ],
    ],
  ],
  [
    "spike",
    [
      [
        "found",
        { findings: [finding] },
        { result: "failed", figure: "1", isBlocking: false, sentence: "Spike, 1 Jan 01:00: 50 kW, usually 3 kW." },
      ],
      [
        "acknowledged",
        { findings: [{ ...finding, isAcknowledged: true }] },
        { result: "failed", sentence: "Spike, 1 Jan 01:00 (acknowledged): 50 kW, usually 3 kW." },
      ],
      ["something else", { findings: [{ ...finding, check: "gap" }] }, { result: "passed" }],
    ],
  ],
  [
    "flat-line",
    [
      [
        "short runs",
        { readings: (_r, index) => (index >= 100 && index < 112 ? { energyKwh: 0.3 } : {}) },
        {
          result: "passed",
          figure: "1 h",
          threshold: "less than 6 h",
          sentence: "Longest run of one value, from 1 Jan 08:20.",
        },
      ],
      ["found", { findings: [{ ...finding, check: "flat-line", label: "Flat line" }] }, { result: "failed" }],
    ],
  ],
  [
    "other-findings",
    [
      [
        "wrong units",
        { findings: [{ ...finding, check: "unit-mismatch", label: "Unit mismatch" }] },
        { result: "failed", figure: "1" },
      ],
      ["what other checks look at", { findings: [{ ...finding, check: "gap" }, finding] }, { result: "passed" }],
    ],
  ],
  [
    "readings-apart",
    [
      [
        "two at one time",
        { readings: at(100, { durationSeconds: 900 }) },
        { result: "failed", isBlocking: true, figure: "2" },
      ],
    ],
  ],
  [
    "overlap",
    [
      [
        "net energy of the same meter",
        { overlaps: [overlapping] },
        {
          result: "failed",
          isBlocking: true,
          figure: "1 record",
          sentence:
            "The same energy is in 1 other record: Energy of Main, 1 Jan 00:00 to 2 Jan 00:00, verified, by Net.",
        },
      ],
      [
        "what is sent beside what is taken",
        { overlaps: [{ ...overlapping, metric: "eRealNegativeKwh" }] },
        { result: "passed", figure: "none" },
      ],
      [
        "parts of net energy",
        { metric: "eRealKwh", overlaps: [{ ...overlapping, metric: "eRealNegativeKwh" }] },
        { result: "failed", isBlocking: true },
      ],
      ["reactive energy", { overlaps: [{ ...overlapping, metric: "eReactiveKvarh" }] }, { result: "passed" }],
      [
        "another meter of the device",
        { overlaps: [{ ...overlapping, isSameMeter: false }] },
        { result: "failed", isBlocking: false },
      ],
    ],
  ],
  [
    "factors",
    [
      ["one", {}, { result: "passed", figure: "1 factor", sentence: "DCCEEW 2026, NSW, 0.6 kg/kWh." }],
      [
        "no carbon of a reading",
        { readings: at(100, { carbonTons: null, factorId: null }) },
        { result: "failed", sentence: "Without carbon: 1 of 288 readings. No factor holds for NSW then." },
      ],
      [
        "superseded",
        { supersededAt: new Map([["f1", new Date()]]) },
        { result: "failed", sentence: "DCCEEW 2026, NSW, 0.6 kg/kWh was superseded: recompute the carbon." },
      ],
      ["of another region", { meter: { region: "VIC" } }, { result: "failed" }],
      [
        "that ends before the period does",
        { evidence: { factors: [{ ...factor, validTo: "2026-01-01T12:00:00.000Z" }] } },
        { result: "failed", sentence: "The reading of 1 Jan 12:00 uses a factor that does not hold then." },
      ],
      [
        "two in one period",
        { readings: at(100, { factorId: "f2" }), evidence: { factors: [factor, { ...factor, id: "f2" }] } },
        { result: "passed", figure: "2 factors" },
      ],
      [
        "two where a field asks for the one",
        {
          readings: at(100, { factorId: "f2" }),
          evidence: { factors: [factor, { ...factor, id: "f2" }] },
          settings: field("emissionFactor"),
        },
        { result: "failed", threshold: "exactly 1" },
      ],
      [
        "none, and nobody asks",
        { readings: () => ({ carbonTons: null, factorId: null }), meter: { region: null }, evidence: { factors: [] } },
        { result: "not_applicable" },
      ],
      [
        "none, and a field asks",
        {
          readings: () => ({ carbonTons: null, factorId: null }),
          meter: { region: null },
          evidence: { factors: [] },
          settings: field("carbonTons"),
        },
        { result: "failed", figure: "none" },
      ],
    ],
  ],
  [
    "restated",
    [["changed", { rowsSha256: "c".repeat(64) }, { result: "failed", isBlocking: true, figure: "changed" }]],
  ],
  [
    "collection",
    [
      [
        "failed",
        { collection: [{ job: "Daily", state: "failed", tasks: 2, from: START, to: START + 7200 }] },
        {
          result: "failed",
          figure: "2",
          isBlocking: false,
          sentence: "2 tasks of Daily failed, 1 Jan 00:00 to 1 Jan 02:00.",
        },
      ],
    ],
  ],
  [
    "evidence",
    [
      [
        "a raw object that is gone",
        { objects: new Map([["t1", transformed.sha256]]) },
        { result: "failed", isBlocking: true },
      ],
      [
        "an object with another hash",
        {
          objects: new Map([
            ["t1", transformed.sha256],
            ["r1", "d".repeat(64)],
          ]),
        },
        {
          result: "failed",
          isBlocking: true,
          sentence: "Another SHA-256 than the evidence has: 1 object, such as r1.",
        },
      ],
      [
        "a reading of an object that is not named",
        { readings: at(100, { objectId: "t9" }) },
        { result: "failed", isBlocking: true },
      ],
      [
        "a transformed object without raw bytes",
        { evidence: { objects: [raw, { ...transformed, inputIds: [] }] } },
        { result: "failed" },
      ],
    ],
  ],
])("%s", (name, cases) => {
  it.each(cases)("%s", (_what, overrides, expected) => {
    expect(verdict(name, overrides)).toMatchObject(expected);
  });
});
