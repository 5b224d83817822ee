import { z } from "zod";
import { instant, instantOut } from "../../http/fields";

const scope = {
  region: z.string().trim().min(1).max(60),
  from: instant.nullish().meta({ description: "Only readings that start at or after it; left out: all." }),
  to: instant.nullish().meta({ description: "Exclusive." }),
};

export const planRecomputeInput = z.strictObject(scope);
export const startRecomputeInput = z.strictObject({ ...scope, planToken: z.string().min(1) });

/** Body of `POST /emission-factors/recompute`. */
export const recomputeOrder = z
  .strictObject({ ...scope, dryRun: z.boolean().default(false), planToken: z.string().optional() })
  .refine((body) => body.dryRun || body.planToken !== undefined, {
    path: ["planToken"],
    error: "Ask with dryRun first, and send the planToken of its answer.",
  });

const count = z.number().int();
const tons = z.number().meta({ description: "Tonnes CO2-e of the rows that change." });
const value = z.string().nullable().meta({ description: "kg CO2-e per kWh; null: no factor." });

export const planPartDto = z.object({
  meterId: z.uuid(),
  meterName: z.string(),
  month: z.string().meta({ description: "UTC, such as 2026-04." }),
  fromValue: value,
  toValue: value,
  rows: count,
  tonsBefore: tons,
  tonsAfter: tons,
});

export const MOST_PARTS = 1_000;

export const recomputePlanDto = z.object({
  region: z.string(),
  rows: count.meta({ description: "Rows of meter data whose carbon or factor changes." }),
  meters: count,
  mrvRecords: count.meta({ description: "MRV records that use such rows." }),
  tonsBefore: tons,
  tonsAfter: tons,
  parts: z.array(planPartDto).meta({ description: `By meter, month and value, the first ${MOST_PARTS}.` }),
  isPartsCut: z.boolean(),
  planToken: z.string(),
});
export type RecomputePlan = z.input<typeof recomputePlanDto>;
export type PlanPart = z.input<typeof planPartDto>;

export const recomputeDto = z.object({
  id: z.uuid(),
  region: z.string(),
  from: instantOut.nullable(),
  to: instantOut.nullable(),
  factorId: z.uuid().nullable().meta({ description: "The factor that was the reason; null: ordered by itself." }),
  status: z.enum(["running", "done"]),
  rowsPlanned: count,
  rowsChanged: count,
  parts: count.meta({ description: "A meter's month is a part." }),
  partsDone: count,
  createdBy: z.string(),
  createdAt: instantOut,
  finishedAt: instantOut.nullable(),
});
export type RecomputeDto = z.input<typeof recomputeDto>;
