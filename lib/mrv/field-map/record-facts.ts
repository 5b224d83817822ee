import type { mrvRecords } from "../../db/schema/mrv";
import type { MetricName } from "../../metrics/registry";

/** What a record says, for the fields of a credential. Figures are decimal text: exact. */
export interface RecordFacts {
  recordId: string;
  meterId: string;
  metric: MetricName;
  unit: string;
  /** Null without any reading. */
  value: string | null;
  carbonTons: string | null;
  /** The one factor behind the carbon, in its own unit; null where there is none, or more than one value. */
  emissionFactor: string | null;
  /** Present over expected, 0 to 1. */
  coverage: string;
  readings: number;
  /** Half-open. */
  periodStart: Date;
  periodEnd: Date;
  timezone: string;
}

type RecordRow = typeof mrvRecords.$inferSelect;

/** Of a row, or of what a bundle says of one. */
type RecordLike = Pick<
  RecordRow,
  "id" | "meterId" | "metric" | "unit" | "value" | "carbonTons" | "readings" | "periodStart" | "periodEnd" | "timezone"
> & { evidence: Pick<RecordRow["evidence"], "factors" | "coverage"> };

export function factsOf(record: RecordLike): RecordFacts {
  const { id, meterId, metric, unit, value, carbonTons, readings, periodStart, periodEnd, timezone } = record;
  const [factor, another] = new Set(record.evidence.factors.map((each) => each.value));
  return {
    recordId: id,
    meterId,
    metric,
    unit,
    value,
    carbonTons,
    emissionFactor: another === undefined ? (factor ?? null) : null,
    coverage: record.evidence.coverage.ratio,
    readings,
    periodStart,
    periodEnd,
    timezone,
  };
}
