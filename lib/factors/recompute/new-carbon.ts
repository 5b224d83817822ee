import { type SQL, sql } from "drizzle-orm";
import { arrayLiteral } from "../../pipeline/etl/array-literal";
import { decimalText } from "../../pipeline/etl/reading-rows";
import { carbonOf, type FactorStretch } from "../carbon-of";

export interface StaleRow extends Record<string, unknown> {
  meter_id: string;
  /** Epoch seconds of the interval's start. */
  at: number;
  kwh: string;
}

/**
 * Rows of (meter_id, timestamp, energy_kwh, carbon_tons, factor_id, factor_value) as the stretches give them. Carbon is computed here and not in SQL: what
 * transformation would give must be given to the last digit.
 */
export function newCarbon(rows: readonly StaleRow[], stretches: readonly FactorStretch[]): SQL {
  const columns = { at: [] as string[], tons: [] as string[], id: [] as string[], value: [] as string[] };
  for (const { at, kwh } of rows) {
    const factor = stretches.findLast(({ from }) => from <= at * 1000)?.factor;
    columns.at.push(new Date(at * 1000).toISOString());
    columns.tons.push(factor ? decimalText(carbonOf(Number(kwh), Number(factor.value))) : "NULL");
    columns.id.push(factor?.id ?? "NULL");
    columns.value.push(factor?.value ?? "NULL");
  }
  return sql`
    select * from unnest(${arrayLiteral(rows.map((row) => row.meter_id))}::uuid[], ${arrayLiteral(columns.at)}::timestamptz[],
      ${arrayLiteral(rows.map((row) => row.kwh))}::numeric[], ${arrayLiteral(columns.tons)}::numeric[], ${arrayLiteral(columns.id)}::uuid[], ${arrayLiteral(columns.value)}::numeric[])
      as n(meter_id, timestamp, energy_kwh, carbon_tons, factor_id, factor_value)`;
}
