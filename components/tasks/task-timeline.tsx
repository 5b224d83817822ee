"use client";

import { Fragment } from "react";
import { cx } from "@/components/ui/cx";
import { formatInstant, formatLength, zoneName } from "@/components/ui/format";
import { StateMark } from "@/components/ui/state";
import { useShownZone } from "@/components/ui/zone";
import type { Stage } from "@/lib/db/schema/tasks";
import type { TaskDetail } from "@/lib/tasks/schemas";
import { type Bar, type StageRows, stageRows } from "./stage-rows";
import { stageWord } from "./stage-word";
import { type Axis, foldedAxis } from "./timeline-axis";

/** Stages with their attempts and waits, each a bar on one time axis that leaves long waits out. `now`: when the server read it. */
export function TaskTimeline({ task, stages, now }: { task: TaskDetail; stages: readonly Stage[]; now: string }) {
  const zone = useShownZone(task.timezone);
  const nowMs = Date.parse(now);
  const rows = stageRows(task, stages, nowMs);
  const bars = rows.flatMap((row) => row.bars);
  const longest = Math.max(0, ...bars.flatMap((bar) => (bar.kind === "attempt" ? bar.to - bar.from : [])));
  const axis = foldedAxis(bars, longest);
  return (
    <>
      <div className="chead wrapm">
        <h2>Timeline</h2>
        {axis && (
          <span className="qq m-hide">
            {formatInstant(new Date(axis.from), zone, "date")}, {zoneName(zone, new Date(axis.from))}
            {axis.folds.length > 0 &&
              (axis.folds.length === 1 ? "; the long wait is folded" : "; long waits are folded")}
          </span>
        )}
        <div className="end">
          <div className="legend">
            <Key tone="succeeded">Worked</Key>
            <Key tone="failed">Failed</Key>
            <Key tone="waiting">Waited</Key>
            {task.state === "running" && <Key tone="running">Works</Key>}
          </div>
        </div>
      </div>
      <div className="tl">
        <div className="tl-row head">
          <span className="nm">Stage and attempt</span>
          <span className="lane">{axis && <Ticks axis={axis} zone={zone} />}</span>
          <span className="dur">Took</span>
        </div>
        {rows.map((row) => (
          <Fragment key={row.stage}>
            <StageRow row={row} axis={axis} />
            {row.bars.map((bar) => (
              <div key={bar.key} className="tl-row sub">
                <span className="nm">{bar.label}</span>
                <span className="lane">
                  {axis && (
                    <>
                      <Backdrop axis={axis} />
                      <BarAndNote bar={bar} axis={axis} zone={zone} />
                    </>
                  )}
                </span>
                <span className="dur">{lengthWords(bar.to - bar.from)}</span>
              </div>
            ))}
          </Fragment>
        ))}
      </div>
    </>
  );
}

function Key({ tone, children }: { tone: Bar["tone"]; children: string }) {
  return (
    <span>
      <i className={cx("sw tone", tone)} />
      {children}
    </span>
  );
}

function StageRow({ row: { stage, state, bars }, axis }: { row: StageRows; axis: Axis | null }) {
  const from = Math.min(...bars.map((bar) => bar.from));
  const to = Math.max(...bars.map((bar) => bar.to));
  const tone = state === "succeeded" || state === "running" || state === "waiting" ? state : "failed";
  return (
    <div className="tl-row stage">
      <span className="nm">
        <StateMark state={state} />
        <span className={bars.length === 0 ? "q" : undefined}>{stageWord(stage)}</span>
      </span>
      <span className="lane">
        {axis && <Backdrop axis={axis} />}
        {axis && bars.length > 0 ? (
          <i className={cx("seg-b span", tone)} style={spanStyle(axis.place(from), axis.place(to))} />
        ) : (
          bars.length === 0 && <span className="seg-t qq not">not started</span>
        )}
      </span>
      <span className="dur">{bars.length > 0 && lengthWords(to - from)}</span>
    </div>
  );
}

function Ticks({ axis, zone }: { axis: Axis; zone: string }) {
  return axis.ticks.map((tick) => (
    <span
      key={tick.at}
      className={cx("tick", tick.place < 0.06 && "first", tick.place > 0.94 && "last")}
      style={{ left: percent(tick.place) }}
    >
      {tickWords(tick, axis.stepMs, zone)}
    </span>
  ));
}

/** The lines of the ticks, and the hatched bands of what is left out. */
function Backdrop({ axis }: { axis: Axis }) {
  return (
    <>
      {axis.ticks.map((tick) => (
        <span key={tick.at} className="vline" style={{ left: percent(tick.place) }} />
      ))}
      {axis.folds.map((fold) => (
        <span key={fold.from} className="cut" style={spanStyle(fold.from, fold.to)} />
      ))}
    </>
  );
}

function BarAndNote({ bar, axis, zone }: { bar: Bar; axis: Axis; zone: string }) {
  const from = axis.place(bar.from);
  const to = axis.place(bar.to);
  if (bar.kind === "wait") {
    const until = new Date(bar.to);
    const isWide = to - from > 0.24;
    return (
      <>
        <i className="seg-b waiting wait" style={spanStyle(from, to)} />
        {isWide && (
          <span className="seg-t mid" style={{ left: percent((from + to) / 2) }}>
            until {formatInstant(until, zone, bar.to - bar.from < 3_600_000 ? "seconds" : "date-time")}
          </span>
        )}
      </>
    );
  }
  const isLate = to > 0.62;
  return (
    <>
      <i className={cx("seg-b", bar.tone)} style={spanStyle(from, to)} />
      {bar.note && (
        <span className={cx("seg-t", isLate && "before")} style={{ left: percent(isLate ? from : to) }}>
          {bar.note}
        </span>
      )}
    </>
  );
}

/** `00:10:00`, then what changes: `:30`, `00:11`; tenths where the axis is that fine. */
function tickWords({ at, isFirst }: Axis["ticks"][number], stepMs: number, zone: string): string {
  const date = new Date(at);
  const decimals = stepMs >= 1000 ? 0 : stepMs >= 100 ? 1 : 2;
  const part = decimals === 0 ? "" : ((at % 1000) / 1000).toFixed(decimals).slice(1);
  const time = `${formatInstant(date, zone, "seconds")}${part}`;
  if (isFirst) return time;
  return Math.floor(at / 1000) % 60 === 0 && part.replaceAll(/[.0]/g, "") === "" ? time.slice(0, 5) : time.slice(5);
}

/** Below ten seconds with a tenth, below one in milliseconds. */
function lengthWords(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : formatLength(ms / 1000);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)}%`;
}

function spanStyle(from: number, to: number) {
  return { left: percent(from), width: percent(to - from) };
}
