import type { Series } from "@/components/charts/series";
import type { ExploreBucket } from "@/lib/readings/explore-ranges";

/** Buckets of a meter as a series of a chart. The first is bars, the others lines over it. */
export function meterSeries(
  meter: { id: string; name: string },
  buckets: readonly ExploreBucket[],
  position: number,
): Series {
  return {
    id: meter.id,
    label: meter.name,
    kind: position === 0 ? "bars" : "line",
    color: ((position % 6) + 1) as Series["color"],
    buckets: buckets.map(({ startAt, endAt, value, isEstimated, isRestated }) => ({
      startAt,
      endAt,
      value,
      quality: isEstimated ? "estimated" : "actual",
      restated: isRestated,
    })),
  };
}
