import { type SQL, sql } from "drizzle-orm";
import { arrayLiteral } from "../../pipeline/etl/array-literal";

/** A stretch of a meter that something is asked about. */
export interface Period {
  id: string;
  meterId: string;
  from: Date;
  to: Date;
}

/** Rows of (id, meter_id, from_at, to_at). */
export function periodsSql(periods: readonly Period[]): SQL {
  return sql`select * from unnest(${arrayLiteral(periods.map(({ id }) => id))}::uuid[],
    ${arrayLiteral(periods.map(({ meterId }) => meterId))}::uuid[],
    ${arrayLiteral(periods.map(({ from }) => from.toISOString()))}::timestamptz[],
    ${arrayLiteral(periods.map(({ to }) => to.toISOString()))}::timestamptz[]) as period(id, meter_id, from_at, to_at)`;
}
