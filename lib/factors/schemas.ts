import { z } from "zod";
import { type emissionFactors, factorMethods } from "../db/schema";
import { pageQuery } from "../http/cursor";
import { instant, instantOut } from "../http/fields";

const text = (longest: number) => z.string().trim().min(1).max(longest);
const value = z
  .union([z.string().trim(), z.number().transform(String)])
  .refine((given) => /^\d{1,3}(\.\d{1,12})?$/.test(given), "A decimal number such as 0.64 is needed.")
  .meta({ description: "kg CO2-e per kWh, as decimal text or number." });

const newFactor = {
  publisher: text(120),
  edition: text(60),
  region: text(60).meta({ description: "Meters name it as their emission region." }),
  scope: z.enum(["1", "2", "3"]).default("2"),
  method: z.enum(factorMethods).default("location"),
  value,
  unit: z.literal("kg CO2-e/kWh").default("kg CO2-e/kWh"),
  validFrom: instant,
  validTo: instant.nullish().meta({ description: "Exclusive; left out: open." }),
  source: text(500).meta({ description: "Where the value was read." }),
  note: text(1_000).nullish(),
  supersedes: z.uuid().optional().meta({
    description: "A factor that was wrong: it holds until validFrom, or for no time where it begins then or later.",
  }),
};

const planToken = z.string().min(1).optional().meta({
  description: "Of a dry run: stored carbon is recomputed as its plan says. Left out: stored carbon keeps its factor.",
});

const isValidity = ({ validFrom, validTo }: { validFrom: Date; validTo?: Date | null | undefined }) =>
  !validTo || validTo > validFrom;
const validityProblem = { path: ["validTo"], error: "This must be after validFrom." };

export const newFactorInput = z.strictObject(newFactor).refine(isValidity, validityProblem);
export const createFactorInput = z.strictObject({ ...newFactor, planToken }).refine(isValidity, validityProblem);

/** Body of `POST /emission-factors`. */
export const factorOrder = z
  .strictObject({ ...newFactor, planToken, dryRun: z.boolean().default(false) })
  .refine(isValidity, validityProblem);

export const listFactorsQuery = z.object({
  ...pageQuery,
  region: z.string().max(60).optional(),
  at: instant.optional().meta({ description: "Only factors that hold at this instant." }),
  superseded: z.boolean().default(false).meta({ description: "True: superseded ones too." }),
});

export const factorDto = z.object({
  id: z.uuid(),
  publisher: z.string(),
  edition: z.string(),
  region: z.string(),
  scope: z.string(),
  method: z.enum(factorMethods),
  value: z.string().meta({ description: "Decimal text, kg CO2-e per kWh." }),
  unit: z.literal("kg CO2-e/kWh"),
  validFrom: instantOut,
  validTo: instantOut.nullable().meta({ description: "Exclusive; null: open." }),
  source: z.string(),
  note: z.string().nullable(),
  supersededAt: instantOut.nullable(),
});
export type FactorDto = z.input<typeof factorDto>;

export const createdFactorDto = factorDto.extend({
  recomputeId: z.uuid().nullable().meta({ description: "The recompute of stored carbon that was started." }),
});
export type CreatedFactor = z.input<typeof createdFactorDto>;

export function toDto({ createdAt: _createdAt, ...row }: typeof emissionFactors.$inferSelect): FactorDto {
  return row;
}
