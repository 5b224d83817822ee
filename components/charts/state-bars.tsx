"use client";

import { useMemo } from "react";
import { usePlotArea, useXAxisScale, useYAxisScale } from "recharts";
import { formatNumber } from "../ui/format";
import { StateMark, type StateName, states } from "../ui/state";
import { useShownZone } from "../ui/zone";
import { Frame } from "./frame";
import type { Span } from "./series";
import { TipHead } from "./tip";

export interface StateCount {
  startAt: string | Date;
  endAt: string | Date;
  /** Lowest part first. */
  counts: readonly { state: StateName; count: number }[];
}

interface Stack extends Span {
  counts: readonly { state: StateName; count: number }[];
}

/** How many by state, a stack an interval. A few failed among thousands still get three pixels, so that they are seen. */
export function StateBars(props: {
  label: string;
  from: string | Date;
  to: string | Date;
  buckets: readonly StateCount[];
  height?: number;
}) {
  const zone = useShownZone();
  const stacks = useMemo<Stack[]>(
    () =>
      props.buckets.map(({ startAt, endAt, counts }) => ({
        start: new Date(startAt).getTime(),
        end: new Date(endAt).getTime(),
        counts: counts.filter(({ count }) => count > 0),
      })),
    [props.buckets],
  );
  const highest = Math.max(1, ...stacks.map(({ counts }) => counts.reduce((sum, { count }) => sum + count, 0)));
  return (
    <Frame
      bare
      label={props.label}
      from={new Date(props.from).getTime()}
      to={new Date(props.to).getTime()}
      zone={zone}
      lowest={0}
      highest={highest}
      height={props.height ?? 128}
      stops={stacks}
      tip={(stack) => (
        <>
          <TipHead start={stack.start} end={stack.end} />
          <dl>
            {stack.counts.map(({ state, count }) => (
              <div key={state} className="contents">
                <dt>
                  <StateMark state={state} />
                  {states[state].word}
                </dt>
                <dd>{formatNumber(count)}</dd>
              </div>
            ))}
          </dl>
        </>
      )}
    >
      <Stacks stacks={stacks} />
    </Frame>
  );
}

const LEAST_PX = 3;

function Stacks({ stacks }: { stacks: readonly Stack[] }) {
  const xScale = useXAxisScale();
  const yScale = useYAxisScale();
  const area = usePlotArea();
  if (!xScale || !yScale || !area) return null;
  const base = Number(yScale(0));
  return stacks.map(({ start, end, counts }) => {
    const x = Math.max(Number(xScale(start)), area.x);
    const width = Math.min(Number(xScale(end)), area.x + area.width) - x;
    if (width <= 0) return null;
    const air = Math.min(width * 0.24, 4);
    let top = base;
    return (
      <g key={start}>
        {counts.map(({ state, count }, index) => {
          const height = Math.max(base - Number(yScale(count)), LEAST_PX);
          top -= height + (index === 0 ? 0 : 2);
          const { tone } = states[state];
          const fill = tone === "succeeded" ? "var(--succeeded-line)" : `var(--${tone})`;
          return <rect key={state} x={x + air / 2} y={top} width={width - air} height={height} fill={fill} />;
        })}
      </g>
    );
  });
}
