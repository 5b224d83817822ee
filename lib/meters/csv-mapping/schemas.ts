import { z } from "zod";
import { isTimezone } from "../../time";
import { createMeterInput } from "../schemas";
import { SAMPLE_BYTES } from "./limits";

const MOST_BASE64 = Math.ceil(SAMPLE_BYTES / 3) * 4;

export const readSampleInput = z.strictObject({
  /** Base64 of a file's first bytes, packed or not. */
  sample: z.string().min(1, "A sample is needed.").max(MOST_BASE64, "The sample is larger than what is looked at."),
  /** Whether it is the whole file. */
  isWhole: z.boolean(),
  /** As the form has them, complete or not. */
  settings: z.record(z.string(), z.unknown()),
  timezone: z.string().trim().refine(isTimezone, "An IANA time zone such as Australia/Sydney is needed."),
});

/** A form before it is saved. With `meterId`, credentials that are left out are the stored ones. */
export const bucketSampleInput = createMeterInput
  .pick({ dataSource: true, dataCredentials: true, settings: true })
  .extend({ meterId: z.uuid().optional() });
