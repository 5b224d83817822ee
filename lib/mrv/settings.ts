import { z } from "zod";
import type { MetricName } from "../metrics/registry";

/** What can be issued: metered energy, summed over the period. Modelled metrics (Solcast) are none of it. */
export const mrvMetrics = [
  "eRealKwh",
  "eRealPositiveKwh",
  "eRealNegativeKwh",
  "eReactiveKvarh",
] as const satisfies readonly MetricName[];

export const fieldSources = [
  "periodStart",
  "periodEnd",
  "periodSeconds",
  "metric",
  "metricUnit",
  "carbonTons",
  "emissionFactor",
  "coverage",
  "readings",
  "recordId",
  "meterId",
  "deviceDid",
  "constant",
] as const;
export const fieldForms = ["string", "number", "integer", "date", "dateTime"] as const;

/** What fills one field of the credential subject. */
export const fieldRule = z
  .strictObject({
    from: z.enum(fieldSources, { error: `This must be one of ${fieldSources.join(", ")}.` }),
    as: z.enum(fieldForms, { error: `This must be one of ${fieldForms.join(", ")}.` }).optional(),
    decimals: z.number().int().min(0).max(12).optional(),
    value: z.union([z.string().max(2_000), z.number(), z.boolean()]).optional(),
  })
  .refine((rule) => (rule.from === "constant") === (rule.value !== undefined), {
    message: "A constant needs its value, and nothing else takes one.",
    path: ["value"],
  });
export type FieldRule = z.infer<typeof fieldRule>;

const ratio = z.number().min(0).max(1);
const tolerance = z.number().min(0).max(10);

/** Settings of an MRV job, as they are stored in `meter_jobs.settings`. Defaults are filled in by parsing. */
export const mrvSettings = z.strictObject({
  MRV_METRIC: z.enum(mrvMetrics).meta({ title: "Metric", description: "Summed over the period: the record's figure." }),
  MRV_MIN_COVERAGE: ratio.default(1).meta({
    title: "Least coverage",
    description: "Readings present over readings expected, from 0 to 1.",
  }),
  MRV_MAX_GAP_MINUTES: z.number().min(0).max(44_640).optional().meta({
    title: "Longest gap",
    description: "Minutes without a reading. Empty: coverage alone decides.",
  }),
  MRV_ALLOW_ESTIMATED: z.boolean().default(false).meta({
    title: "Estimated readings count",
    description: "Estimated and substituted ones. Forecasts never do.",
  }),
  MRV_MAX_ESTIMATED_SHARE: ratio.optional().meta({
    title: "Most estimated readings",
    description: "Share of the period, from 0 to 1, where estimated ones count. Empty: any.",
  }),
  MRV_MAX_KWH: z.number().positive().optional().meta({
    title: "Most energy",
    description: "Of the whole period. Empty: the meter's capacity decides, where it is known.",
  }),
  MRV_CROSS_CHECK_METER: z.uuid().optional().meta({
    title: "Compare with",
    description: "Another meter of the same site, such as the Solcast estimate.",
  }),
  MRV_CROSS_CHECK_TOLERANCE: tolerance.default(0.15).meta({
    title: "Tolerance of the comparison",
    description: "As a share of the other meter's energy: 0.15 is 15 %.",
  }),
  MRV_EARLIER_TOLERANCE: tolerance.optional().meta({
    title: "Tolerance to earlier periods",
    description: "Difference from the median of up to seven earlier records, as a share. Empty: shown, but not judged.",
  }),
  MRV_APPROVAL: z.enum(["manual", "auto"]).default("manual").meta({
    title: "Approval",
    description: "Automatic: records that passed every check are submitted without a person. The log says so.",
  }),
  MRV_FIELD_MAP: z.record(z.string().min(1).max(200), fieldRule).default({}).meta({
    title: "Fields",
    description: "What fills each field of the policy's schema.",
  }),
  MRV_POLICY_TAG: z.string().trim().min(1).max(200).optional().meta({
    title: "Policy tag",
    description: "Empty: the device's.",
  }),
  MRV_REF: z.string().trim().min(1).max(500).optional().meta({
    title: "Reference",
    description: "Subject id of a document in the policy that the record belongs to. Empty: the device's DID.",
  }),
  MRV_ROUTE: z.enum(["external", "sync-events"]).default("external").meta({
    title: "Route",
    description: "`sync-events` answers when the policy is done with the record.",
  }),
  MRV_BLOCK_TAG: z.string().trim().min(1).max(200).optional().meta({
    title: "Block",
    description: "Tag of one external data block. Empty: every one of the policy.",
  }),
  MRV_ALLOW_CORRECTIONS: z.boolean().default(false).meta({
    title: "Corrections",
    description: "The policy takes a second record of a period that corrects the first.",
  }),
});
export type MrvSettings = z.output<typeof mrvSettings>;
