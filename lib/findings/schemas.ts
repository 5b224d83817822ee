import { z } from "zod";
import { pageQuery } from "../http/cursor";
import { instantOut } from "../http/fields";
import type { Found } from "./check";
import { checks } from "./checks/registry";
import { thresholdsSchema } from "./thresholds";

/** Open: nobody has said that it may stay. Acknowledged: somebody has. Healed: its cause is gone. */
export const findingStates = ["open", "acknowledged", "healed"] as const;
export type FindingState = (typeof findingStates)[number];

const units = ["min", "h", "s", "kWh", "kW", "times", "rows"] as const satisfies readonly Found["unit"][];

export const listFindingsQuery = z.object({
  ...pageQuery,
  state: z.array(z.enum(findingStates)).optional().meta({ description: "Where a finding stands; default all." }),
  check: z
    .array(z.enum(checks.map(({ name }) => name) as [string, ...string[]]))
    .optional()
    .meta({ description: "Only what these checks found." }),
});
export const listFindingsInput = listFindingsQuery.extend({ meterId: z.uuid() });

export const findingDto = z.object({
  id: z.uuid(),
  meterId: z.uuid(),
  check: z.string(),
  label: z.string().meta({ description: "The check's name for people." }),
  meaning: z.string().meta({ description: "What it usually means and what to do about it." }),
  state: z.enum(findingStates),
  from: instantOut,
  to: instantOut.meta({ description: "The range is half-open." }),
  figure: z.number().meta({ description: "What was measured, in `unit`." }),
  threshold: z.number().meta({ description: "From where on it is a finding, in `unit`." }),
  unit: z.enum(units),
  sentence: z.string(),
  firstSeenAt: instantOut,
  lastSeenAt: instantOut,
  healedAt: instantOut.nullable(),
  acknowledged: z.object({ at: instantOut, by: z.string(), reason: z.string() }).nullable(),
});
export type FindingDto = z.input<typeof findingDto>;

export const acknowledgement = z.strictObject({
  reason: z.string().trim().min(3, "Say why in a few words.").max(500).meta({ title: "Reason" }),
});
export const acknowledgeFindingInput = acknowledgement.extend({ findingId: z.uuid() });

export const meterThresholdsInput = z.strictObject({ meterId: z.uuid(), thresholds: thresholdsSchema });
