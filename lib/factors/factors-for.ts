import { and, asc, desc, eq, gt, isNull, lt, or } from "drizzle-orm";
import type { Range } from "../connectors/contract";
import type { Db } from "../db/client";
import { emissionFactors, type factorMethods } from "../db/schema";

/** Valid in `[from, to)`, epoch milliseconds; kg CO2-e per kWh, as decimal text. */
export interface Factor {
  id: string;
  value: string;
  from: number;
  to: number;
}

/**
 * Scope 2 factors of a region that hold somewhere in the range and are not superseded, best first: where two hold at one
 * time (two publishers) the first of them is used.
 */
export async function factorsFor(
  db: Db,
  region: string,
  range: Range,
  method: (typeof factorMethods)[number] = "location",
): Promise<Factor[]> {
  const rows = await db
    .select()
    .from(emissionFactors)
    .where(
      and(
        eq(emissionFactors.region, region),
        eq(emissionFactors.method, method),
        eq(emissionFactors.scope, "2"),
        isNull(emissionFactors.supersededAt),
        lt(emissionFactors.validFrom, range.to),
        or(isNull(emissionFactors.validTo), gt(emissionFactors.validTo, range.from)),
      ),
    )
    .orderBy(desc(emissionFactors.validFrom), desc(emissionFactors.edition), asc(emissionFactors.publisher));
  return rows.map((row) => ({
    id: row.id,
    value: row.value,
    from: row.validFrom.getTime(),
    to: row.validTo?.getTime() ?? Number.POSITIVE_INFINITY,
  }));
}
