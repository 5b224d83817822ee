"use client";

import Link from "next/link";
import { Swatch } from "@/components/charts/legend";
import { Button } from "@/components/ui/button";
import { Card, CardFoot } from "@/components/ui/card";
import { cx } from "@/components/ui/cx";
import { formatInstant, formatNumber, formatSigned, zoneName } from "@/components/ui/format";
import { Icon } from "@/components/ui/icon";
import { Num } from "@/components/ui/num";
import { Time } from "@/components/ui/time";
import { useShownZone } from "@/components/ui/zone";
import { figureOf } from "@/lib/readings/compare";
import type { ExploreBucket } from "@/lib/readings/explore";
import type { Granularity } from "@/lib/readings/granularities";
import { type ShownSeries, valuesByStart } from "./meter-series";
import { intervalWord } from "./range-words";

export const PAGE_ROWS = 24;

interface Props {
  series: readonly ShownSeries[];
  /** Of the earlier range, by start; null without a comparison. */
  earlier: ReadonlyMap<string, number> | null;
  granularity: Granularity;
  zone: string;
  hashes: Readonly<Record<string, string>>;
  /** Every interval, in the order shown. */
  starts: readonly string[];
  oldestFirst: boolean;
  page: number;
  at: string | null;
  onSort: () => void;
  onPage: (page: number) => void;
  onPick: (startAt: string | null) => void;
  onSources: (startAt: string) => void;
}

/** The figures behind the chart, a page at a time; what stands behind a row is the first meter's. */
export function BucketTable(props: Props) {
  const { series, earlier, granularity, zone, starts, page, at, oldestFirst } = props;
  const isCivil = granularity === "P1D" || granularity === "P1M";
  const shownZone = useShownZone(zone);
  const tableZone = isCivil ? zone : shownZone;
  const [first, second] = series;
  if (!first || starts.length === 0) return null;
  const bySeries = series.map((each) => ({ ...each, values: valuesByStart(each.source, each.metric.name) }));
  const sources = new Map(first.source.map((bucket) => [bucket.startAt, bucket]));
  // As the tooltip has it: against the second series of the same unit, else against the earlier range.
  const against = second && second.metric.unit === first.metric.unit ? bySeries[1]?.values : (earlier ?? undefined);
  const isRaw = granularity === "raw";
  const pages = Math.max(1, Math.ceil(starts.length / PAGE_ROWS));
  const current = Math.min(Math.max(1, page), pages);
  const rows = starts.slice((current - 1) * PAGE_ROWS, current * PAGE_ROWS);
  const sample = new Date(rows[0] ?? first.source[0]?.startAt ?? 0);
  return (
    <Card>
      <table className="tbl tight" aria-label="Readings">
        <thead>
          <tr>
            <th className="sort" aria-sort={oldestFirst ? "ascending" : "descending"}>
              <button type="button" onClick={props.onSort}>
                {isCivil ? `${granularity === "P1D" ? "Day" : "Month"}` : "Interval start"},{" "}
                {zoneName(tableZone, sample)}
                <Icon name={oldestFirst ? "up" : "down"} />
              </button>
            </th>
            {series.map((each) => (
              <th key={each.id} className="r" title={each.label}>
                <span className="thn">{each.label}</span>, {each.metric.unit}
              </th>
            ))}
            {against && <th className="r p0">Difference, %</th>}
            <th>Quality</th>
            <th className="r p1">{isRaw ? "Revision" : "Readings"}</th>
            {isRaw && <th className="p2">Ingested</th>}
            {isRaw && <th className="p0">Task</th>}
            <th className="p0">{isRaw ? "Object" : "Sources"}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((start) => {
            const bucket = sources.get(start);
            const [now, before] = [bySeries[0]?.values.get(start), against?.get(start)];
            const hash = bucket?.raw && props.hashes[bucket.raw.objectId];
            return (
              <tr
                key={start}
                className={cx("pickable", start === at && "sel")}
                aria-current={start === at || undefined}
              >
                <td className="m1">
                  <button type="button" className="rowpick" onClick={() => props.onPick(start === at ? null : start)}>
                    {nameOf(new Date(start), tableZone, granularity)}
                  </button>
                </td>
                {bySeries.map((each, index) => (
                  <td key={each.id} className={index === 0 ? "r m2" : "r q"}>
                    <Num value={each.values.get(start)} decimals={decimalsOf(each)} />
                    {index === 0 && <span className="m-only unit"> {each.metric.unit}</span>}
                  </td>
                ))}
                {against && <td className="r q p0">{percentOf(now, before)}</td>}
                <td className="m3">{bucket && <Quality bucket={bucket} series={first} />}</td>
                <td className="r q p1">{bucket && <Counts bucket={bucket} />}</td>
                {isRaw && <td className="q p2">{bucket?.raw && <Time at={bucket.raw.ingestedAt} zone={zone} />}</td>}
                {isRaw && (
                  <td className="p0">
                    {bucket?.raw && (
                      <Link className="link" href={`/tasks/${bucket.raw.taskId}`}>
                        Task
                      </Link>
                    )}
                  </td>
                )}
                <td className="p0">
                  {bucket && (
                    <button type="button" className="linkb" onClick={() => props.onSources(start)}>
                      {hash ? <code>{`${hash.slice(0, 6)}…${hash.slice(-4)}`}</code> : "Sources"}
                      <span className="sr"> of {nameOf(new Date(start), tableZone, granularity)}</span>
                    </button>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
        <tfoot>
          <tr>
            <td className="m1">All {formatNumber(starts.length)}</td>
            {bySeries.map((each, index) => (
              <td key={each.id} className={index === 0 ? "r m2" : "r"}>
                <Num value={figureOf([...each.values.values()], each.metric.aggregate)} decimals={decimalsOf(each)} />
              </td>
            ))}
            {against && <td className="p0" />}
            <td />
            <td className="p1" />
            {isRaw && <td className="p2" />}
            {isRaw && <td className="p0" />}
            <td className="p0" />
          </tr>
        </tfoot>
      </table>
      <CardFoot className="pager">
        <span>
          {formatNumber(starts.length)} {intervalWord(granularity, starts.length)}, {oldestFirst ? "oldest" : "newest"}{" "}
          first, {formatNumber((current - 1) * PAGE_ROWS + 1)} to{" "}
          {formatNumber(Math.min(current * PAGE_ROWS, starts.length))}
        </span>
        <nav className="row push" aria-label="Pages">
          <Button
            small
            icon="left"
            aria-label="Previous page"
            disabled={current === 1}
            onClick={() => props.onPage(current - 1)}
          />
          <Button
            small
            icon="right"
            aria-label="Next page"
            disabled={current === pages}
            onClick={() => props.onPage(current + 1)}
          />
        </nav>
      </CardFoot>
    </Card>
  );
}

function Quality({ bucket, series }: { bucket: ExploreBucket; series: ShownSeries }) {
  const isEstimated = bucket.estimated > 0;
  const words = bucket.raw
    ? bucket.raw.quality.replace("_", " ")
    : !isEstimated
      ? "actual"
      : bucket.estimated === bucket.readings
        ? "estimated"
        : `${formatNumber(bucket.estimated)} of ${formatNumber(bucket.readings)} estimated`;
  return (
    <span className="qual">
      <Swatch series={{ kind: "bars", color: series.color }} estimated={isEstimated} />
      {words}
      {bucket.restated > 0 && (
        <>
          <i className="sw rs" />
          restated
        </>
      )}
    </span>
  );
}

function Counts({ bucket }: { bucket: ExploreBucket }) {
  if (bucket.raw) return formatNumber(bucket.raw.revision);
  const { readings, expected } = bucket;
  return expected ? `${formatNumber(readings)} of ${formatNumber(expected)}` : formatNumber(readings);
}

function nameOf(at: Date, zone: string, granularity: Granularity): string {
  if (granularity === "P1D") return formatInstant(at, zone, "full-date");
  if (granularity === "P1M") return formatInstant(at, zone, "full-date").split(" ").slice(2).join(" ");
  return formatInstant(at, zone, "date-time");
}

function percentOf(now: number | undefined, before: number | undefined): string {
  if (now === undefined || before === undefined || before === 0) return "";
  return formatSigned(((now - before) / Math.abs(before)) * 100);
}

function decimalsOf({ metric }: ShownSeries): number {
  return metric.unit === "tCO2-e" ? 6 : metric.unit === "V" || metric.unit === "A" ? 1 : 3;
}
