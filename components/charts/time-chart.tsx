"use client";

import { useId, useMemo } from "react";
import { formatNumber, formatSigned } from "../ui/format";
import { useShownZone } from "../ui/zone";
import { Frame } from "./frame";
import { Swatch } from "./legend";
import { Band, Bars, Gaps, NowLine, Restatements, Stroke } from "./marks";
import { type Point, pointsOf, type Series, type Stop, stopsOf } from "./series";
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
  /** Why data is missing, before the length: `No data from the vendor`. */
  gapLabel?: string;
  /** Height of the plot in px. */
  height?: number;
  /** An interval was clicked, or chosen by Enter: its start. */
  onPick?: (startAt: Date) => void;
}) {
  const { label, series, unit, decimals = 3, now, gapLabel, height = 216, onPick } = props;
  const zone = useShownZone(props.zone);
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
  const bars = drawn.filter(({ kind }) => kind === "bars");
  const isCrossed = drawn.some(({ kind }) => kind !== "bars");

  const tip = (stop: Stop) => {
    const compare = drawn.find(({ kind }) => kind === "compare");
    const now = main && stop.points[main.id]?.value;
    const before = compare && stop.points[compare.id]?.value;
    return (
      <>
        <TipHead start={stop.start} end={stop.end} meterZone={props.zone} />
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
      onPick={onPick && ((stop) => onPick(new Date(stop.start)))}
    >
      <defs>
        <Hatch id={`${id}gap`} stroke="var(--gap-hatch)" fill="var(--gap-fill)" strokeWidth={1} />
        {bars.map((each) => (
          <Hatch key={each.id} id={`${id}${each.id}`} stroke={colorOf(each)} strokeWidth={1.6} />
        ))}
      </defs>
      {main && <Gaps points={main.points} hatch={`url(#${id}gap)`} label={gapLabel} />}
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
