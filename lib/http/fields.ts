import { z } from "zod";

/**
 * An instant in JSON, a query or a form: ISO 8601 with `Z` or an offset. Becomes a Date, and takes a Date: edges and verbs
 * both parse, so a schema has to accept its own output.
 */
export const instant = z
  .union([z.iso.datetime({ offset: true }).transform((text) => new Date(text)), z.date()], {
    error: "An instant such as 2026-11-23T00:00:00Z is needed.",
  })
  .meta({ description: "ISO 8601 instant." });

/** For answers: a Date that is written as ISO 8601 UTC. */
export const instantOut = z
  .date()
  .transform((at) => at.toISOString())
  .pipe(z.iso.datetime());

/** `params` of `/…/{id}`. */
export const idParams = z.object({ id: z.uuid({ error: "An id is a UUID." }) });
