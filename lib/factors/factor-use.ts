import { eq, sql } from "drizzle-orm";
import { z } from "zod";
import { authorise, meterScope } from "../auth/actor";
import type { Ctx } from "../ctx";
import { emissionFactors } from "../db/schema";
import { NotFound } from "../errors";
import { parseInput } from "../field-errors";
import { arrayLiteral } from "../pipeline/etl/array-literal";

export const factorUseInput = z.strictObject({ factorId: z.uuid() });

const count = z.number().int();

export const factorUseDto = z.object({
  factorId: z.uuid(),
  rows: count,
  meters: z.array(
    z.object({
      meterId: z.uuid(),
      meterName: z.string(),
      rows: count,
      months: z.array(z.object({ month: z.string().meta({ description: "UTC, such as 2026-04." }), rows: count })),
    }),
  ),
});
export type FactorUse = z.input<typeof factorUseDto>;

/** Rows of `meter_data` whose carbon was made with a factor, by meter and month. A token limited to meters counts only theirs. */
export async function factorUse(ctx: Ctx, input: z.input<typeof factorUseInput>): Promise<FactorUse> {
  authorise(ctx.actor, "fleet:read");
  const { factorId } = parseInput(factorUseInput, input);
  const [factor] = await ctx.db.select().from(emissionFactors).where(eq(emissionFactors.id, factorId));
  if (!factor) throw new NotFound("There is no such factor.");
  const scope = meterScope(ctx.actor);
  // Never used before it was valid: older months are not looked at.
  const rows = await ctx.db.execute<{ meter_id: string; meter_name: string; month: string; rows: number }>(sql`
    select u.meter_id, m.name as meter_name, to_char(u.month, 'YYYY-MM') as month, u.rows
    from (
      select d.meter_id, date_trunc('month', min(d.timestamp) at time zone 'UTC') as month, count(*)::int as rows
      from meter_data d
      where d.carbon_factor_id = ${factorId}::uuid and d.timestamp >= ${factor.validFrom.toISOString()}::timestamptz
        ${scope ? sql`and d.meter_id = any(${arrayLiteral(scope)}::uuid[])` : sql``}
      -- A partition is a month.
      group by d.meter_id, d.tableoid
    ) u join meters m on m.id = u.meter_id
    order by m.name, u.meter_id, u.month`);
  const meters = new Map<string, FactorUse["meters"][number]>();
  for (const { meter_id, meter_name, month, rows: count } of rows) {
    const meter = meters.get(meter_id) ?? { meterId: meter_id, meterName: meter_name, rows: 0, months: [] };
    meter.rows += count;
    meter.months.push({ month, rows: count });
    meters.set(meter_id, meter);
  }
  const listed = [...meters.values()];
  return { factorId, rows: listed.reduce((sum, meter) => sum + meter.rows, 0), meters: listed };
}
