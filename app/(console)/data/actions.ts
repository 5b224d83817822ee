"use server";

import { action } from "@/lib/action";
import { recordsOfRange } from "@/lib/mrv/queries/trace";
import { intervalInput, intervalSources } from "@/lib/readings/interval-sources";

/** Both ways of the trace: back to the raw bytes, and on to the records that an interval is in. */
export const intervalSourcesAction = action(intervalInput, async (ctx, { meterId, from, to, metric }) => {
  const [sources, records] = await Promise.all([
    intervalSources(ctx, { meterId, from, to, metric }),
    recordsOfRange(ctx, { meterId, from, to }),
  ]);
  return { ...sources, records };
});
