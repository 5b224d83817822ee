"use client";

import Link from "next/link";
import { Legend } from "@/components/charts/legend";
import { TimeChart } from "@/components/charts/time-chart";
import { meterSeries } from "@/components/data/meter-series";
import { intervalWord } from "@/components/data/range-words";
import { Card, CardBody, CardHead } from "@/components/ui/card";
import { cx } from "@/components/ui/cx";
import { formatInstant, formatLength } from "@/components/ui/format";
import { useShownZone } from "@/components/ui/zone";
import type { RecordChart } from "@/lib/mrv/queries/record-chart";

/** A record's period drawn: its readings with gaps and estimates, what they are checked against, and how whole each part is. */
export function PeriodCard(props: {
  chart: RecordChart;
  /** ISO 8601 UTC. */
  from: string;
  to: string;
  zone: string;
  isRestated: boolean;
}) {
  const { chart, from, to, zone, isRestated } = props;
  const { granularity, measured, crossCheck, gaps, coverage } = chart;
  const main = meterSeries({ ...measured, place: 0, label: "Metered" });
  const other = crossCheck && meterSeries({ ...crossCheck, place: 1, label: crossCheck.meter.name });
  const series = [
    {
      ...main,
      buckets: main.buckets.map((each) =>
        each.restated && isRestated ? { ...each, restated: "used" as const } : each,
      ),
    },
    ...(other ? [{ ...other, kind: "line" as const }] : []),
  ];
  const isEstimated = measured.buckets.some(({ estimated }) => estimated > 0);
  const isChanged = measured.buckets.some(({ restated }) => restated > 0);
  const by = granularity === "raw" ? "reading" : intervalWord(granularity);
  const data = `/data?meters=${measured.meter.id}&metric=${measured.metric.name}&from=${from}&to=${to}`;
  return (
    <Card>
      <CardHead
        title="Period"
        note={<span className="m-hide">{`${measured.metric.label.toLowerCase()} by ${by}`}</span>}
        wrap
        end={
          <>
            <Legend
              series={series}
              estimated={isEstimated}
              gaps={gaps.length > 0}
              restated={isChanged && !isRestated}
              restatedUsed={isChanged && isRestated}
            />
            <Link className="link m-hide" href={data}>
              Open in Data
            </Link>
          </>
        }
      />
      <CardBody className="pt-4">
        {measured.buckets.length === 0 ? (
          <p className="q">No reading starts in this period.</p>
        ) : (
          <TimeChart
            label={`${measured.metric.label} of ${measured.meter.name} by ${by}`}
            from={from}
            to={to}
            series={series}
            gaps={gaps.map((gap) => ({ ...gap, label: "No reading" }))}
            unit={measured.metric.unit}
            zone={zone}
            civil={granularity === "P1D" || granularity === "P1M"}
            height={168}
          />
        )}
        {coverage.length > 0 && <CoverageBar coverage={coverage} by={by} zone={zone} />}
      </CardBody>
    </Card>
  );
}

function CoverageBar(props: { coverage: RecordChart["coverage"]; by: string; zone: string }) {
  const { coverage, by } = props;
  const zone = useShownZone(props.zone);
  const full = coverage.filter(({ share }) => share >= 1).length;
  const words = `${full} of ${coverage.length} ${by}s full`;
  const odd = by === "day" ? oddDays(coverage, zone) : [];
  return (
    <>
      <div className="cov" role="img" aria-label={`Coverage by ${by}: ${words}`}>
        {coverage.map(({ startAt, share }) => (
          <i
            key={startAt}
            className={cx(share >= 1 && "f", share === 0 && "z") || undefined}
            style={
              share > 0 && share < 1 ? ({ "--v": `${Math.round(share * 100)}%` } as React.CSSProperties) : undefined
            }
            title={`${formatInstant(new Date(startAt), zone, by === "hour" ? "date-time" : "date")}: ${Math.floor(share * 100)} %`}
          />
        ))}
      </div>
      <p className="cov-l">
        <span>
          Coverage by {by}
          {odd.map((each) => `, ${each}`)}
        </span>
        <span>{words}</span>
      </p>
    </>
  );
}

/** `4 Oct has 23 hours`: days that the change of clocks made shorter or longer. */
function oddDays(coverage: RecordChart["coverage"], zone: string): string[] {
  return coverage.slice(0, -1).flatMap(({ startAt, endAt }) => {
    const hours = (Date.parse(endAt) - Date.parse(startAt)) / 3_600_000;
    if (hours === 24) return [];
    return [
      `${formatInstant(new Date(startAt), zone, "date")} has ${formatLength(hours * 3_600).replace(" h", " hours")}`,
    ];
  });
}
