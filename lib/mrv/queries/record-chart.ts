import { eq } from "drizzle-orm";
import { authorise, meterScope } from "../../auth/actor";
import { connectorOf } from "../../connectors/registry";
import type { Ctx } from "../../ctx";
import { meters } from "../../db/schema";
import { type Metric, type MetricName, metricOf } from "../../metrics/registry";
import { type ExploreBucket, exploreMeter } from "../../readings/explore";
import type { Granularity } from "../../readings/granularities";
import { addDuration } from "../../time";
import type { RecordRow } from "./record";

interface ChartSeries {
  meter: { id: string; name: string };
  metric: Metric & { name: MetricName };
  buckets: ExploreBucket[];
}

export interface RecordChart {
  granularity: Granularity;
  /** Of the record's meter, as readings stand now. */
  measured: ChartSeries;
  /** What the record was checked against. Null where its job names none, or the actor may not see it. */
  crossCheck: ChartSeries | null;
  /** Stretches without a reading, as the record's evidence has them: the first hundred. */
  gaps: { from: string; to: string }[];
  /** Each bucket of the period with how much of it has readings, 0 to 1, and its length. Empty where each reading is drawn. */
  coverage: { startAt: string; endAt: string; share: number }[];
}

const HOUR_MS = 3_600_000;

/** The readings of a record's period, drawn: by day where it has several, by hour of one, else each. */
export async function recordChart(ctx: Ctx, record: RecordRow, meterName: string): Promise<RecordChart> {
  authorise(ctx.actor, "fleet:read", record.meterId);
  const granularity = granularityOf(record);
  const other = await crossCheckMeter(ctx, record);
  const series = async (meter: { id: string; name: string }, name: MetricName): Promise<ChartSeries> => ({
    meter,
    metric: { ...metricOf(name), name },
    buckets: await exploreMeter(ctx, {
      meterId: meter.id,
      timezone: record.timezone,
      metrics: [name],
      granularity,
      from: record.periodStart,
      to: record.periodEnd,
    }),
  });
  const [measured, crossCheck] = await Promise.all([
    series({ id: record.meterId, name: meterName }, record.metric),
    other && series(other, other.metric),
  ]);
  const coverage = granularity === "raw" ? [] : coverageBy(granularity, record, measured.buckets);
  return { granularity, measured, crossCheck, gaps: record.evidence.coverage.missing, coverage };
}

function coverageBy(
  granularity: Exclude<Granularity, "raw">,
  { periodStart, periodEnd, timezone }: RecordRow,
  buckets: readonly ExploreBucket[],
): RecordChart["coverage"] {
  const byStart = new Map(buckets.map((bucket) => [bucket.startAt, bucket]));
  const coverage: RecordChart["coverage"] = [];
  for (let start = periodStart; start < periodEnd; ) {
    const next = addDuration(start, granularity, timezone);
    const end = next < periodEnd ? next : periodEnd;
    const bucket = byStart.get(start.toISOString());
    const share = bucket?.expected ? Math.min(1, bucket.readings / bucket.expected) : 0;
    coverage.push({ startAt: start.toISOString(), endAt: end.toISOString(), share });
    start = end;
  }
  return coverage;
}

function granularityOf({ periodStart, periodEnd }: RecordRow): Granularity {
  const hours = (periodEnd.getTime() - periodStart.getTime()) / HOUR_MS;
  if (hours > 70 * 24) return "P1M";
  if (hours > 49) return "P1D";
  return hours > 6 ? "PT1H" : "raw";
}

async function crossCheckMeter(ctx: Ctx, { settings, metric }: RecordRow) {
  const id = settings.MRV_CROSS_CHECK_METER;
  const scope = meterScope(ctx.actor);
  if (id === undefined || (scope && !scope.includes(id))) return null;
  const [meter] = await ctx.db
    .select({ id: meters.id, name: meters.name, type: meters.type })
    .from(meters)
    .where(eq(meters.id, id));
  if (!meter) return null;
  // A modelled meter has no measured energy: its estimate is held against it.
  const has = connectorOf(meter.type).metrics.includes(metric);
  return { id: meter.id, name: meter.name, metric: has ? metric : ("pvEstimateKwh" as const) };
}
