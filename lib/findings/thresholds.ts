import { z } from "zod";

/** Which way energy flows at the meter. `both`: nobody said, so that checks of one direction are left out. */
export const flows = ["generation", "load", "both"] as const;

const field = (title: string, description: string, fallback: number, min: number, max: number) =>
  z.number().min(min).max(max).default(fallback).meta({ title, description });

/** From where on readings are a finding. Defaults are careful: a finding that is none costs more trust than a late one. */
export const thresholdsSchema = z.strictObject({
  flow: z.enum(flows).default("both").meta({
    title: "Direction",
    description:
      "Generation or load alone; both where the meter sees either: then negatives and nights are not checked.",
  }),
  gapMinutes: field("Gap (minutes)", "Longest stretch without readings that is no finding.", 60, 0, 44_640),
  futureMinutes: field("Future (minutes)", "How far ahead of the clock a reading may end.", 5, 0, 1440),
  negativeKwh: field("Negative (kWh)", "What a sensor may show below zero.", 0.01, 0, 1000),
  spikeFactor: field("Spike (times)", "Times the 95th percentile of the days around it.", 10, 2, 10_000),
  zeroRunHours: field("Zero run (hours)", "How long nothing but zero is plausible.", 36, 1, 72),
  flatLineHours: field("Flat line (hours)", "How long one and the same value is plausible.", 6, 1, 72),
  nightStartHour: field("Night from (hour)", "By the clock of the meter's zone.", 23, 18, 23),
  nightEndHour: field("Night until (hour)", "By the clock of the meter's zone.", 3, 1, 6),
  nightKwh: field("Night (kWh)", "Generation of one night that may be noise.", 0.1, 0, 1000),
  nameplateFactor: field("Nameplate (times)", "Times capacity that an interval may reach.", 1.1, 1, 10),
  balanceKwh: field("Balance (kWh)", "Allowed difference of positive − negative and net.", 0.001, 0, 1000),
  unitFactor: field("Unit (times)", "Change of a whole day's level that looks like another unit.", 100, 10, 10_000),
  clockDriftSeconds: field("Clock drift (seconds)", "How far a start may be off its mark.", 30, 0, 450),
});

export type Thresholds = z.output<typeof thresholdsSchema>;

/** What is set for a meter, with defaults filled in. */
export function thresholdsOf(settings: unknown): Thresholds {
  return thresholdsSchema.parse(settings ?? {});
}
