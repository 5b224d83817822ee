"use client";

import Link from "next/link";
import { useRouter } from "next/navigation";
import { Legend } from "@/components/charts/legend";
import { TimeChart } from "@/components/charts/time-chart";
import { gapWords } from "@/components/data/gap-words";
import { meterSeries } from "@/components/data/meter-series";
import { NothingThere } from "@/components/data/nothing-there";
import { intervalWord } from "@/components/data/range-words";
import { Card, CardBody, CardHead } from "@/components/ui/card";
import { formatNumber } from "@/components/ui/format";
import { Segmented } from "@/components/ui/segmented";
import { figureOf } from "@/lib/readings/compare";
import type { Explored } from "@/lib/readings/explored";
import type { EnergyRange } from "./energy-ranges";

const words: Record<EnergyRange, string> = { P1D: "today", P7D: "in 7 days", P30D: "in 30 days" };

/** A meter's energy of the last days, with its gaps; a click opens the interval in Data. */
export function MeterEnergy({ explored, range, now }: { explored: Explored; range: EnergyRange; now: string }) {
  const router = useRouter();
  const { meters, metrics, granularity, zone } = explored;
  const [meter] = meters;
  const [metric] = metrics;
  if (!meter || !metric) return null;
  const series = meterSeries({ meter, metric, buckets: meter.buckets, place: 0 });
  const total = figureOf(
    series.buckets.flatMap(({ value }) => value ?? []),
    metric.aggregate,
  );
  const data = `/data?meters=${meter.id}&metric=${metric.name}&range=${range}`;
  const isRestated = meter.buckets.some(({ restated }) => restated > 0);
  const isEstimated = meter.buckets.some(({ estimated }) => estimated > 0);
  return (
    <Card>
      <CardHead
        title={`${metric.label} by ${granularity === "raw" ? "5 minutes" : intervalWord(granularity)}`}
        note={total === null ? words[range] : `${formatNumber(total, 1)} ${metric.unit} ${words[range]}`}
        wrap
        end={
          <>
            <Segmented<EnergyRange>
              small
              label="Range"
              value={range}
              options={[
                { value: "P1D", label: "24 h", href: `/meters/${meter.id}?range=P1D` },
                { value: "P7D", label: "7 days", href: `/meters/${meter.id}` },
                { value: "P30D", label: "30 days", href: `/meters/${meter.id}?range=P30D` },
              ]}
            />
            <Link className="link" href={data}>
              Open in Data
            </Link>
          </>
        }
      />
      {meter.buckets.length > 0 ? (
        <CardBody>
          <TimeChart
            label={`${metric.label} of ${meter.name} by ${intervalWord(granularity)}, ${words[range]}`}
            from={explored.range.from}
            to={explored.range.to}
            now={now}
            series={[series]}
            gaps={meter.state.gaps.map((gap) => ({ from: gap.from, to: gap.to, label: gapWords(gap) }))}
            unit={metric.unit}
            zone={zone}
            height={268}
            onPick={(at) => at && router.push(`${data}&by=${granularity}&at=${at}`)}
          />
          {(isRestated || isEstimated) && (
            <Legend series={[]} estimated={isEstimated} restated={isRestated} gaps={meter.state.gaps.length > 0} />
          )}
        </CardBody>
      ) : (
        <NothingThere meter={meter} metrics={metrics} range={explored.range} />
      )}
    </Card>
  );
}
