"use client";

import { parseAsBoolean, useQueryState } from "nuqs";
import { useCallback, useMemo, useState } from "react";
import { Button, LinkButton } from "@/components/ui/button";
import { Card, CardBody, CardHead } from "@/components/ui/card";
import { cx } from "@/components/ui/cx";
import { formatNumber, zoneName } from "@/components/ui/format";
import { Segmented } from "@/components/ui/segmented";
import { CellMark } from "@/components/ui/state";
import type { CellState, GridCell, JobGrid as JobGridData } from "@/lib/jobs/grid";
import type { GridView } from "@/lib/jobs/grid-rows";
import type { TaskVerbs } from "../../tasks/task-actions";
import { BackfillPanel, type BackfillVerbs } from "../backfill/backfill-panel";
import { cellLooks, cellStates } from "./cell-look";
import { JobGrid } from "./job-grid";
import { boxOf, rangesIn, type Selection } from "./selection";
import { SelectionBar } from "./selection-bar";

/** The grid with its legend (which dims the other states), its scale, the way to earlier rows, and the backfill beside it. */
export function JobGridCard(
  props: TaskVerbs &
    BackfillVerbs & {
      jobId: string;
      grid: JobGridData;
      olderHref: string | null;
      newerHref: string | null;
      /** Hours across say nothing where an interval is a day or longer. */
      hasHours: boolean;
      canOperate: boolean;
      /** Days of the job a backfill without a selection begins with. */
      firstDay: string;
      today: string;
    },
) {
  const { jobId, grid, olderHref, newerHref, hasHours, canOperate, firstDay, today } = props;
  const [isPlanning, setPlanning] = useQueryState("plan", parseAsBoolean.withDefault(false));
  const [selection, setSelection] = useState<Selection | null>(null);
  const [only, setOnly] = useState<CellState | null>(null);
  const ranges = useMemo(() => (selection ? rangesIn(grid, selection) : null), [grid, selection]);
  const hrefOf = useCallback(
    (cell: GridCell) => {
      if (cell.taskId && cell.taskCount <= 1) return `/tasks/${cell.taskId}`;
      return cell.taskCount > 1 ? `/jobs/${jobId}?tab=list&from=${cell.from}&to=${cell.to}` : null;
    },
    [jobId],
  );
  const toggle = useCallback(() => void setPlanning((open) => (open ? null : true)), [setPlanning]);
  const isOpen = isPlanning && canOperate;
  return (
    <div className={isOpen ? "jg" : undefined}>
      <div className="stack">
        <Card>
          <div className="jg-head">
            <Step href={olderHref} icon="left" label="Earlier" />
            <Step href={newerHref} icon="right" label="Later" />
            <CardHead
              title={spanWords(grid)}
              note={zoneWords(grid)}
              wrap
              end={
                hasHours && (
                  <Segmented<GridView>
                    small
                    label="Scale"
                    value={grid.view}
                    options={[
                      { value: "hours", label: "Days × hours", href: `/jobs/${jobId}?view=hours` },
                      { value: "days", label: "Months × days", href: `/jobs/${jobId}?view=days` },
                    ]}
                  />
                )
              }
            />
          </div>
          <CardBody>
            <Legend grid={grid} only={only} onOnly={setOnly} />
          </CardBody>
          <JobGrid grid={grid} selection={selection} onSelect={setSelection} only={only} hrefOf={hrefOf} />
        </Card>
        {selection && (
          <SelectionBar
            jobId={jobId}
            grid={grid}
            selection={selection}
            canOperate={canOperate}
            isPlanning={isOpen}
            hrefOf={hrefOf}
            onBackfill={toggle}
            onClear={() => setSelection(null)}
            retry={props.retry}
            cancel={props.cancel}
          />
        )}
      </div>
      {isOpen && (
        <BackfillPanel
          jobId={jobId}
          timezone={grid.timezone}
          ranges={ranges && ranges.length > 0 ? ranges : null}
          box={selection ? boxWords(grid, selection) : null}
          firstDay={firstDay}
          today={today}
          plan={props.plan}
          start={props.start}
          onStarted={() => setSelection(null)}
          onClose={() => void setPlanning(null)}
        />
      )}
    </div>
  );
}

function Legend(props: { grid: JobGridData; only: CellState | null; onOnly: (state: CellState | null) => void }) {
  const { grid, only, onOnly } = props;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form's fields.
    <div className="jg-legend" role="group" aria-label="Show only">
      {cellStates
        .filter((state) => grid.counts[state] && state !== "outside" && state !== "none")
        .map((state) => {
          const look = cellLooks[state];
          return (
            <button
              key={state}
              type="button"
              aria-pressed={only === state}
              className={cx(only !== null && only !== state && "off")}
              onClick={() => onOnly(only === state ? null : state)}
            >
              <span className={cx("cell", look.className)} style={{ "--v": "60%" } as React.CSSProperties}>
                {look.mark && <CellMark state={look.mark} />}
              </span>
              {look.word} <b>{formatNumber(grid.counts[state] ?? 0)}</b>
            </button>
          );
        })}
    </div>
  );
}

function Step({ href, icon, label }: { href: string | null; icon: "left" | "right"; label: string }) {
  return href ? (
    <LinkButton small icon={icon} href={href} aria-label={label} scroll={false} />
  ) : (
    <Button small icon={icon} disabled aria-label={label} />
  );
}

/** `3 to 23 November 2026`, `28 October to 17 November 2026`, `December 2025 to November 2026`. */
function spanWords(grid: JobGridData): string {
  const first = grid.rows.at(-1)?.key ?? "";
  const last = grid.rows[0]?.key ?? "";
  return daysWords(first, last);
}

/** From one key of a row to another: days as `2026-11-23`, months as `2026-11`. */
function daysWords(first: string, last: string): string {
  const [year, month, day] = wordsOf(first);
  const [lastYear, lastMonth, lastDay] = wordsOf(last);
  const end = [lastDay, lastMonth, lastYear].filter(Boolean).join(" ");
  if (first === last) return end;
  const isSameMonth = year === lastYear && month === lastMonth && day !== undefined;
  const start = isSameMonth ? day : [day, month, year === lastYear ? null : year].filter(Boolean).join(" ");
  return `${start} to ${end}`;
}

const months = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

function wordsOf(key: string): [string, string, string | undefined] {
  const [year = "", month = "1", day] = key.split("-");
  return [year, months[Number(month) - 1] ?? month, day === undefined ? undefined : String(Number(day))];
}

/** `AEDT, UTC+11`: the rows and columns are the job's days and hours, whatever zone instants are shown in. */
function zoneWords(grid: JobGridData): string {
  const at = new Date(grid.rows[0]?.cells.find((cell) => cell.from)?.from ?? Date.now());
  const name = zoneName(grid.timezone, at);
  const offset = new Intl.DateTimeFormat("en", { timeZone: grid.timezone, timeZoneName: "shortOffset" })
    .formatToParts(at)
    .find((part) => part.type === "timeZoneName")
    ?.value.replace("GMT", "UTC")
    .replace("-", "−");
  return offset && offset !== name ? `${name}, ${offset}` : name;
}

/** Days and hours of the selected box, for the panel. */
function boxWords(grid: JobGridData, selection: Selection): { days: string; hours: string | null } {
  const box = boxOf(selection);
  const first = grid.rows[box.bottom]?.key ?? "";
  const last = grid.rows[box.top]?.key ?? "";
  if (grid.view === "days") {
    const pad = (column: number) => String(grid.columns[column] ?? 1).padStart(2, "0");
    if (first === last)
      return { days: daysWords(`${first}-${pad(box.left)}`, `${first}-${pad(box.right)}`), hours: null };
    return { days: `${Number(pad(box.left))} to ${Number(pad(box.right))} of ${daysWords(first, last)}`, hours: null };
  }
  const cell = grid.rows[box.top]?.cells[box.left];
  const name = zoneName(grid.timezone, new Date(cell?.from ?? Date.now()));
  const hour = (value: number) => `${String(value).padStart(2, "0")}:00`;
  return {
    days: daysWords(first, last),
    hours: `${hour(grid.columns[box.left] ?? 0)} to ${hour((grid.columns[box.right] ?? 0) + 1)} ${name}`,
  };
}
