import { z } from "zod";
import { instant } from "../http/fields";
import { type MetricName, metricNames } from "../metrics/registry";
import { isTimezone } from "../time";
import { granularities } from "./granularities";

const LONGEST_DAYS = 3660;

const timezone = z.string().refine(isTimezone, "An IANA time zone such as Australia/Sydney is needed.");

const rangeFields = {
  meterId: z.array(z.uuid("A meter id is a UUID.")).min(1, "Name at least one meter.").max(200),
  from: instant,
  to: instant,
};

const hasRange = ({ from, to }: { from: Date; to: Date }) =>
  to > from && to.getTime() - from.getTime() <= LONGEST_DAYS * 86_400_000;
const rangeProblem = { path: ["to"], message: "`to` is after `from`, and at most ten years." };

/** `from` and `to` are a half-open range of interval starts. */
export const readingsQuery = z.object({
  ...rangeFields,
  metrics: z
    .array(z.string())
    .optional()
    .transform((given, context): MetricName[] | undefined => {
      const names = given?.flatMap((text) => text.split(",")).map((name) => name.trim());
      const wrong = names?.find((name) => !(metricNames as string[]).includes(name));
      if (wrong !== undefined) {
        context.addIssue({
          code: "custom",
          message: `There is no metric ${wrong}. There are ${metricNames.join(", ")}.`,
        });
      }
      return names && ([...new Set(names)] as MetricName[]);
    })
    .meta({ description: "Names, repeated or with commas between; all by default." }),
  granularity: z.enum(granularities).default("raw"),
  timezone: timezone.optional().meta({ description: "Zone of hours, days and months; each meter's own by default." }),
  maxPoints: z
    .int()
    .min(4)
    .max(100_000)
    .optional()
    .meta({ description: "Thin out to about so many rows per meter, keeping each stretch's lowest and highest." }),
  format: z.enum(["json", "csv", "ndjson"]).default("json"),
});

export const coverageQuery = z.object(rangeFields);

export const readingsInput = readingsQuery.refine(hasRange, rangeProblem);
export const coverageInput = coverageQuery.refine(hasRange, rangeProblem);

export type ReadingsInput = z.input<typeof readingsInput>;
export type CoverageInput = z.input<typeof coverageInput>;

/** At most this many ranges are listed; the counts are of all. */
export const MISSING_RANGES = 1_000;

export const coverageDto = z.object({
  meterId: z.uuid(),
  from: z.string(),
  to: z.string(),
  resolutionSeconds: z.int(),
  /** Readings that fit into the range. */
  expected: z.int(),
  present: z.int(),
  /** present / expected, at most 1. */
  coverage: z.number(),
  /** Stretches without readings, half-open. */
  missing: z.array(z.object({ from: z.string(), to: z.string(), readings: z.int() })),
  isMissingCut: z.boolean().meta({ description: "True where there are more missing ranges than are listed." }),
});
export type CoverageDto = z.output<typeof coverageDto>;
