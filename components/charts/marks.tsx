"use client";

import { usePlotArea, useXAxisScale, useYAxisScale } from "recharts";
import { formatInstant, formatLength } from "../ui/format";
import { type GapMark, type Point, restatementsOf, runsOf, type Span } from "./series";

/** Everything drawn inside the axes. Each mark takes its place from the chart's scales; none touches the data. */

interface Scales {
  x(at: number): number;
  y(value: number): number;
  left: number;
  right: number;
  top: number;
  bottom: number;
  width: number;
}

function useScales(): Scales | null {
  const xScale = useXAxisScale();
  const yScale = useYAxisScale();
  const area = usePlotArea();
  if (!xScale || !yScale || !area) return null;
  return {
    x: (at) => Number(xScale(at)),
    y: (value) => Number(yScale(value)),
    left: area.x,
    right: area.x + area.width,
    top: area.y,
    bottom: area.y + area.height,
    width: area.width,
  };
}

/** A bar an interval, with a little air; several series stand side by side (`place` of `places`). */
export function Bars(props: { points: readonly Point[]; fill: string; hatch: string; place: number; places: number }) {
  const { points, fill, hatch, place, places } = props;
  const scales = useScales();
  if (!scales) return null;
  const base = scales.y(0);
  const shape = (point: Point) => {
    const full = scales.x(point.end) - scales.x(point.start);
    const air = full > 4 ? Math.min(full * 0.22, 4) : 0.5;
    const width = Math.max((full - air) / places, 0.75);
    const x = scales.x(point.start) + air / 2 + width * place;
    const y = scales.y(point.value ?? 0);
    return { x, width, y: Math.min(y, base), height: Math.max(Math.abs(base - y), point.value === 0 ? 0 : 0.75) };
  };
  const solid = points.filter((point) => point.value !== null && point.quality === "actual");
  const estimated = points.filter((point) => point.value !== null && point.quality !== "actual");
  const path = solid
    .map(shape)
    .map(({ x, y, width, height }) => `M${x} ${y}h${width}v${height}h${-width}Z`)
    .join("");
  return (
    <g>
      <path d={path} fill={fill} />
      {estimated.map((point) => {
        const { x, y, width, height } = shape(point);
        return (
          <rect
            key={point.start}
            x={x + 0.5}
            y={y}
            width={Math.max(width - 1, 1)}
            height={height}
            fill={hatch}
            stroke={fill}
          />
        );
      })}
    </g>
  );
}

/** A stroke over the middles of intervals, broken where a value is missing. */
export function Stroke({
  points,
  className,
  stroke,
}: {
  points: readonly Point[];
  className?: string;
  stroke?: string;
}) {
  const scales = useScales();
  if (!scales) return null;
  const path = runsOf(points)
    .map((run) => {
      const [first] = run;
      // A single value between two gaps would be invisible as a stroke: it becomes one interval wide.
      if (run.length === 1 && first) return `M${scales.x(first.start)} ${scales.y(first.value)}H${scales.x(first.end)}`;
      return run
        .map(
          (point, index) =>
            `${index === 0 ? "M" : "L"}${scales.x((point.start + point.end) / 2)} ${scales.y(point.value)}`,
        )
        .join("");
    })
    .join("");
  return <path d={path} className={className ?? "ln"} stroke={stroke} />;
}

/** Between a low and a high estimate. */
export function Band({
  band,
  fill,
}: {
  band: readonly { start: number; end: number; low: number; high: number }[];
  fill: string;
}) {
  const scales = useScales();
  if (!scales || band.length === 0) return null;
  const middle = (each: Span) => scales.x((each.start + each.end) / 2);
  const up = band.map((each) => `${middle(each)} ${scales.y(each.high)}`);
  const down = band.map((each) => `${middle(each)} ${scales.y(each.low)}`).reverse();
  return <path d={`M${[...up, ...down].join("L")}Z`} fill={fill} />;
}

/** Hatched bands with why and how long, as far as there is room. */
export function Gaps({ gaps, hatch }: { gaps: readonly GapMark[]; hatch: string }) {
  const scales = useScales();
  if (!scales) return null;
  let labelledUntil = scales.left;
  return (
    <g className="gaps">
      {gaps.map(({ start, end, label }) => {
        const x = Math.max(scales.x(start), scales.left);
        const width = Math.max(Math.min(scales.x(end), scales.right) - x, 1);
        if (x >= scales.right) return null;
        const length = formatLength((end - start) / 1000, { coarse: true });
        // A label may stand out of a narrow band, as long as it runs into no other and not out of the chart.
        const middle = x + width / 2;
        const text = [label && `${label}, ${length}`, length].find((each) => {
          if (!each || width < NARROWEST_LABELLED_PX) return false;
          const half = plateWidth(each) / 2;
          return middle - half >= labelledUntil && middle + half <= scales.right;
        });
        if (text) labelledUntil = middle + plateWidth(text) / 2 + 4;
        return (
          <g key={start}>
            <rect x={x} y={scales.top} width={width} height={scales.bottom - scales.top} fill={hatch} />
            {width > 2 && (
              <path
                d={`M${x} ${scales.top}V${scales.bottom}M${x + width} ${scales.top}V${scales.bottom}`}
                className="gap-edge"
              />
            )}
            {text && <Plate x={middle} y={scales.top + 8} text={text} />}
          </g>
        );
      })}
    </g>
  );
}

/** Below it a band is a hair: its label is in the tooltip. */
const NARROWEST_LABELLED_PX = 14;

/** Hollow diamonds on the base line; a run is one diamond on a bar; violet when an MRV record had used the value. */
export function Restatements({ points }: { points: readonly Point[] }) {
  const scales = useScales();
  if (!scales) return null;
  const y = scales.y(0);
  return (
    <g>
      {restatementsOf(points).map(({ start, end, used, count }) => {
        const x = scales.x((start + end) / 2);
        return (
          <g key={start} className={used ? "rst used" : "rst"}>
            {count > 1 && <path d={`M${scales.x(start)} ${y}H${scales.x(end)}`} strokeWidth="3" />}
            <path d={`M${x} ${y - 5}l5 5-5 5-5-5Z`} />
          </g>
        );
      })}
    </g>
  );
}

/** A thin line with the time beside its top, on the side that has room. */
export function NowLine({ at, zone }: { at: number; zone: string }) {
  const scales = useScales();
  if (!scales) return null;
  const x = scales.x(at);
  if (x < scales.left || x > scales.right) return null;
  const isNearEnd = x > scales.right - 44;
  return (
    <g className="now">
      <path d={`M${x} ${scales.top}V${scales.bottom}`} />
      <text x={isNearEnd ? x - 4 : x + 4} y={scales.top + 4} textAnchor={isNearEnd ? "end" : "start"}>
        {formatInstant(new Date(at), zone, "time")}
      </text>
    </g>
  );
}

/** At 0, stronger than the grid: what bars stand on, and hang from where values are negative. */
export function BaseLine() {
  const scales = useScales();
  if (!scales) return null;
  return <path d={`M${scales.left} ${scales.y(0)}H${scales.right}`} stroke="var(--chart-axis)" />;
}

/** The crosshair over the interval the tooltip speaks of. */
export function Crosshair({ span, pinned }: { span: Span | null; pinned?: boolean }) {
  const scales = useScales();
  if (!scales || !span) return null;
  const x = scales.x((span.start + span.end) / 2);
  return <path d={`M${x} ${scales.top}V${scales.bottom}`} className={pinned ? "cross pinned" : "cross"} />;
}

function plateWidth(text: string): number {
  return text.length * 6 + 10;
}

function Plate({ x, y, text }: { x: number; y: number; text: string }) {
  const width = plateWidth(text);
  return (
    <>
      <rect x={x - width / 2} y={y - 12} width={width} height={16} rx={4} className="plate" />
      <text x={x} y={y} textAnchor="middle">
        {text}
      </text>
    </>
  );
}

/** What the cursor stands at, on each line and bar. */
export function Dots({ at, dots }: { at: number; dots: readonly { value: number; color: string }[] }) {
  const scales = useScales();
  if (!scales) return null;
  return dots.map(({ value, color }) => (
    <circle key={color} cx={scales.x(at)} cy={scales.y(value)} r={4} fill={color} className="dot" />
  ));
}
