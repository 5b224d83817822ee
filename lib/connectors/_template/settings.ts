import { z } from "zod";

/** Strict, so that a misspelt key is refused by name; title and description on every field, because they are the form. */
export const templateSettings = z.strictObject({
  invert: z.boolean().default(false).meta({
    title: "Inverted",
    description: "Flips the sign, for a meter that is mounted the other way round.",
  }),
});

export type TemplateSettings = z.output<typeof templateSettings>;
