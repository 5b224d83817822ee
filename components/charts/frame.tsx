"use client";

import { type ReactNode, useId, useLayoutEffect, useMemo, useRef, useState } from "react";
import { CartesianGrid, ComposedChart, Line, ResponsiveContainer, XAxis, YAxis } from "recharts";
import { cx } from "../ui/cx";
import { formatNumber } from "../ui/format";
import { timeTicks, type ValueAxis, valueAxis } from "./axis";
import { BaseLine, Crosshair } from "./marks";
import type { Span } from "./series";
import { useCursor } from "./use-cursor";

const AXIS_PX = 44;
const TOP_PX = 10;
const BOTTOM_PX = 26;

/**
 * Axes, grid, cursor and tooltip that every chart over time shares. `stops`: the intervals the cursor can stand at, oldest
 * first; see `use-cursor.ts` for what moves it.
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
  /** Under the tooltip while it is pinned: what can be done with the interval. */
  tipAction?: (stop: Stop) => ReactNode;
  /** Drawn over the series where the cursor stands. */
  marksAt?: (stop: Stop) => ReactNode;
  picked?: number | null;
  onPick?: (stop: Stop | null) => void;
  onZoom?: (range: Span) => void;
  children: ReactNode;
}) {
  const { label, from, to, zone, unit, bare = false, height, stops, tip, tipAction, children } = props;
  const [size, setSize] = useState(0);
  const hint = useId();
  const { lowest, highest } = props;
  const axis = useMemo<ValueAxis>(
    () => (bare ? { ticks: [lowest, highest], decimals: 0, domain: [lowest, highest] } : valueAxis(lowest, highest)),
    [bare, lowest, highest],
  );
  const left = bare ? 0 : AXIS_PX;
  const plotPx = Math.max(1, size - left - 1);
  const xTicks = useMemo(() => timeTicks(from, to, zone, plotPx), [from, to, zone, plotPx]);
  const xLabels = useMemo(() => new Map(xTicks.map((tick) => [tick.at, tick.label])), [xTicks]);
  const { picked, onPick, onZoom } = props;
  const cursor = useCursor({ stops, from, to, leftPx: left, plotPx, picked, onPick, onZoom });
  const { stop, isPinned } = cursor;

  return (
    // biome-ignore lint/a11y/useSemanticElements: a group with a cursor of its own; no element means that.
    <div
      className={cx("tchart", onZoom && "zooms")}
      style={{ height: height + TOP_PX + BOTTOM_PX + (unit ? 8 : 0) }}
      role="group"
      aria-label={label}
      aria-describedby={hint}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys move the cursor inside.
      tabIndex={0}
      {...cursor.handlers}
    >
      <span id={hint} className="sr">
        Left and right arrow keys read the intervals{onPick && ", Enter keeps one"}.
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
            axisLine={false}
          />
          <YAxis
            type="number"
            domain={axis.domain}
            allowDataOverflow
            ticks={axis.ticks}
            hide={bare}
            width={left}
            interval={0}
            tick={(tick) => (
              <text x={left - 8} y={Number(tick.y) + 4} textAnchor="end" className="axis-l">
                {formatNumber(tick.payload.value, axis.decimals)}
              </text>
            )}
            tickLine={false}
            axisLine={false}
          />
          <Line dataKey="zero" stroke="none" dot={false} activeDot={false} isAnimationActive={false} />
          <BaseLine />
          {children}
          <Crosshair span={stop ?? null} pinned={isPinned} />
          {stop && props.marksAt?.(stop)}
        </ComposedChart>
      </ResponsiveContainer>
      {cursor.drag && (
        <span
          className="zoom-to"
          style={{
            left: left + Math.min(cursor.drag.fromX, cursor.drag.toX),
            width: Math.abs(cursor.drag.toX - cursor.drag.fromX),
            bottom: BOTTOM_PX,
          }}
        />
      )}
      {stop && !cursor.drag && (
        <TipBox
          at={left + (((stop.start + stop.end) / 2 - from) / (to - from)) * plotPx}
          width={size}
          isPinned={isPinned}
        >
          {tip(stop)}
          {isPinned && tipAction?.(stop)}
        </TipBox>
      )}
      <span className="sr" aria-live="polite">
        {stop && cursor.isByKeys && tip(stop)}
      </span>
    </div>
  );
}

const BESIDE_PX = 12;

/** Beside the crosshair, at its right while there is room, and never outside of the chart. Pinned, its contents can be used. */
function TipBox(props: { at: number; width: number; isPinned: boolean; children: ReactNode }) {
  const { at, width, isPinned, children } = props;
  const box = useRef<HTMLDivElement>(null);
  const [own, setOwn] = useState(0);
  // After every render: what it says decides how wide it is.
  useLayoutEffect(() => {
    if (box.current) setOwn(box.current.offsetWidth);
  });
  const right = at + BESIDE_PX;
  const beside = right + own <= width ? right : at - BESIDE_PX - own;
  const left = Math.max(0, Math.min(beside, width - own));
  const stay = (event: { stopPropagation(): void }) => event.stopPropagation();
  return (
    <div
      ref={box}
      className={cx("tip", isPinned && "pinned")}
      aria-hidden={!isPinned}
      style={{ top: 12, left }}
      onPointerDown={stay}
      onPointerUp={stay}
    >
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
