import { z } from "zod";

const isoText = (precision?: number) => z.iso.datetime({ offset: true, precision });
const WITHOUT_SECONDS = -1;
const toDate = (text: string) => new Date(text);
const EARLIEST = Date.UTC(1900, 0, 1);
const LATEST = Date.UTC(9999, 11, 31);

/**
 * An instant in JSON, a query or a form: ISO 8601 with `Z` or an offset. Becomes a Date, and takes a Date: edges and verbs
 * both parse, so a schema has to accept its own output. Years that PostgreSQL writes otherwise than JavaScript are refused.
 */
export const instant = z
  .union(
    [isoText().transform(toDate), isoText(WITHOUT_SECONDS).meta({ format: "date-time" }).transform(toDate), z.date()],
    {
      error: "An instant such as 2026-11-23T00:00:00Z is needed.",
    },
  )
  .refine((at) => at.getTime() >= EARLIEST && at.getTime() <= LATEST, "This must be in the years 1900 to 9999.")
  .meta({ description: "ISO 8601 instant." });

/** For answers: a Date that is written as ISO 8601 UTC. */
export const instantOut = z
  .date()
  .transform((at) => at.toISOString())
  .pipe(z.iso.datetime());

/** `params` of `/…/{id}`. */
export const idParams = z.object({ id: z.uuid({ error: "An id is a UUID." }) });
