import type { Ctx } from "../ctx";
import { type Metric, type MetricName, metricOf } from "../metrics/registry";
import { movedOnto } from "./compare";
import { type ExploreBucket, exploreMeter, hashesOf } from "./explore";
import { type Comparison, comparedRange, type InstantRange, surroundings } from "./explore-ranges";
import type { Granularity } from "./granularities";
import { type RangeState, rangeState } from "./range-state";

export interface ExploredMeter {
  id: string;
  name: string;
  timezone: string;
  buckets: ExploreBucket[];
  state: RangeState;
  /** Of the earlier range, moved onto this one; null without a comparison. */
  earlier: ExploreBucket[] | null;
  /** SHA-256 by object id, of raw readings. */
  hashes: Record<string, string>;
}

export interface Explored {
  meters: ExploredMeter[];
  metrics: (Metric & { name: MetricName })[];
  range: { from: string; to: string };
  /** The earlier range, in words' stead its edges; null without a comparison. */
  compared: { from: string; to: string } | null;
  granularity: Granularity;
  /** Of days, and of the whole page: the first meter's. */
  zone: string;
  /** Around the range, the first meter's first metric, small. */
  strip: { from: string; to: string; buckets: { startAt: string; endAt: string; value: number }[] } | null;
}

/** Everything on the data page: each meter's buckets, gaps and earlier range, all cut by the one zone. */
export async function explored(
  ctx: Ctx,
  input: {
    meters: readonly { id: string; name: string; timezone: string }[];
    metrics: readonly MetricName[];
    range: InstantRange;
    granularity: Granularity;
    compare: Comparison | null;
    /** Default true. */
    withStrip?: boolean;
  },
  now = new Date(),
): Promise<Explored> {
  const { meters, metrics, range, granularity, compare, withStrip = true } = input;
  const zone = meters[0]?.timezone ?? "UTC";
  const before = compare && comparedRange(range, compare, zone);
  const read = (meterId: string, over: InstantRange) =>
    exploreMeter(ctx, { meterId, timezone: zone, metrics, granularity, ...over }, now);
  const [found, strip] = await Promise.all([
    Promise.all(
      meters.map(async (meter) => {
        const [buckets, state, earlier] = await Promise.all([
          read(meter.id, range),
          rangeState(ctx, { meterId: meter.id, ...range }, now),
          before && read(meter.id, before).then((each) => movedOnto(each, before.shift, zone)),
        ]);
        const hashes = granularity === "raw" ? await hashesOf(ctx, meter.id, buckets) : {};
        const { id, name, timezone } = meter;
        return { id, name, timezone, buckets, state, earlier, hashes };
      }),
    ),
    withStrip ? stripOf(ctx, meters[0]?.id, metrics[0], range, zone, now) : null,
  ]);
  return {
    meters: found,
    metrics: metrics.map((name) => ({ ...metricOf(name), name })),
    range: edges(range),
    compared: before && edges(before),
    granularity,
    zone,
    strip,
  };
}

async function stripOf(
  ctx: Ctx,
  meterId: string | undefined,
  metric: MetricName | undefined,
  range: InstantRange,
  zone: string,
  now: Date,
): Promise<Explored["strip"]> {
  if (!meterId || !metric) return null;
  const around = surroundings(range, zone, now);
  const buckets = await exploreMeter(ctx, { meterId, timezone: zone, metrics: [metric], ...around }, now);
  return {
    ...edges(around),
    buckets: buckets.flatMap(({ startAt, endAt, values }) => {
      const value = values[metric];
      return typeof value === "number" ? [{ startAt, endAt, value }] : [];
    }),
  };
}

function edges({ from, to }: InstantRange): { from: string; to: string } {
  return { from: from.toISOString(), to: to.toISOString() };
}
