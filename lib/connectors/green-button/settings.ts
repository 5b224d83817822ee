import { z } from "zod";

const flows = ["both", "delivered", "received"] as const;

/**
 * Which part of a file is this meter. Default: the file's only usage point with energy, delivered counted positive and received
 * negative.
 */
export const greenButtonSettings = z.strictObject({
  usagePoint: z.string().trim().min(1).max(200).optional().meta({
    title: "Usage point",
    description:
      "The id in the usage point's link (its last part), its entry id or its title. Needed when files hold several with energy.",
    placeholder: "5391320451",
  }),
  meterReadings: z
    .array(z.string().trim().min(1).max(200))
    .min(1)
    .refine((names) => new Set(names).size === names.length, "A meter reading is named twice.")
    .optional()
    .meta({
      title: "Meter readings",
      description:
        "Ids (the last part of the link) or titles of the meter readings that are summed for each direction. Leave empty for the only one of each direction.",
    }),
  flows: z.enum(flows).default("both").meta({
    title: "Directions",
    description:
      "both: delivered (flow direction 1) minus received (19); delivered or received: that side alone, the other does not exist.",
  }),
  invert: z.boolean().default(false).meta({
    title: "Count received as positive",
    description:
      "For a meter of generation: what the utility received counts as positive, what it delivered as negative.",
  }),
  unitWithoutType: z.enum(["Wh", "kWh"]).optional().meta({
    title: "Unit without a reading type",
    description:
      "Some files lack the reading type that tells unit and direction. Wh or kWh reads them as energy delivered; None refuses them.",
  }),
});

export type GreenButtonSettings = z.output<typeof greenButtonSettings>;
