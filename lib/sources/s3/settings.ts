import { z } from "zod";
import { parseInput } from "../../field-errors";
import { parsePattern } from "./pattern";

const pattern = z
  .string()
  .trim()
  .min(1, "A pattern is needed; * takes every object.")
  .max(500)
  .default("*")
  .superRefine((text, context) => {
    const parsed = parsePattern(text);
    if ("problem" in parsed) context.addIssue({ code: "custom", message: parsed.problem });
  })
  .meta({
    title: "Key pattern",
    description:
      "What follows the prefix. {yyyy}, {MM}, {dd} and {HH} stand for the date in the name (in the meter's time zone), * for " +
      "any characters, slashes too. Example: {yyyy}/{MM}/meter-*-{yyyy}{MM}{dd}.csv",
  });

/** Settings of the S3 source of a meter, kept under `s3` of its settings. */
export const s3SettingsSchema = z.strictObject({
  prefix: z
    .string()
    .max(500)
    .refine((text) => !text.startsWith("/"), "Keys of a bucket do not begin with a slash.")
    .default("")
    .meta({
      title: "Key prefix",
      description: "The beginning of all keys, taken literally, such as exports/site-7/. Empty: the whole bucket.",
    }),
  pattern,
});

export type S3Settings = z.output<typeof s3SettingsSchema>;

/** The bucket's part of a meter's settings, defaults filled in. Throws InvalidInput with the field (`settings.s3.pattern`). */
export function s3SettingsOf(settings: Readonly<Record<string, unknown>>): S3Settings {
  return parseInput(s3SettingsSchema, settings.s3 ?? {}, "settings.s3");
}
