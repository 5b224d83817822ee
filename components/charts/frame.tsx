"use client";

import { type KeyboardEvent, type PointerEvent, type ReactNode, useId, useMemo, useState } from "react";
import { CartesianGrid, ComposedChart, Line, ResponsiveContainer, XAxis, YAxis } from "recharts";
import { formatNumber } from "../ui/format";
import { timeTicks, valueTicks } from "./axis";
import { Crosshair } from "./marks";
import type { Span } from "./series";

const AXIS_PX = 44;
const TOP_PX = 10;
const BOTTOM_PX = 26;

/**
 * Axes, grid, cursor and tooltip that every chart over time shares. `stops`: the intervals the cursor can stand at, oldest
 * first; arrow keys, Home and End move it, Enter and click pin it and call `onPick`, Escape lets go.
 */
export function Frame<Stop extends Span>(props: {
  label: string;
  from: number;
  to: number;
  zone: string;
  lowest: number;
  highest: number;
  unit?: string;
  /** Without a Y axis: counts that are read from the tooltip. */
  bare?: boolean;
  height: number;
  stops: readonly Stop[];
  tip: (stop: Stop) => ReactNode;
  onPick?: (stop: Stop) => void;
  children: ReactNode;
}) {
  const { label, from, to, zone, unit, bare = false, height, stops, tip, onPick, children } = props;
  const [size, setSize] = useState(0);
  const [index, setIndex] = useState<number | null>(null);
  const [isPinned, setPinned] = useState(false);
  const [isByKeys, setByKeys] = useState(false);
  const hint = useId();
  const { lowest, highest } = props;
  const { ticks, decimals } = useMemo(
    () => (bare ? { ticks: [lowest, highest], decimals: 0 } : valueTicks(lowest, highest)),
    [bare, lowest, highest],
  );
  const left = bare ? 0 : AXIS_PX;
  const plotWidth = Math.max(1, size - left - 1);
  const xTicks = useMemo(() => timeTicks(from, to, zone, plotWidth), [from, to, zone, plotWidth]);
  const xLabels = useMemo(() => new Map(xTicks.map((tick) => [tick.at, tick.label])), [xTicks]);
  const stop = index === null ? undefined : stops[index];

  const stopAt = (event: PointerEvent<HTMLElement>): number | null => {
    const box = event.currentTarget.getBoundingClientRect();
    const share = (event.clientX - box.left - left) / plotWidth;
    if (share < 0 || share > 1 || stops.length === 0) return null;
    return nearest(stops, from + share * (to - from));
  };
  const follow = (event: PointerEvent<HTMLElement>) => {
    setByKeys(false);
    setIndex(stopAt(event));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const last = stops.length - 1;
    const moves: Record<string, number> = {
      ArrowLeft: Math.max(0, (index ?? last + 1) - 1),
      ArrowRight: Math.min(last, (index ?? -1) + 1),
      Home: 0,
      End: last,
    };
    const target = moves[event.key];
    if (target !== undefined && last >= 0) {
      setIndex(target);
      setPinned(false);
      setByKeys(true);
    } else if (event.key === "Escape" && index !== null) {
      setIndex(null);
      setPinned(false);
    } else if (event.key === "Enter" && stop) {
      setPinned(true);
      onPick?.(stop);
    } else return;
    event.preventDefault();
  };

  return (
    // biome-ignore lint/a11y/useSemanticElements: a group with a cursor of its own; no element means that.
    <div
      className="tchart"
      style={{ height: height + TOP_PX + BOTTOM_PX + (unit ? 8 : 0) }}
      role="group"
      aria-label={label}
      aria-describedby={hint}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys move the cursor inside.
      tabIndex={0}
      onKeyDown={onKeyDown}
      onBlur={() => !isPinned && setIndex(null)}
      onPointerMove={(event) => !isPinned && event.pointerType !== "touch" && follow(event)}
      onPointerLeave={() => !isPinned && setIndex(null)}
      onPointerUp={(event) => {
        const at = stopAt(event);
        const picked = at === null ? undefined : stops[at];
        setIndex(at);
        setPinned(picked !== undefined && !(isPinned && at === index));
        if (picked) onPick?.(picked);
      }}
    >
      <span id={hint} className="sr">
        Left and right arrow keys read the intervals.
      </span>
      {unit && !bare && <span className="unit-l">{unit}</span>}
      <ResponsiveContainer width="100%" height="100%" onResize={(width) => setSize(width)}>
        <ComposedChart
          data={anchorsOf(from, to)}
          margin={{ top: TOP_PX + (unit ? 8 : 0), right: 1, bottom: 0, left: 0 }}
          accessibilityLayer={false}
        >
          {!bare && <CartesianGrid vertical={false} stroke="var(--chart-grid)" />}
          <XAxis
            type="number"
            dataKey="at"
            domain={[from, to]}
            allowDataOverflow
            ticks={xTicks.map(({ at }) => at)}
            interval={0}
            height={BOTTOM_PX}
            tick={(tick) => (
              <TimeLabel
                x={Number(tick.x)}
                y={Number(tick.y)}
                left={left}
                right={size}
                text={xLabels.get(tick.payload.value) ?? ""}
              />
            )}
            tickLine={false}
            axisLine={{ stroke: "var(--chart-axis)" }}
          />
          <YAxis
            type="number"
            domain={[ticks[0] ?? 0, ticks.at(-1) ?? 1]}
            ticks={ticks}
            hide={bare}
            width={left}
            interval={0}
            tick={(tick) => (
              <text x={left - 8} y={Number(tick.y) + 4} textAnchor="end" className="axis-l">
                {formatNumber(tick.payload.value, decimals)}
              </text>
            )}
            tickLine={false}
            axisLine={false}
          />
          <Line dataKey="zero" stroke="none" dot={false} activeDot={false} isAnimationActive={false} />
          {children}
          <Crosshair span={stop ?? null} />
        </ComposedChart>
      </ResponsiveContainer>
      {stop && (
        <TipBox at={left + (((stop.start + stop.end) / 2 - from) / (to - from)) * plotWidth} width={size}>
          {tip(stop)}
        </TipBox>
      )}
      <span className="sr" aria-live="polite">
        {stop && isByKeys && tip(stop)}
      </span>
    </div>
  );
}

/** Beside the crosshair, on the side that has room. */
function TipBox({ at, width, children }: { at: number; width: number; children: ReactNode }) {
  const side = at > width / 2 ? { right: width - at + 12 } : { left: at + 12 };
  return (
    <div className="tip" aria-hidden="true" style={{ top: 12, ...side }}>
      {children}
    </div>
  );
}

/** Centred under its place, but inside the chart at both ends. */
function TimeLabel({ x, y, left, right, text }: { x: number; y: number; left: number; right: number; text: string }) {
  const half = text.length * 3.2;
  const anchor = x - half < left ? "start" : x + half > right ? "end" : "middle";
  return (
    <text x={anchor === "start" ? Math.max(x, left) : x} y={y + 10} textAnchor={anchor} className="axis-l">
      {text}
    </text>
  );
}

/** The library gives axes a scale only where something is drawn: two points at 0, drawn without ink. */
function anchorsOf(from: number, to: number) {
  return [
    { at: from, zero: 0 },
    { at: to, zero: 0 },
  ];
}

function nearest(stops: readonly Span[], at: number): number {
  let best = 0;
  for (const [index, stop] of stops.entries()) {
    if (stop.start <= at) best = index;
    else if (Math.abs(stop.start - at) < distance(stops[best], at)) best = index;
  }
  return best;
}

function distance(stop: Span | undefined, at: number): number {
  if (!stop) return Number.POSITIVE_INFINITY;
  return at < stop.end ? 0 : at - stop.end;
}
