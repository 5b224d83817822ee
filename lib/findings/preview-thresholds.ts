import { sql } from "drizzle-orm";
import type { z } from "zod";
import { authorise } from "../auth/actor";
import type { Ctx } from "../ctx";
import { getMeterRow } from "../meters/internal";
import { addDuration } from "../time";
import { checks } from "./checks/registry";
import { loadInput, type Stretch } from "./load-input";
import { readThresholds } from "./read-thresholds";
import { meterThresholdsInput } from "./schemas";
import type { Thresholds } from "./thresholds";

/** What is tried: as much as one transaction of the checks looks at. */
export const PREVIEWED_DAYS = 31;

export interface ThresholdsPreview {
  /** Findings of the newest days by the stored thresholds, and by these. */
  before: number;
  after: number;
  /** Checks whose number changes. */
  changes: { label: string; before: number; after: number }[];
}

/** How many findings other thresholds would make of a meter's newest month. Changes nothing. */
export async function previewThresholds(
  ctx: Ctx,
  input: z.input<typeof meterThresholdsInput>,
  now = new Date(),
): Promise<ThresholdsPreview> {
  const { meterId, thresholds } = meterThresholdsInput.parse(input);
  authorise(ctx.actor, "meters:edit", meterId);
  const { timezone } = await getMeterRow(ctx.db, meterId);
  const [newest] = await ctx.db.execute<{ to_at: string | null }>(sql`
    select max(day)::timestamptz + interval '2 days' as to_at from meter_data_daily where meter_id = ${meterId}::uuid`);
  const to = newest?.to_at ? new Date(newest.to_at) : now;
  const stretch = { from: addDuration(to, `-P${PREVIEWED_DAYS}D`, timezone), to };
  const count = (tried: Thresholds) => countByCheck(ctx, meterId, stretch, now, tried);
  const [before, after] = [await count(await readThresholds(ctx.db, meterId)), await count(thresholds)];
  const changes = checks.flatMap(({ name, label }) => {
    const [was, becomes] = [before.get(name) ?? 0, after.get(name) ?? 0];
    return was === becomes ? [] : [{ label, before: was, after: becomes }];
  });
  return { before: sum(before), after: sum(after), changes };
}

async function countByCheck(ctx: Ctx, meterId: string, stretch: Stretch, now: Date, thresholds: Thresholds) {
  const input = await loadInput(ctx.db, meterId, stretch, now, thresholds);
  const from = stretch.from.getTime() / 1000;
  // What lies before the stretch is only there so that what reaches into it is seen whole.
  return new Map(checks.map(({ name, run }) => [name, input ? run(input).filter(({ to }) => to > from).length : 0]));
}

function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((total, count) => total + count, 0);
}
