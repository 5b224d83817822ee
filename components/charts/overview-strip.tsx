"use client";

import { type KeyboardEvent, type PointerEvent, useMemo, useRef, useState } from "react";
import { formatInstant } from "../ui/format";
import { movedEdge, snapped } from "./strip-window";

interface Props {
  label: string;
  /** What is around, and what of it is shown above. */
  from: string;
  to: string;
  window: { from: string; to: string };
  buckets: readonly { startAt: string; endAt: string; value: number }[];
  /** Days are this zone's. */
  zone: string;
  onChange: (window: { from: Date; to: Date }) => void;
}

type Grip = "from" | "to" | "both" | "new";

/**
 * The surroundings of a chart, small, with the shown stretch as a window: drag it or its edges, draw a new one beside it, or
 * move an edge by arrow keys (Shift: a week). It falls on whole days.
 */
export function OverviewStrip({ label, from, to, window: shown, buckets, zone, onChange }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const start = new Date(from).getTime();
  const length = new Date(to).getTime() - start;
  const [drag, setDrag] = useState<{ grip: Grip; at: number; from: number; to: number } | null>(null);
  const [fromMs, toMs] = drag ? [drag.from, drag.to] : [new Date(shown.from).getTime(), new Date(shown.to).getTime()];
  const share = (at: number) => Math.max(0, Math.min(100, ((at - start) / length) * 100));
  const path = useMemo(() => barsPath(buckets, start, length), [buckets, start, length]);

  const timeAt = (event: PointerEvent) => {
    const rect = box.current?.getBoundingClientRect();
    if (!rect) return start;
    return start + Math.max(0, Math.min(1, (event.clientX - rect.left) / rect.width)) * length;
  };
  const begin = (grip: Grip) => (event: PointerEvent<HTMLElement>) => {
    if (event.button !== 0) return;
    event.stopPropagation();
    box.current?.setPointerCapture(event.pointerId);
    const at = timeAt(event);
    setDrag(grip === "new" ? { grip, at, from: at, to: at } : { grip, at, from: fromMs, to: toMs });
  };
  const move = (event: PointerEvent<HTMLElement>) => {
    if (!drag) return;
    const at = timeAt(event);
    const by = at - drag.at;
    if (drag.grip === "new") setDrag({ ...drag, from: Math.min(drag.at, at), to: Math.max(drag.at, at) });
    else {
      const [oldFrom, oldTo] = [new Date(shown.from).getTime(), new Date(shown.to).getTime()];
      const limited = Math.max(start - oldFrom, Math.min(start + length - oldTo, by));
      if (drag.grip === "both") setDrag({ ...drag, from: oldFrom + limited, to: oldTo + limited });
      else if (drag.grip === "from") setDrag({ ...drag, from: Math.min(oldFrom + by, oldTo) });
      else setDrag({ ...drag, to: Math.max(oldTo + by, oldFrom) });
    }
  };
  const end = () => {
    if (!drag) return;
    setDrag(null);
    const window = snapped(drag, zone);
    if (window.from.toISOString() !== shown.from || window.to.toISOString() !== shown.to) onChange(window);
  };
  const onKeyDown = (edge: "from" | "to") => (event: KeyboardEvent) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const days = step * (event.shiftKey ? 7 : 1);
    const next = movedEdge({ from: new Date(fromMs), to: new Date(toMs) }, edge, days, zone);
    if (next && next.from.getTime() >= start && next.to.getTime() <= start + length) onChange(next);
  };

  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form's fields.
    <div
      ref={box}
      className="brush"
      role="group"
      aria-label={label}
      onPointerDown={begin("new")}
      onPointerMove={move}
      onPointerUp={end}
      onPointerCancel={() => setDrag(null)}
    >
      <svg viewBox="0 0 1000 100" preserveAspectRatio="none" aria-hidden="true">
        <path className="bm" d={path} />
      </svg>
      <div
        className="win"
        style={{ left: `${share(fromMs)}%`, right: `${100 - share(toMs)}%` }}
        onPointerDown={begin("both")}
      >
        {(["from", "to"] as const).map((edge) => (
          <span
            key={edge}
            className={`grip ${edge}`}
            role="slider"
            tabIndex={0}
            aria-label={edge === "from" ? "First day" : "Last day"}
            aria-valuemin={Math.round(start / 86_400_000)}
            aria-valuemax={Math.round((start + length) / 86_400_000)}
            aria-valuenow={Math.round((edge === "from" ? fromMs : toMs) / 86_400_000)}
            aria-valuetext={formatInstant(new Date(edge === "from" ? fromMs : toMs - 1), zone, "full-date")}
            onPointerDown={begin(edge)}
            onKeyDown={onKeyDown(edge)}
          />
        ))}
      </div>
    </div>
  );
}

function barsPath(buckets: Props["buckets"], start: number, length: number): string {
  const highest = buckets.reduce((most, { value }) => Math.max(most, value), 0) || 1;
  return buckets
    .flatMap(({ startAt, endAt, value }) => {
      if (value <= 0) return [];
      const x = ((new Date(startAt).getTime() - start) / length) * 1000;
      const width = ((new Date(endAt).getTime() - new Date(startAt).getTime()) / length) * 1000;
      return [`M${x.toFixed(2)} 100v${(-(value / highest) * 92).toFixed(2)}h${(width * 0.85).toFixed(2)}V100Z`];
    })
    .join("");
}
