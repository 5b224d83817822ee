import type { CSSProperties } from "react";
import { cx } from "@/components/ui/cx";
import { formatLength } from "@/components/ui/format";
import { StateMark, type StateName } from "@/components/ui/state";
import { Time } from "@/components/ui/time";
import type { Stage } from "@/lib/db/schema/tasks";
import type { TaskDetail } from "@/lib/tasks/schemas";
import { stageWord } from "./stage-word";

interface Bar {
  key: string;
  label: string;
  from: number;
  to: number;
  tone: "succeeded" | "failed" | "waiting";
  note: string;
}

/** Stages with their attempts and waits, each a bar on one time axis that leaves long waits out. */
export function TaskTimeline({ task, stages }: { task: TaskDetail; stages: readonly Stage[] }) {
  const bars = stages.map((stage) => ({ stage, bars: barsOf(task, stage) }));
  const axis = foldedAxis(bars.flatMap((each) => each.bars));
  return (
    <div className="tl-list">
      {bars.map(({ stage, bars: rows }) => (
        <div key={stage} className="tl-stage">
          <div className="tl-row">
            <span className="tl-name">
              <StateMark state={stageState(task, stage, stages)} /> <b>{stageWord(stage)}</b>
            </span>
            <span className="tl-track" />
            <span className="tl-took">{rows.length > 0 ? took(rows) : "not started"}</span>
          </div>
          {rows.map((bar) => (
            <div key={bar.key} className="tl-row">
              <span className="tl-name q">{bar.label}</span>
              <span className="tl-track">
                <i className={cx("tl-bar", bar.tone)} style={placeOf(bar, axis)} />
                <span className="tl-note qq">{bar.note}</span>
              </span>
              <span className="tl-took">{formatLength((bar.to - bar.from) / 1000)}</span>
            </div>
          ))}
        </div>
      ))}
      {axis.from < axis.to && (
        <p className="figs qq">
          <Time at={new Date(axis.from)} style="full" named /> to <Time at={new Date(axis.to)} style="full" />; long
          waits are folded
        </p>
      )}
    </div>
  );
}

function barsOf(task: TaskDetail, stage: Stage): Bar[] {
  const failures = task.executionErrs.filter((err) => err.stage === stage);
  const bars = failures.flatMap((err): Bar[] => {
    const from = Date.parse(err.startedAt);
    const at = Date.parse(err.at);
    const attempt: Bar = {
      key: `a${err.attempt}`,
      label: `Attempt ${err.attempt}`,
      from,
      to: at,
      tone: "failed",
      note: err.code,
    };
    if (!err.waitUntil) return [attempt];
    const words = { quota: "Waited for quota", data: "Waited for data", retry: "Back-off", review: "Review" };
    const label = words[err.waitReason ?? "retry"];
    return [
      attempt,
      { key: `w${err.attempt}`, label, from: at, to: Date.parse(err.waitUntil), tone: "waiting", note: "" },
    ];
  });
  const successes = task.timings
    .filter((timing) => timing.stage === stage && timing.outcome === "succeeded")
    .map((timing, index): Bar => {
      const from = Date.parse(timing.startedAt);
      return {
        key: `s${from}-${index}`,
        label: "Worked",
        from,
        to: Date.parse(timing.endedAt),
        tone: "succeeded",
        note: "",
      };
    });
  return [...bars, ...successes].sort((a, b) => a.from - b.from);
}

interface Axis {
  from: number;
  to: number;
  /** Instants, and where they stand from 0 to 1. */
  stops: { at: number; place: number }[];
}

const LONGEST_DRAWN_MS = 20_000;

/** Between two neighbouring instants at most 20 s are drawn, so that hours of waiting do not squeeze seconds of work. */
function foldedAxis(bars: readonly Bar[]): Axis {
  const instants = [...new Set(bars.flatMap(({ from, to }) => [from, to]))].sort((a, b) => a - b);
  let drawn = 0;
  const stops = instants.map((at, index) => {
    drawn += index === 0 ? 0 : Math.min(at - (instants[index - 1] ?? at), LONGEST_DRAWN_MS);
    return { at, place: drawn };
  });
  const whole = drawn || 1;
  return {
    from: instants[0] ?? 0,
    to: instants.at(-1) ?? 0,
    stops: stops.map(({ at, place }) => ({ at, place: place / whole })),
  };
}

function placeOf(bar: Bar, axis: Axis): CSSProperties {
  const place = (at: number) => axis.stops.find((stop) => stop.at === at)?.place ?? 0;
  const left = place(bar.from);
  return { left: `${left * 100}%`, width: `${Math.max(0.6, (place(bar.to) - left) * 100)}%` };
}

function stageState(task: TaskDetail, stage: Stage, stages: readonly Stage[]): StateName {
  const position = stages.indexOf(stage) - stages.indexOf(task.stage);
  if (position < 0 || task.state === "succeeded") return "succeeded";
  return position > 0 ? "pending" : task.state;
}

function took(bars: readonly Bar[]): string {
  const from = Math.min(...bars.map((bar) => bar.from));
  const to = Math.max(...bars.map((bar) => bar.to));
  return formatLength((to - from) / 1000);
}
