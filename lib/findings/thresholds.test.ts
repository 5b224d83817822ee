import { expect, it } from "vitest";
import { flowOfMeter, thresholdsOf } from "./thresholds";

it("takes thresholds in their bounds only, and none it does not know", () => {
  expect(thresholdsOf({ gapMinutes: 15 }).gapMinutes).toBe(15);
  expect(() => thresholdsOf({ gapMinutes: -1 })).toThrow();
  expect(() => thresholdsOf({ gap: 1 })).toThrow();
});

it("knows from type and settings which way energy flows, else from a capacity, else not", () => {
  const flow = (type: string, settings: unknown = {}, capacityKw: number | null = null) =>
    flowOfMeter({ type, settings, capacityKw });
  expect(flow("Solcast")).toBe("generation");
  expect(flow("WattWatchers")).toBeUndefined();
  expect(flow("WattWatchers", {}, 100)).toBe("generation");
  expect(flow("NEM12", {}, 100)).toBe("both");
  expect(flow("NEM12", { suffixes: ["E1", "E2", "Q1"] }, 100)).toBe("load");
  expect(flow("NEM12", { suffixes: ["B1"] })).toBe("feed-in");
  expect(flow("NEM12", { suffixes: ["E1", "B1"] })).toBe("both");
  expect(flow("GreenButton")).toBe("both");
  expect(flow("GreenButton", { flows: "delivered" })).toBe("load");
  expect(flow("GreenButton", { flows: "received" })).toBe("feed-in");
  expect(flow("GreenButton", { flows: "received", invert: true })).toBe("generation");
  const csv = (...metrics: string[]) =>
    flow("CSV", { stampColumn: "at", values: metrics.map((metric) => ({ column: metric, metric, unit: "kWh" })) });
  expect(csv("eRealKwh")).toBeUndefined();
  expect(csv("eRealPositiveKwh", "eRealNegativeKwh")).toBe("both");
  expect(csv("eRealNegativeKwh")).toBe("feed-in");
});
