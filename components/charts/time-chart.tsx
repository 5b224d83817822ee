"use client";

import { type ReactNode, useId, useMemo } from "react";
import { formatLength, formatNumber, formatSigned } from "../ui/format";
import { useShownZone } from "../ui/zone";
import { Frame } from "./frame";
import { Swatch } from "./legend";
import { Band, Bars, Dots, Gaps, NowLine, Restatements, Stroke } from "./marks";
import { type GapMark, gapsOf, type Point, pointsOf, type Series, type Stop, stopsOf } from "./series";
import { TipHead } from "./tip";

/**
 * Series over a range of time: bars, lines, an earlier range dashed. Gaps and restatements are drawn for the first series
 * that is not `compare`; the others run on through them. See README.md for what each part means.
 */
export function TimeChart(props: {
  /** Says what it is to who cannot see it: `Energy of all sites by hour, today against last Monday`. */
  label: string;
  /** The range shown, `[from, to)`; data may end earlier. */
  from: string | Date;
  to: string | Date;
  series: readonly Series[];
  unit: string;
  decimals?: number;
  /** The meter's zone; without it the fleet's. The viewer's switch decides. */
  zone?: string;
  /** Draws the line of now. */
  now?: string | Date;
  /** Missing stretches that are known better than from the buckets, with why. Without it they are where the first series has none. */
  gaps?: readonly { from: string; to: string; label?: string }[];
  /** Buckets are civil days or months of `zone`: they are named in it, whatever the viewer's switch says. */
  civil?: boolean;
  /** Height of the plot in px. */
  height?: number;
  /** The chosen interval's start, where it is shown elsewhere too; null: none. */
  picked?: string | null;
  /** An interval was clicked or kept by Enter; null: let go. */
  onPick?: (startAt: string | null) => void;
  /** A stretch was dragged over. */
  onZoom?: (range: { from: Date; to: Date }) => void;
  /** What can be done with a kept interval, under its tooltip. */
  tipAction?: (startAt: string) => ReactNode;
}) {
  const { label, series, unit, decimals = 3, now, height = 216, civil = false, picked, onPick, onZoom } = props;
  const { tipAction } = props;
  const shownZone = useShownZone(props.zone);
  const zone = civil ? (props.zone ?? shownZone) : shownZone;
  const id = useId();
  const from = new Date(props.from).getTime();
  const to = new Date(props.to).getTime();
  const drawn = useMemo(
    () =>
      series.map((each) => ({
        ...each,
        points: pointsOf(each.buckets),
        bandSpans: (each.band ?? []).map(({ startAt, endAt, low, high }) => ({
          start: new Date(startAt).getTime(),
          end: new Date(endAt).getTime(),
          low,
          high,
        })),
      })),
    [series],
  );
  const stops = useMemo(() => stopsOf(drawn), [drawn]);
  const [lowest, highest] = useMemo(() => extentOf(drawn), [drawn]);
  const main = drawn.find(({ kind }) => kind !== "compare");
  const gaps = useMemo<readonly GapMark[]>(
    () =>
      props.gaps?.map((gap) => ({ ...gap, start: new Date(gap.from).getTime(), end: new Date(gap.to).getTime() })) ??
      gapsOf(main?.points ?? []),
    [props.gaps, main],
  );
  const bars = drawn.filter(({ kind }) => kind === "bars");
  const isCrossed = drawn.some(({ kind }) => kind !== "bars");

  const tip = (stop: Stop) => {
    // Against the second series where there is one, such as an estimate; else against the earlier range.
    const other = drawn.find((each) => each !== main && each.kind !== "compare") ?? drawn.find((each) => each !== main);
    const now = main && stop.points[main.id]?.value;
    const before = other && stop.points[other.id]?.value;
    const gap = gaps.find(({ start, end }) => start < stop.end && end > stop.start);
    return (
      <>
        <TipHead start={stop.start} end={stop.end} meterZone={props.zone} civil={civil} />
        {gap && (
          <p className="why">
            {gap.label ?? "No data"}, {formatLength((gap.end - gap.start) / 1000, { coarse: true })}
          </p>
        )}
        <dl>
          {drawn.map((each) => {
            const point = stop.points[each.id];
            return point ? (
              <TipLine key={each.id} series={each} point={point} decimals={decimals} isCrossed={isCrossed} />
            ) : null;
          })}
          {typeof now === "number" && typeof before === "number" && before !== 0 && (
            <>
              <dt>Difference</dt>
              <dd>{formatSigned(((now - before) / Math.abs(before)) * 100)} %</dd>
            </>
          )}
        </dl>
      </>
    );
  };

  return (
    <Frame<Stop>
      label={label}
      from={from}
      to={to}
      zone={zone}
      lowest={lowest}
      highest={highest}
      unit={unit}
      height={height}
      stops={stops}
      tip={tip}
      marksAt={(stop) => (
        <Dots
          at={(stop.start + stop.end) / 2}
          dots={drawn.flatMap((each) => {
            const value = stop.points[each.id]?.value;
            return typeof value === "number" && each.kind !== "bars" ? [{ value, color: inkOf(each) }] : [];
          })}
        />
      )}
      tipAction={tipAction && ((stop) => tipAction(new Date(stop.start).toISOString()))}
      picked={picked === undefined ? undefined : picked === null ? null : new Date(picked).getTime()}
      onPick={onPick && ((stop) => onPick(stop && new Date(stop.start).toISOString()))}
      onZoom={onZoom && (({ start, end }) => onZoom({ from: new Date(start), to: new Date(end) }))}
    >
      <defs>
        <Hatch id={`${id}gap`} stroke="var(--gap-hatch)" fill="var(--gap-fill)" strokeWidth={1} />
        {bars.map((each) => (
          <Hatch key={each.id} id={`${id}${each.id}`} stroke={colorOf(each)} strokeWidth={1.6} />
        ))}
      </defs>
      <Gaps gaps={gaps} hatch={`url(#${id}gap)`} />
      {drawn.map((each) => (
        <Band key={each.id} band={each.bandSpans} fill={`color-mix(in oklab, ${colorOf(each)} 14%, transparent)`} />
      ))}
      {bars.map((each, place) => (
        <Bars
          key={each.id}
          points={each.points}
          fill={isCrossed && (each.color ?? 1) === 1 ? "var(--series-1-soft)" : colorOf(each)}
          hatch={`url(#${id}${each.id})`}
          place={place}
          places={bars.length}
        />
      ))}
      {drawn.map((each) =>
        each.kind === "bars" ? null : (
          <Stroke
            key={each.id}
            points={each.points}
            className={each.kind === "compare" ? "ln cmp" : "ln"}
            stroke={each.kind === "compare" ? undefined : colorOf(each)}
          />
        ),
      )}
      {main && <Restatements points={main.points} />}
      {now !== undefined && <NowLine at={new Date(now).getTime()} zone={zone} />}
    </Frame>
  );
}

function TipLine(props: { series: Series; point: Point; decimals: number; isCrossed: boolean }) {
  const { series, point, decimals, isCrossed } = props;
  const words = [point.quality === "actual" ? "" : point.quality.replace("_", " "), point.restated ? "restated" : ""];
  const note = words.filter(Boolean).join(", ");
  return (
    <>
      <dt>
        <Swatch series={series} estimated={point.quality !== "actual"} soft={isCrossed} />
        {note ? `${series.label}, ${note}` : series.label}
      </dt>
      <dd>{point.value === null ? "no data" : formatNumber(point.value, decimals)}</dd>
    </>
  );
}

function Hatch(props: { id: string; stroke: string; fill?: string; strokeWidth: number }) {
  return (
    <pattern id={props.id} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      {props.fill && <rect width="6" height="6" fill={props.fill} />}
      <path d="M0 0V6" stroke={props.stroke} strokeWidth={props.strokeWidth} />
    </pattern>
  );
}

function inkOf(series: Series): string {
  return series.kind === "compare" ? "var(--compare)" : colorOf(series);
}

function colorOf({ color = 1 }: Series): string {
  return `var(--series-${color})`;
}

function extentOf(
  series: readonly { points: readonly Point[]; bandSpans: readonly { low: number; high: number }[] }[],
): [number, number] {
  let lowest = 0;
  let highest = 0;
  for (const { points, bandSpans } of series) {
    for (const { value } of points) {
      lowest = Math.min(lowest, value ?? 0);
      highest = Math.max(highest, value ?? 0);
    }
    for (const { low, high } of bandSpans) {
      lowest = Math.min(lowest, low);
      highest = Math.max(highest, high);
    }
  }
  return [lowest, highest];
}
