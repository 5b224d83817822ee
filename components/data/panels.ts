import type { Series } from "@/components/charts/series";
import type { Metric } from "@/lib/metrics/registry";
import type { Explored } from "@/lib/readings/explored";
import { meterSeries, type ShownSeries } from "./meter-series";

/** One chart: what has one unit. */
export interface Panel {
  unit: Metric["unit"];
  series: ShownSeries[];
  /** The first series in the earlier range; null without a comparison. */
  compare: (Series & { kind: "compare" }) | null;
}

/** One unit an axis: metrics by unit, in the order they were chosen; in each every meter, with its own colour. */
export function panelsOf(explored: Explored, options: { estimates: boolean; comparedWords: string }): Panel[] {
  const { meters, metrics } = explored;
  const units = [...new Set(metrics.map(({ unit }) => unit))];
  return units.map((unit) => {
    const ofUnit = metrics.filter((metric) => metric.unit === unit);
    const series = ofUnit.flatMap((metric, index) =>
      meters.map((meter, position) =>
        meterSeries({
          meter,
          metric,
          buckets: meter.buckets,
          place: index * meters.length + position,
          label: labelOf(meter.name, metric.label, { meters: meters.length, metrics: ofUnit.length }),
          estimates: options.estimates,
        }),
      ),
    );
    const [first] = series;
    const earlier = meters[0]?.earlier;
    if (!first || !earlier) return { unit, series, compare: null };
    const moved = meterSeries({
      meter: { id: first.meterId, name: "" },
      metric: first.metric,
      buckets: earlier,
      place: 0,
    });
    return {
      unit,
      series,
      compare: { ...moved, id: `${first.id}:earlier`, kind: "compare", label: options.comparedWords },
    };
  });
}

function labelOf(meter: string, metric: string, count: { meters: number; metrics: number }): string {
  if (count.metrics === 1) return meter;
  return count.meters === 1 ? metric : `${meter}, ${metric.toLowerCase()}`;
}
