"use client";

import { useState } from "react";
import { LinkButton } from "@/components/ui/button";
import { Card, CardBody, CardHead } from "@/components/ui/card";
import { cx } from "@/components/ui/cx";
import { formatInstant, formatNumber, zoneName } from "@/components/ui/format";
import { Segmented } from "@/components/ui/segmented";
import { CellMark } from "@/components/ui/state";
import { useShownZone } from "@/components/ui/zone";
import type { CellState, GridView, JobGrid as JobGridData } from "@/lib/jobs/grid";
import { cellLooks, cellStates } from "./cell-look";
import { JobGrid } from "./job-grid";
import { cellsIn, rangesIn, type Selection } from "./selection";

/** The grid with its legend (which dims the other states), its scale, and the way to earlier and later rows. */
export function JobGridCard(props: {
  jobId: string;
  grid: JobGridData;
  olderHref: string | null;
  newerHref: string | null;
}) {
  const { jobId, grid, olderHref, newerHref } = props;
  const [selection, setSelection] = useState<Selection | null>(null);
  const [only, setOnly] = useState<CellState | null>(null);
  const zone = useShownZone(grid.timezone);
  const firstKey = grid.rows.at(-1)?.key ?? "";
  const lastKey = grid.rows[0]?.key ?? "";
  return (
    <>
      <Card>
        <CardHead
          title={`${keyWords(firstKey)} to ${keyWords(lastKey)}`}
          note={zoneName(zone, new Date(grid.rows[0]?.cells[0]?.from ?? 0))}
          end={
            <>
              <Step href={olderHref} icon="left" label="Earlier" />
              <Step href={newerHref} icon="right" label="Later" />
              <Segmented<GridView>
                small
                label="Scale"
                value={grid.view}
                options={[
                  { value: "hours", label: "Days × hours", href: `/jobs/${jobId}?view=hours` },
                  { value: "days", label: "Months × days", href: `/jobs/${jobId}?view=days` },
                ]}
              />
            </>
          }
        />
        <CardBody>
          {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form's fields. */}
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
                    onClick={() => setOnly(only === state ? null : state)}
                  >
                    <span className={cx("cell", look.className)} style={{ "--v": "60%" } as React.CSSProperties}>
                      {look.mark && <CellMark state={look.mark} />}
                    </span>
                    {look.word} <b>{formatNumber(grid.counts[state] ?? 0)}</b>
                  </button>
                );
              })}
          </div>
        </CardBody>
        <JobGrid
          grid={grid}
          selection={selection}
          onSelect={setSelection}
          only={only}
          listHref={(cell) => `/tasks?job=${jobId}&from=${cell.from}&to=${cell.to}`}
        />
      </Card>
      {selection && <SelectionBar jobId={jobId} grid={grid} selection={selection} />}
    </>
  );
}

/** What is selected, and the way to its tasks, where they are retried, fetched again or cancelled. */
function SelectionBar({ jobId, grid, selection }: { jobId: string; grid: JobGridData; selection: Selection }) {
  const cells = cellsIn(grid, selection);
  const ranges = rangesIn(grid, selection);
  const sum = (pick: (cell: (typeof cells)[number]) => number) => cells.reduce((total, cell) => total + pick(cell), 0);
  const from = ranges[0]?.from;
  const to = ranges.at(-1)?.to;
  return (
    <div className="abar" role="toolbar" aria-label="Selected intervals" data-holds-refresh="">
      <div className="info">
        <b className="strong">{formatNumber(sum((cell) => cell.taskCount))} tasks</b>
        <span>
          {formatNumber(sum((cell) => cell.failedCount))} failed, {formatNumber(sum((cell) => cell.readingsPresent))} of{" "}
          {formatNumber(sum((cell) => cell.readingsExpected))} readings
        </span>
      </div>
      {from && to && (
        <LinkButton variant="quiet" icon="task" href={`/tasks?job=${jobId}&from=${from}&to=${to}`}>
          {ranges.length > 1 ? "Tasks from the first to the last" : "Tasks"}
        </LinkButton>
      )}
    </div>
  );
}

function Step({ href, icon, label }: { href: string | null; icon: "left" | "right"; label: string }) {
  return href ? (
    <LinkButton small icon={icon} href={href} aria-label={label} scroll={false} />
  ) : (
    <button type="button" className="btn sm icon" disabled aria-label={label} />
  );
}

/** `3 Nov 2026`, or `Nov 2026` for a month. */
function keyWords(key: string): string {
  const isMonth = key.length === 7;
  const text = formatInstant(new Date(`${isMonth ? `${key}-15` : key}T12:00:00Z`), "UTC", "full-date");
  return text
    .split(" ")
    .slice(isMonth ? 2 : 1)
    .join(" ");
}
