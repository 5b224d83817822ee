import type { ReactNode } from "react";
import { cx } from "./cx";

export type StateName =
  | "pending"
  | "queued"
  | "running"
  | "succeeded"
  | "fresh"
  | "partial"
  | "waiting"
  | "late"
  | "failed"
  | "person"
  | "paused"
  | "cancelled"
  | "not-due"
  | "no-data";

export type Tone = "pending" | "running" | "succeeded" | "waiting" | "failed" | "person";

/** Tone (CSS class that sets the five colours), shape and word of every state. */
export const states: Record<StateName, { tone: Tone; shape: ShapeName; word: string }> = {
  pending: { tone: "pending", shape: "ring", word: "Pending" },
  queued: { tone: "pending", shape: "dashes", word: "Queued" },
  running: { tone: "running", shape: "arc", word: "Running" },
  succeeded: { tone: "succeeded", shape: "tick", word: "Succeeded" },
  fresh: { tone: "succeeded", shape: "tick", word: "Fresh" },
  partial: { tone: "succeeded", shape: "tick", word: "Partial" },
  waiting: { tone: "waiting", shape: "clock", word: "Waiting" },
  late: { tone: "waiting", shape: "clock", word: "Late" },
  failed: { tone: "failed", shape: "cross", word: "Failed" },
  person: { tone: "person", shape: "diamond", word: "Needs a person" },
  paused: { tone: "pending", shape: "bars", word: "Paused" },
  cancelled: { tone: "pending", shape: "stroke", word: "Cancelled" },
  "not-due": { tone: "pending", shape: "ring", word: "Not due" },
  "no-data": { tone: "pending", shape: "dash", word: "No data from the vendor" },
};

/** The shape alone. Needs a word beside it; without one, pass `label`. */
export function StateMark({ state, label, className }: { state: StateName; label?: string; className?: string }) {
  const { tone, shape } = states[state];
  const mark = <Shape name={shape} />;
  return label ? (
    <span className={cx("gl", tone, className)} role="img" aria-label={label}>
      {mark}
    </span>
  ) : (
    <span className={cx("gl", tone, className)} aria-hidden="true">
      {mark}
    </span>
  );
}

/** Shape and word. `ink` colours the word too, as in tables; children replace the word. */
export function State({ state, ink, children }: { state: StateName; ink?: boolean; children?: ReactNode }) {
  const { tone, shape, word } = states[state];
  return (
    <span className={cx("st", tone, ink && "ink")}>
      <Shape name={shape} />
      {children ?? word}
    </span>
  );
}

/** Soft pill: beside a title, or once in a card's head. In tables use State. */
export function Badge({ state, children }: { state: StateName; children?: ReactNode }) {
  const { tone, shape, word } = states[state];
  return (
    <span className={cx("badge", tone)}>
      <Shape name={shape} />
      {children ?? word}
    </span>
  );
}

/** The mark inside a grid cell: drawn for a wash, without a disc. Nothing for succeeded and not due. */
export function CellMark({ state }: { state: StateName }) {
  const name = cellShapes[state];
  return name ? <Shape name={name} /> : null;
}

type ShapeName = keyof typeof shapes;

function Shape({ name }: { name: ShapeName }) {
  return (
    <svg className={cx("g", name === "arc" && "spin")} viewBox="0 0 12 12" aria-hidden="true">
      {shapes[name]}
    </svg>
  );
}

const outline = { fill: "none", stroke: "currentColor", strokeLinecap: "round", strokeLinejoin: "round" } as const;
const onSolid = { ...outline, stroke: "var(--on-solid)" } as const;

const shapes = {
  ring: <circle cx="6" cy="6" r="4.7" {...outline} strokeWidth="1.4" />,
  dashes: (
    <circle cx="6" cy="6" r="4.7" fill="none" stroke="currentColor" strokeWidth="1.4" strokeDasharray="2.1 1.6" />
  ),
  arc: (
    <>
      <circle cx="6" cy="6" r="4.6" {...outline} strokeWidth="1.8" opacity=".28" />
      <path d="M6 1.4A4.6 4.6 0 0 1 10.6 6" {...outline} strokeWidth="1.8" />
    </>
  ),
  tick: (
    <>
      <circle cx="6" cy="6" r="5.4" fill="currentColor" />
      <path d="m3.6 6.2 1.7 1.7 3.2-3.6" {...onSolid} strokeWidth="1.4" />
    </>
  ),
  clock: (
    <>
      <circle cx="6" cy="6" r="5.4" fill="currentColor" />
      <path d="M6 3.1V6.2l2 1.2" {...outline} stroke="var(--on-waiting)" strokeWidth="1.4" />
    </>
  ),
  cross: (
    <>
      <rect x=".8" y=".8" width="10.4" height="10.4" rx="2.4" fill="currentColor" />
      <path d="m4 4 4 4M8 4 4 8" {...onSolid} strokeWidth="1.5" />
    </>
  ),
  diamond: (
    <>
      <path d="M6 .3 11.7 6 6 11.7.3 6Z" fill="currentColor" />
      <path d="M6 3.4v3M6 8.3v.01" {...onSolid} strokeWidth="1.5" />
    </>
  ),
  bars: (
    <>
      <circle cx="6" cy="6" r="4.7" {...outline} strokeWidth="1.4" />
      <path d="M4.8 4.3v3.4M7.2 4.3v3.4" {...outline} strokeWidth="1.3" />
    </>
  ),
  stroke: (
    <>
      <circle cx="6" cy="6" r="4.7" {...outline} strokeWidth="1.4" />
      <path d="m3 9 6-6" {...outline} strokeWidth="1.4" />
    </>
  ),
  dash: <path d="M3.2 6h5.6" {...outline} strokeWidth="1.5" />,
  cellArc: <circle cx="6" cy="6" r="4" {...outline} strokeWidth="1.6" strokeDasharray="17 9" />,
  cellClock: (
    <>
      <circle cx="6" cy="6" r="4" {...outline} strokeWidth="1.3" />
      <path d="M6 3.8V6.2l1.5.9" {...outline} strokeWidth="1.3" />
    </>
  ),
  cellCross: <path d="m3 3 6 6M9 3 3 9" {...outline} strokeWidth="1.7" />,
  cellDiamond: <path d="M6 2.2 9.8 6 6 9.8 2.2 6Z" fill="currentColor" />,
} satisfies Record<string, ReactNode>;

const cellShapes: Partial<Record<StateName, ShapeName>> = {
  pending: "ring",
  queued: "ring",
  running: "cellArc",
  waiting: "cellClock",
  late: "cellClock",
  failed: "cellCross",
  person: "cellDiamond",
  paused: "bars",
  cancelled: "stroke",
  "no-data": "dash",
};
