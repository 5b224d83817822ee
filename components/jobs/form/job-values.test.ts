import { expect, it } from "vitest";
import { durationWords } from "../duration-words";
import { changesOf, createInput, delayIso, delayOf, proposedReread, proposedValues } from "./job-values";
import { mrvValuesOf } from "./mrv-values";

const source = {
  label: "Wattwatchers",
  defaultTaskInterval: "P1D",
  availabilityLag: "PT10M",
  recordDelay: "PT4H",
  restatementWindow: "P28D",
  maxRange: "P7D",
};
const meter = { id: "m", name: "Roof", timezone: "Australia/Sydney", source, device: null, recordable: ["eRealKwh"] };

it("says durations as people do", () => {
  expect(["PT5M", "PT1H", "PT1H30M", "P1D", "P7D", "P1M", "P1W", "PT0M", "soon"].map(durationWords)).toEqual([
    "5 minutes",
    "1 hour",
    "1 hour 30 minutes",
    "1 day",
    "7 days",
    "1 month",
    "1 week",
    "none",
    "soon",
  ]);
});

it("takes what the meter's type proposes", () => {
  expect(proposedValues(meter, "2026-11-01")).toMatchObject({
    interval: "P1D",
    delayCount: "10",
    delayUnit: "minutes",
    reread: "6",
  });
  expect(proposedReread(source, "PT1H")).toBe(1);
  expect(proposedReread({ ...source, restatementWindow: "P2D" }, "P1D")).toBe(2);
});

it("keeps a delay through words and ISO 8601, and leaves what is no number for the schema to refuse", () => {
  for (const iso of ["PT0M", "PT10M", "PT90M", "PT2H", "P1D"]) expect(delayIso(delayOf(iso))).toBe(iso);
  expect(delayIso(delayOf("PT1H30M"))).toBe("PT90M");
  expect(delayIso({ delayCount: "ten", delayUnit: "hours" })).toBe("ten");
  expect(createInput({ ...proposedValues(meter, "2026-11-01"), reread: "many" })).toMatchObject({
    rereadIntervals: "many",
  });
});

it("sends only what changed, and null for an end that was taken off", () => {
  const before = { ...proposedValues(meter, "2026-11-01"), name: "Collect every day", endDay: "2026-12-01" };
  const sent = (changes: object) =>
    Object.fromEntries(
      Object.entries(changesOf("j", before, { ...before, ...changes })).filter(([, value]) => value !== undefined),
    );
  expect(sent({})).toEqual({ jobId: "j" });
  expect(sent({ retries: "3", endDay: "" })).toEqual({ jobId: "j", maxRetries: 3, endDay: null });
});

it("keeps settings of MRV jobs through texts and percent, and sends no reading again", () => {
  const settings = {
    MRV_METRIC: "eRealPositiveKwh",
    MRV_MIN_COVERAGE: 0.955,
    MRV_MAX_GAP_MINUTES: 30,
    MRV_ALLOW_ESTIMATED: true,
    MRV_MAX_ESTIMATED_SHARE: 0.07,
    MRV_MAX_KWH: 1200.5,
    MRV_CROSS_CHECK_METER: "019a0000-0000-7000-8000-000000000001",
    MRV_CROSS_CHECK_TOLERANCE: 0.29,
    MRV_EARLIER_TOLERANCE: 1.1,
    MRV_APPROVAL: "auto",
    MRV_FIELD_MAP: {
      field0: { from: "periodStart", as: "date" },
      field1: { from: "metric", decimals: 3 },
      field2: { from: "constant", value: "86400" },
    },
    MRV_POLICY_TAG: "Tag_2",
    MRV_REF: "did:x",
    MRV_ROUTE: "sync-events",
    MRV_BLOCK_TAG: "block",
    MRV_ALLOW_CORRECTIONS: true,
  };
  const values = { ...proposedValues(meter, "2026-11-01", "mrv"), mrv: mrvValuesOf(settings) };
  expect(values.mrv.minCoverage).toBe("95.5");
  const input = createInput(values);
  expect(input).toMatchObject({ type: "mrv", interval: "P1D", delay: "PT4H", settings });
  expect(input).not.toHaveProperty("rereadIntervals");
  expect(changesOf("j", values, values)).toMatchObject({ settings: undefined });
  const changed = { ...values, mrv: { ...values.mrv, minCoverage: "all" } };
  expect(changesOf("j", values, changed).settings).toMatchObject({ MRV_MIN_COVERAGE: "all" });
});
