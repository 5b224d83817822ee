import type { Series } from "@/components/charts/series";
import type { Metric, MetricName } from "@/lib/metrics/registry";
import type { ExploreBucket } from "@/lib/readings/explore";

export interface ShownSeries extends Series {
  meterId: string;
  metric: Metric & { name: MetricName };
  source: readonly ExploreBucket[];
}

/**
 * Buckets of a meter and metric as a series. `place` counts within its chart: the first is bars where it is energy of
 * intervals, the others are lines over it.
 */
export function meterSeries(options: {
  meter: { id: string; name: string };
  metric: Metric & { name: MetricName };
  buckets: readonly ExploreBucket[];
  place: number;
  label?: string;
  /** Without what is not measured, hatched values are left out altogether. */
  estimates?: boolean;
}): ShownSeries {
  const { meter, metric, buckets, place, label = meter.name, estimates = true } = options;
  const source = estimates ? buckets : buckets.filter(({ estimated }) => estimated === 0);
  return {
    id: `${meter.id}:${metric.name}`,
    meterId: meter.id,
    metric,
    source,
    label,
    kind: place === 0 && metric.aggregate === "sum" ? "bars" : "line",
    color: ((place % 6) + 1) as Series["color"],
    buckets: source.map(({ startAt, endAt, values, estimated, restated, raw }) => ({
      startAt,
      endAt,
      value: values[metric.name] ?? null,
      quality: raw?.quality ?? (estimated > 0 ? "estimated" : "actual"),
      restated: restated > 0,
    })),
  };
}

/** Values by the start of their interval, for figures and comparisons. */
export function valuesByStart(buckets: readonly ExploreBucket[], metric: MetricName): Map<string, number> {
  return new Map(
    buckets.flatMap(({ startAt, values }) => {
      const value = values[metric];
      return typeof value === "number" ? [[startAt, value] as const] : [];
    }),
  );
}
