import { sql } from "drizzle-orm";
import type { Db } from "../../db/client";
import { type MetricName, metricOf, type Quality } from "../../metrics/registry";
import { isoSeconds } from "../../pipeline/etl/reading-rows";
import { groupBy } from "../../pipeline/etl/run-stage";
import type { EvidenceReading } from "../evidence/canonical-rows";
import { mrvMetrics } from "../settings";
import { type Period, periodsSql } from "./periods-sql";

/** A reading as a record uses it, with what the checks look at besides. */
export interface PeriodReading extends EvidenceReading {
  /** Epoch seconds of `start`. */
  startAt: number;
  energyKwh: number | null;
  positiveKwh: number | null;
  negativeKwh: number | null;
}

export interface AskedPeriod extends Period {
  metric: MetricName;
}

// One text a period: handed over row by row and column by column, the driver took longer than everything else a record needs.
/** The readings that start in each of these periods, in order, by the period's id. One statement for all. */
export async function readingsOfPeriods(
  db: Db,
  periods: readonly AskedPeriod[],
): Promise<Map<string, PeriodReading[]>> {
  const found = new Map<string, PeriodReading[]>();
  for (const [metric, asked] of groupBy(periods, (period) => period.metric)) {
    const rows = await db.execute<{ id: string; readings: string | null }>(sql`
      select p.id, r.readings from (${periodsSql(asked)}) p cross join lateral (
        select string_agg(extract(epoch from d.timestamp)::bigint || ',' || d.duration_seconds || ','
          || ${text(columnOf(metric))} || ',' || ${text("carbon_tons")} || ',' || coalesce(d.carbon_factor_id::text, '') || ','
          || d.quality || ',' || d.object_id || ',' || ${text("e_real_kwh")} || ',' || ${text("e_real_positive_kwh")} || ','
          || ${text("e_real_negative_kwh")}, E'\\n' order by d.timestamp) as readings
        from meter_data d where d.meter_id = p.meter_id and d.timestamp >= p.from_at and d.timestamp < p.to_at
      ) r`);
    for (const { id, readings } of rows) {
      found.set(id, readings === null ? [] : readings.split("\n").map(parseReading));
    }
  }
  return found;
}

/** A column of `meter_data` as decimal text without trailing zeros; empty where there is none. */
function text(column: string) {
  return sql`coalesce(trim_scale(d.${sql.identifier(column)})::text, '')`;
}

function columnOf(metric: MetricName): string {
  if (!(mrvMetrics as readonly string[]).includes(metric)) throw new Error(`${metric} is no metric of a record.`);
  return metricOf(metric).column;
}

const decimal = (field: string | undefined) => field || null;
const number = (field: string | undefined) => (field ? Number(field) : null);

function parseReading(line: string): PeriodReading {
  const [at, duration, value, carbon, factor, quality, object, energy, positive, negative] = line.split(",");
  const startAt = Number(at);
  return {
    start: isoSeconds(startAt),
    startAt,
    durationSeconds: Number(duration),
    value: decimal(value),
    carbonTons: decimal(carbon),
    factorId: decimal(factor),
    quality: quality as Quality,
    objectId: object ?? "",
    energyKwh: number(energy),
    positiveKwh: number(positive),
    negativeKwh: number(negative),
  };
}
