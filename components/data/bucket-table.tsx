"use client";

import Link from "next/link";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Card, CardFoot } from "@/components/ui/card";
import { formatNumber } from "@/components/ui/format";
import { Num } from "@/components/ui/num";
import { Time } from "@/components/ui/time";
import type { Metric } from "@/lib/metrics/registry";
import type { ExploreBucket } from "@/lib/readings/explore-ranges";
import type { Granularity } from "@/lib/readings/granularities";
import type { ExploredMeter } from "./explorer";

const STEP = 48;

/** The figures behind the chart, newest first: one row an interval, a column a meter, quality and task of the first. */
export function BucketTable(props: { meters: readonly ExploredMeter[]; metric: Metric; granularity: Granularity }) {
  const { meters, metric, granularity } = props;
  const [shown, setShown] = useState(STEP);
  const [first] = meters;
  const byMeter = meters.map((meter) => new Map(meter.buckets.map((bucket) => [bucket.startAt, bucket])));
  const starts = [...new Set(meters.flatMap(({ buckets }) => buckets.map(({ startAt }) => startAt)))].sort().reverse();
  const style = granularity === "P1D" || granularity === "P1M" ? "full-date" : "date-time";
  if (!first || starts.length === 0) return null;
  return (
    <Card>
      <table className="tbl tight" aria-label="Readings">
        <thead>
          <tr>
            <th>Interval start</th>
            {meters.map((meter) => (
              <th key={meter.id} className="r">
                {meter.name}, {metric.unit}
              </th>
            ))}
            <th className="p1">Quality</th>
            <th className="p2">{granularity === "raw" ? "Task" : "Coverage"}</th>
          </tr>
        </thead>
        <tbody>
          {starts.slice(0, shown).map((start) => {
            const bucket = byMeter[0]?.get(start);
            return (
              <tr key={start}>
                <td className="m1">
                  <Time at={start} zone={first.timezone} style={style} />
                </td>
                {meters.map((meter, index) => (
                  <td key={meter.id} className={index === 0 ? "r m2" : "r"}>
                    <Num value={byMeter[index]?.get(start)?.value} decimals={3} />
                  </td>
                ))}
                <td className="p1">{qualityWords(bucket)}</td>
                <td className="p2">{behind(bucket, granularity)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <CardFoot>
        {formatNumber(Math.min(shown, starts.length))} of {formatNumber(starts.length)} rows, newest first
        {shown < starts.length && (
          <span className="push">
            <Button small onClick={() => setShown(shown + STEP * 4)}>
              Show more
            </Button>
          </span>
        )}
      </CardFoot>
    </Card>
  );
}

function qualityWords(bucket: ExploreBucket | undefined): string {
  if (!bucket) return "";
  return `${bucket.isEstimated ? "estimated" : "actual"}${bucket.isRestated ? ", restated" : ""}`;
}

function behind(bucket: ExploreBucket | undefined, granularity: Granularity) {
  if (!bucket) return null;
  if (granularity === "raw") {
    return bucket.taskId ? (
      <Link className="link" href={`/tasks/${bucket.taskId}`}>
        Task
      </Link>
    ) : null;
  }
  return <Num value={bucket.coverage === null ? null : bucket.coverage * 100} decimals={2} unit="%" />;
}
