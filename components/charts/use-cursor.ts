import { type KeyboardEvent, type PointerEvent, useEffect, useState } from "react";
import { nearestStop, type Span } from "./series";

/** A drag shorter than this is a click. */
const DRAG_PX = 6;

export interface CursorOptions<Stop extends Span> {
  /** Oldest first. */
  stops: readonly Stop[];
  from: number;
  to: number;
  /** Room before the plot, and the plot's own width. */
  leftPx: number;
  plotPx: number;
  /** The start of the interval that is chosen elsewhere too; null: none is. Undefined: the chart keeps it to itself. */
  picked?: number | null;
  onPick?: (stop: Stop | null) => void;
  onZoom?: (range: Span) => void;
}

/**
 * The cursor of a chart: it follows the pointer, arrow keys, Home and End; a click or Enter pins it, Escape lets go. A drag
 * chooses a stretch to zoom into. It stands at a time, not at a place in the list, so that new data moves nothing.
 */
export function useCursor<Stop extends Span>(options: CursorOptions<Stop>) {
  const { stops, from, to, leftPx, plotPx, picked, onPick, onZoom } = options;
  const [at, setAt] = useState<number | null>(picked ?? null);
  const [isKept, setKept] = useState(picked != null);
  const [isByKeys, setByKeys] = useState(false);
  const [drag, setDrag] = useState<{ fromX: number; toX: number } | null>(null);
  useEffect(() => {
    if (picked === undefined) return;
    setAt(picked);
    setKept(picked !== null);
  }, [picked]);
  const index = at === null ? -1 : stops.findIndex(({ start }) => start === at);
  const stop = stops[index];
  // What was kept may be gone: another granularity, a series switched off. Then the cursor is free again.
  const isPinned = isKept && stop !== undefined;

  const letGo = () => {
    setAt(null);
    setKept(false);
    if (isPinned) onPick?.(null);
  };
  const pin = (target: Stop | undefined) => {
    if (!target) return letGo();
    setAt(target.start);
    setKept(true);
    onPick?.(target);
  };
  const xOf = (event: PointerEvent<HTMLElement>) =>
    event.clientX - event.currentTarget.getBoundingClientRect().left - leftPx;
  const stopAt = (x: number): Stop | undefined => {
    const share = x / plotPx;
    return share < 0 || share > 1 ? undefined : nearestStop(stops, from + share * (to - from));
  };

  const handlers = {
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      if (!onZoom || event.pointerType === "touch" || event.button !== 0) return;
      const x = xOf(event);
      if (x < 0 || x > plotPx) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      setDrag({ fromX: x, toX: x });
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      const x = xOf(event);
      if (drag) setDrag({ ...drag, toX: Math.max(0, Math.min(plotPx, x)) });
      if (isPinned || event.pointerType === "touch") return;
      setByKeys(false);
      setAt(stopAt(x)?.start ?? null);
    },
    onPointerLeave: () => {
      if (!isPinned) setAt(null);
    },
    onPointerUp: (event: PointerEvent<HTMLElement>) => {
      setDrag(null);
      if (drag && Math.abs(drag.toX - drag.fromX) >= DRAG_PX) {
        const first = stopAt(Math.min(drag.fromX, drag.toX));
        const last = stopAt(Math.max(drag.fromX, drag.toX));
        if (first && last) onZoom?.({ start: first.start, end: last.end });
        return;
      }
      const target = stopAt(xOf(event));
      if (isPinned && target?.start === at) letGo();
      else pin(target);
    },
    onPointerCancel: () => setDrag(null),
    onBlur: () => {
      if (!isPinned) setAt(null);
    },
    onKeyDown: (event: KeyboardEvent) => {
      const last = stops.length - 1;
      const moves: Record<string, number> = {
        ArrowLeft: index < 0 ? last : Math.max(0, index - 1),
        ArrowRight: index < 0 ? 0 : Math.min(last, index + 1),
        Home: 0,
        End: last,
      };
      const target = moves[event.key];
      if (target !== undefined && last >= 0) {
        setAt(stops[target]?.start ?? null);
        setKept(false);
        setByKeys(true);
      } else if (event.key === "Escape" && at !== null) letGo();
      else if (event.key === "Enter" && stop && event.target === event.currentTarget) pin(stop);
      else return;
      event.preventDefault();
    },
  };
  const isDragging = drag !== null && Math.abs(drag.toX - drag.fromX) >= DRAG_PX;
  return { stop, isPinned, isByKeys, drag: isDragging ? drag : null, handlers };
}
