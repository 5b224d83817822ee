import { z } from "zod";
import { OFFSET } from "../utc-offset";

/** Which part of a file is this meter. Default: the file's only NMI, all its energy streams, times in AEST (UTC+10). */
export const nem12Settings = z.strictObject({
  nmi: z
    .string()
    .trim()
    .regex(/^[A-Za-z0-9]{1,11}$/, "An NMI is ten letters and digits, without the check digit.")
    .transform((nmi) => nmi.toUpperCase())
    .optional()
    .meta({
      title: "NMI",
      description:
        "The ten characters of the connection point, without the check digit. Needed when files hold several.",
      placeholder: "6203778594",
    }),
  suffixes: z
    .array(
      z
        .string()
        .trim()
        .regex(/^[A-Za-z][A-Za-z0-9]$/, "A suffix is a letter and a digit, such as E1 or B1.")
        .transform((suffix) => suffix.toUpperCase()),
    )
    .min(1)
    .refine((suffixes) => new Set(suffixes).size === suffixes.length, "A suffix is named twice.")
    .optional()
    .meta({
      title: "Suffixes",
      description:
        "Streams that make up the meter, such as E1 (taken from the grid) or B1 (sent to it). Leave empty for all energy streams.",
    }),
  utcOffset: z.string().regex(OFFSET, "An offset looks like +10:00.").default("+10:00").meta({
    title: "Offset of the file's times",
    description: "Files are in Australian Eastern Standard Time (+10:00) all year. Western Australia uses +08:00.",
  }),
});

export type Nem12Settings = z.output<typeof nem12Settings>;
