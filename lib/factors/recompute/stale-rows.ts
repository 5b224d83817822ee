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

export async function staleGroups(tx: Db, scope: RecomputeScope): Promise<StaleGroup[]> {
  const expected = expectedFactor(await stretchesFor(tx, scope.region));
  return tx.execute<StaleGroup>(sql`
    select g.meter_id, m.name as meter_name, to_char(g.month, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as month,
      g.from_value::text, g.to_value::text, g.rows, g.kwh::text, g.tons::text
    from (
      select d.meter_id, date_trunc('month', d.timestamp at time zone 'UTC') as month, d.carbon_factor_value as from_value,
        ${expected.value} as to_value, count(*)::int as rows, sum(d.e_real_kwh) as kwh, coalesce(sum(d.carbon_tons), 0) as tons
      from meter_data d
      where d.meter_id in (select id from meters where region = ${scope.region}) and ${inScope(scope)} and ${isStale(expected)}
      group by 1, 2, 3, 4
    ) g join meters m on m.id = g.meter_id
    order by m.name, g.meter_id, g.month, g.from_value, g.to_value`);
}

export interface ExpectedFactor {
  id: SQL;
  value: SQL;
}

/** The factor of row `d` by the stretches. */
// `width_bucket` in arrays that are built once takes half a microsecond a row; a join by range compares every row with every
// factor.
export function expectedFactor(stretches: readonly FactorStretch[]): ExpectedFactor {
  const starts = arrayLiteral(stretches.map(({ from }) => new Date(from).toISOString()));
  const ids = arrayLiteral(stretches.map(({ factor }) => factor?.id ?? "NULL"));
  const values = arrayLiteral(stretches.map(({ factor }) => factor?.value ?? "NULL"));
  const stretch = sql`width_bucket(d.timestamp, ${starts}::timestamptz[])`;
  return { id: sql`(${ids}::uuid[])[${stretch}]`, value: sql`(${values}::numeric[])[${stretch}]` };
}

/** Carbon is made of energy: a reading without any has none, whatever the factor. */
export function isStale({ id, value }: ExpectedFactor): SQL {
  return sql`d.e_real_kwh is not null
    and (d.carbon_factor_id is distinct from ${id} or d.carbon_factor_value is distinct from ${value})`;
}

function inScope({ from, to }: RecomputeScope): SQL {
  return sql`d.timestamp >= ${(from ?? EVER.from).toISOString()}::timestamptz
    and d.timestamp < ${(to ?? EVER.to).toISOString()}::timestamptz`;
}
