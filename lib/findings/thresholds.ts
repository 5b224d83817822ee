import { z } from "zod";
import type { Flow } from "../connectors/contract";
import { connectorOf } from "../connectors/registry";

/** `auto`: by the meter's type, settings and capacity. */
export const flows = ["auto", "generation", "load", "feed-in", "both"] as const satisfies readonly ("auto" | Flow)[];

interface Bounds {
  unit: string;
  fallback: number;
  min: number;
  max: number;
}

const field = (title: string, description: string, { unit, fallback, min, max }: Bounds) =>
  z
    .number({ error: "A number is needed." })
    .min(min, `This must be at least ${min}.`)
    .max(max, `This must be at most ${max}.`)
    .default(fallback)
    .meta({ title, description, unit });

/** From where on readings are a finding. Defaults are careful: a finding that is none costs more trust than a late one. */
export const thresholdsSchema = z.strictObject({
  flow: z.enum(flows).default("auto").meta({
    title: "Direction of energy",
    description: "Decides where negatives, nights and the nameplate are looked at.",
  }),
  gapMinutes: field("Gap", "Shortest stretch without readings that is a finding.", {
    unit: "min",
    fallback: 30,
    min: 1,
    max: 44_640,
  }),
  futureMinutes: field("Future stamp", "How far ahead of the clock a reading may end.", {
    unit: "min",
    fallback: 5,
    min: 0,
    max: 1440,
  }),
  negativeKwh: field("Negative", "What a sensor may show below zero in one interval.", {
    unit: "kWh",
    fallback: 0.01,
    min: 0,
    max: 1000,
  }),
  spikeFactor: field("Spike", "Times what 95 of 100 readings around stay below.", {
    unit: "times",
    fallback: 10,
    min: 2,
    max: 10_000,
  }),
  spikeKw: field("Spike, least power", "Power below this is never a spike.", {
    unit: "kW",
    fallback: 1,
    min: 0,
    max: 1_000_000,
  }),
  // Checks look three days back and ahead of what changed, so longer runs could be missed.
  zeroRunHours: field("Zero run", "Shortest run of zeros that is a finding.", {
    unit: "h",
    fallback: 36,
    min: 1,
    max: 72,
  }),
  flatLineHours: field("Flat line", "Shortest run of one value that is a finding.", {
    unit: "h",
    fallback: 6,
    min: 1,
    max: 72,
  }),
  nightStartHour: field("Night from", "By the clock of the meter's zone.", {
    unit: "o’clock",
    fallback: 23,
    min: 18,
    max: 23,
  }),
  nightEndHour: field("Night until", "By the clock of the meter's zone.", {
    unit: "o’clock",
    fallback: 3,
    min: 1,
    max: 6,
  }),
  nightKwh: field("Generation at night", "What may be generated in one night.", {
    unit: "kWh",
    fallback: 0.1,
    min: 0,
    max: 1000,
  }),
  nameplateFactor: field("Above nameplate", "Times the capacity that an interval may reach.", {
    unit: "times",
    fallback: 1.1,
    min: 1,
    max: 10,
  }),
  balanceKwh: field("Balance", "Allowed difference of positive − negative and net.", {
    unit: "kWh",
    fallback: 0.001,
    min: 0,
    max: 1000,
  }),
  unitFactor: field("Unit mismatch", "Least change of a day's level that may be one.", {
    unit: "times",
    fallback: 100,
    min: 10,
    max: 10_000,
  }),
  clockDriftSeconds: field("Clock drift", "How far a start may be off its mark.", {
    unit: "s",
    fallback: 30,
    min: 0,
    max: 450,
  }),
});

export type Thresholds = z.output<typeof thresholdsSchema>;

export const defaultThresholds: Thresholds = thresholdsSchema.parse({});

/** What is set for a meter, with defaults filled in. */
export function thresholdsOf(settings: unknown): Thresholds {
  return thresholdsSchema.parse(settings ?? {});
}

/**
 * Which way energy flows at a meter as its type and settings tell it. Where they do not, a capacity says that a plant is measured.
 * Undefined: nobody knows.
 */
export function flowOfMeter(meter: { type: string; settings: unknown; capacityKw: number | null }): Flow | undefined {
  const { flow, settingsSchema } = connectorOf(meter.type);
  const settings = settingsSchema.safeParse(meter.settings);
  const told = settings.success ? flow?.(settings.data) : undefined;
  return told ?? (meter.capacityKw === null ? undefined : "generation");
}
