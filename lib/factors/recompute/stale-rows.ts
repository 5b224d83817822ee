import { type SQL, sql } from "drizzle-orm";
import type { Db } from "../../db/client";
import { arrayLiteral } from "../../pipeline/etl/array-literal";
import { type FactorStretch, stretchesOf } from "../carbon-of";
import { factorsFor } from "../factors-for";

const EVER = { from: new Date("1900-01-01T00:00:00Z"), to: new Date("9999-12-31T00:00:00Z") };

/** Readings of a region, those that start in `[from, to)`; null or left out: open. */
export interface RecomputeScope {
  region: string;
  from?: Date | null | undefined;
  to?: Date | null | undefined;
}

/** Rows of a meter's month whose factor is not the one that the table of factors gives now. */
export interface StaleGroup extends Record<string, unknown> {
  meter_id: string;
  meter_name: string;
  /** First instant of the month, UTC. */
  month: string;
  from_value: string | null;
  to_value: string | null;
  rows: number;
  kwh: string;
  tons: string;
}

/** As transformation would choose it now. */
export async function stretchesFor(tx: Db, region: string): Promise<FactorStretch[]> {
  return stretchesOf(await factorsFor(tx, region, EVER));
}

// A partition is a month: grouped by it and named by its first row, no row's own month is worked out. 10.5 million rows took
// twice as long otherwise.
export async function staleGroups(tx: Db, scope: RecomputeScope): Promise<StaleGroup[]> {
  const stretches = await stretchesFor(tx, scope.region);
  const toValue = expectedValue(stretches);
  return tx.execute<StaleGroup>(sql`
    select g.meter_id, m.name as meter_name, to_char(g.month, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as month,
      g.from_value::text, g.to_value::text, g.rows, g.kwh::text, g.tons::text
    from (
      select d.meter_id, date_trunc('month', min(d.timestamp) at time zone 'UTC') as month, d.carbon_factor_value as from_value,
        ${toValue} as to_value, count(*)::int as rows, sum(d.e_real_kwh) as kwh, coalesce(sum(d.carbon_tons), 0) as tons
      from meter_data d
      where d.meter_id in (select id from meters where region = ${scope.region}) and ${inScope(scope)} and ${isStale(stretches)}
      group by d.meter_id, d.tableoid, 3, 4
    ) g join meters m on m.id = g.meter_id
    order by m.name, g.meter_id, g.month, g.from_value, g.to_value`);
}

/** The value of the factor that row `d` should have, by the stretches. */
function expectedValue(stretches: readonly FactorStretch[]): SQL {
  const starts = arrayLiteral(stretches.map(({ from }) => new Date(from).toISOString()));
  const values = arrayLiteral(stretches.map(({ factor }) => factor?.value ?? "NULL"));
  return sql`(${values}::numeric[])[width_bucket(d.timestamp, ${starts}::timestamptz[])]`;
}

/**
 * Whether row `d` has another factor than the stretches give. Carbon is made of energy: a reading without any has none, whatever
 * the factor. A factor's value never changes, so its id says enough.
 */
// Written out stretch by stretch: comparisons of a row with a few constants, where a look into an array takes ten times as long.
export function isStale(stretches: readonly FactorStretch[]): SQL {
  const at = (epochMilliseconds: number) => sql`${new Date(epochMilliseconds).toISOString()}::timestamptz`;
  const [first] = stretches;
  const right = [
    first ? sql`(d.carbon_factor_id is null and d.timestamp < ${at(first.from)})` : sql`(d.carbon_factor_id is null)`,
    ...stretches.map(({ from, factor }, index) => {
      const next = stretches[index + 1];
      const has = factor ? sql`d.carbon_factor_id = ${factor.id}::uuid` : sql`d.carbon_factor_id is null`;
      return sql`(${has} and d.timestamp >= ${at(from)}${next ? sql` and d.timestamp < ${at(next.from)}` : sql``})`;
    }),
  ];
  return sql`d.e_real_kwh is not null and (${sql.join(right, sql` or `)}) is not true`;
}

export function inScope({ from, to }: RecomputeScope): SQL {
  return sql`d.timestamp >= ${(from ?? EVER.from).toISOString()}::timestamptz
    and d.timestamp < ${(to ?? EVER.to).toISOString()}::timestamptz`;
}
