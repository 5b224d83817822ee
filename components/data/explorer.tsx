"use client";

import { parseAsArrayOf, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useTransition } from "react";
import { Legend } from "@/components/charts/legend";
import { TimeChart } from "@/components/charts/time-chart";
import { Card, CardBody, CardHead } from "@/components/ui/card";
import { AddChip, Chip, FilterMenu } from "@/components/ui/chip";
import { Empty } from "@/components/ui/empty";
import { formatNumber } from "@/components/ui/format";
import { KeyFigure } from "@/components/ui/key-figure";
import { Menu, MenuItem } from "@/components/ui/menu";
import { Segmented } from "@/components/ui/segmented";
import { type Metric, type MetricName, metricNames, metrics } from "@/lib/metrics/registry";
import { type ExploreBucket, type ExploreRange, ranges } from "@/lib/readings/explore-ranges";
import { type Granularity, granularities } from "@/lib/readings/granularities";
import { BucketTable } from "./bucket-table";
import { meterSeries } from "./meter-series";

export interface ExploredMeter {
  id: string;
  name: string;
  timezone: string;
  buckets: ExploreBucket[];
}

/** Meters × one metric over a range: chart, figures, and the rows below. Every choice is in the URL. */
export function Explorer(props: {
  shown: ExploredMeter[];
  all: { id: string; name: string }[];
  metric: Metric & { name: MetricName };
  range: ExploreRange;
  granularity: Granularity;
  from: string;
  to: string;
  now: string;
}) {
  const { shown, all, metric, range, granularity, from, to, now } = props;
  const [isPending, startTransition] = useTransition();
  const [, setQuery] = useQueryStates(
    {
      meters: parseAsArrayOf(parseAsString),
      metric: parseAsStringLiteral(metricNames),
      range: parseAsStringLiteral(ranges),
      by: parseAsStringLiteral(granularities),
    },
    { shallow: false, startTransition, history: "replace" },
  );
  const ids = shown.map(({ id }) => id);
  const series = shown.map((meter, position) => meterSeries(meter, meter.buckets, position));
  const addable = all.filter(({ id }) => !ids.includes(id));
  const buckets = shown.flatMap((meter) => meter.buckets);
  const first = shown[0];
  return (
    <>
      <div className="filters">
        {shown.map((meter) => (
          <Chip
            key={meter.id}
            value={meter.name}
            removeLabel={`Take ${meter.name} off`}
            onRemove={() => void setQuery({ meters: ids.filter((id) => id !== meter.id) })}
          />
        ))}
        {addable.length > 0 && shown.length < 6 && (
          <Menu trigger={<AddChip>Meter</AddChip>}>
            {addable.slice(0, 40).map((meter) => (
              <MenuItem key={meter.id} onSelect={() => void setQuery({ meters: [...ids, meter.id] })}>
                {meter.name}
              </MenuItem>
            ))}
          </Menu>
        )}
        <FilterMenu
          name="Metric"
          value={metric.name}
          any="Energy"
          options={metrics.map(({ name, label, unit }) => ({ value: name, label: `${label}, ${unit}` }))}
          onChange={(name) => void setQuery({ metric: name })}
        />
        <Segmented<ExploreRange>
          label="Range"
          value={range}
          options={[
            { value: "P1D", label: "24 h" },
            { value: "P7D", label: "7 days" },
            { value: "P30D", label: "30 days" },
            { value: "P365D", label: "12 months" },
          ]}
          onChange={(next) => void setQuery({ range: next, by: null })}
        />
        <Segmented<Granularity>
          label="Granularity"
          value={granularity}
          options={[
            { value: "raw", label: "Readings", disabled: range === "P365D" || range === "P30D" },
            { value: "PT30M", label: "30 min", disabled: range === "P365D" },
            { value: "PT1H", label: "Hour", disabled: range === "P365D" },
            { value: "P1D", label: "Day" },
            { value: "P1M", label: "Month" },
          ]}
          onChange={(next) => void setQuery({ by: next })}
        />
      </div>
      <Card aria-busy={isPending}>
        {first ? (
          <>
            <CardHead
              title={metric.label}
              wrap
              end={
                <Legend
                  series={series}
                  estimated={buckets.some(({ isEstimated }) => isEstimated)}
                  restated={buckets.some(({ isRestated }) => isRestated)}
                />
              }
            />
            <CardBody>
              <TimeChart
                label={`${metric.label} of ${shown.map(({ name }) => name).join(", ")}`}
                from={from}
                to={to}
                now={now}
                series={series}
                unit={metric.unit}
                zone={first.timezone}
                height={300}
              />
            </CardBody>
            <Figures metric={metric} meters={shown} />
          </>
        ) : (
          <Empty title="Choose a meter">Its readings are drawn here, with gaps as gaps and estimates hatched.</Empty>
        )}
      </Card>
      {first && <BucketTable meters={shown} metric={metric} granularity={granularity} />}
    </>
  );
}

function Figures({ metric, meters }: { metric: Metric; meters: readonly ExploredMeter[] }) {
  return (
    <div className="dx-figs">
      {meters.map((meter) => {
        const values = meter.buckets.flatMap(({ value }) => value ?? []);
        const total = values.reduce((sum, value) => sum + value, 0);
        const shown =
          metric.aggregate === "sum" ? total : metric.aggregate === "min" ? Math.min(...values) : Math.max(...values);
        const words = { sum: "Total", mean: "Highest", min: "Lowest", max: "Highest" }[metric.aggregate];
        return (
          <KeyFigure
            key={meter.id}
            label={`${words}, ${meter.name}`}
            value={values.length === 0 ? "none" : formatNumber(shown, Math.abs(shown) < 100 ? 3 : 1)}
            unit={metric.unit}
          />
        );
      })}
    </div>
  );
}
