import { z } from "zod";

/** The vendor answers at most a week back and a week ahead. */
export const MOST_HOURS = 168;

const lists = ["estimated_actuals", "forecasts"] as const;

export const solcastSettings = z.strictObject({
  include: z
    .array(z.enum(lists))
    .min(1)
    .refine((names) => new Set(names).size === names.length, "A list is named twice.")
    .default(() => [...lists])
    .meta({
      title: "Lists",
      description:
        "estimated_actuals, what the model says was generated, and forecasts. From the API each costs one call of the day every time it is collected.",
    }),
  forecastHours: z
    .int()
    .min(1)
    .max(MOST_HOURS)
    .default(48)
    .meta({
      title: "Forecast hours",
      onlySource: "API",
      description: `How far forecasts reach ahead, 1 to ${MOST_HOURS}. A longer reach costs no further call.`,
    }),
  dailyCalls: z.int().min(1).max(1_000_000).default(10).meta({
    title: "Calls a day",
    onlySource: "API",
    description:
      "What the account behind the key allows until 00:00 UTC; free accounts have 10. Where meters on one key say different numbers, the lowest holds for all of them.",
  }),
});

export type SolcastSettings = z.infer<typeof solcastSettings>;

export const solcastKey = z
  .string()
  .trim()
  .regex(/^[\x21-\x7e]{8,}$/, "An API key is one word of at least eight characters.")
  .meta({
    title: "API key",
    description: "The key of the Solcast account that has the site. Testing the connection costs one call of its day.",
  });
