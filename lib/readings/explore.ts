import type { Ctx } from "../ctx";
import type { MetricName } from "../metrics/registry";
import { addDuration } from "../time";
import type { ExploreBucket } from "./explore-ranges";
import type { Granularity } from "./granularities";
import { listRows, type ReadingRow } from "./read-rows";

const bucketLength: Record<Exclude<Granularity, "raw">, string> = {
  PT30M: "PT30M",
  PT1H: "PT1H",
  P1D: "P1D",
  P1M: "P1M",
};

/** One meter's buckets of one metric, oldest first; buckets without readings are left out. Ends are civil where the buckets are. */
export async function exploreMeter(
  ctx: Ctx,
  input: { meterId: string; timezone: string; metric: MetricName; from: Date; to: Date; granularity: Granularity },
): Promise<ExploreBucket[]> {
  const { meterId, timezone, metric, from, to, granularity } = input;
  const rows = await listRows(ctx, {
    meterId: [meterId],
    metrics: [metric],
    from: from.toISOString(),
    to: to.toISOString(),
    granularity,
    timezone,
  });
  return rows.map((row) => {
    const start = new Date(row.timestamp);
    const end =
      granularity === "raw"
        ? new Date(start.getTime() + (row.durationSeconds ?? 0) * 1000)
        : addDuration(start, bucketLength[granularity], timezone);
    return {
      startAt: start.toISOString(),
      endAt: end.toISOString(),
      value: numberOf(row, metric),
      isEstimated: row.quality === undefined ? (row.estimated ?? 0) > 0 : row.quality !== "actual",
      isRestated: row.revision === undefined ? (row.restated ?? 0) > 0 : row.revision > 1,
      coverage: row.coverage ?? null,
      taskId: row.taskId ?? null,
    };
  });
}

function numberOf(row: ReadingRow, metric: MetricName): number | null {
  const text = row[metric];
  return text === null || text === undefined ? null : Number(text);
}
