"use client";

import { useState } from "react";
import { Button, IconButton, LinkButton } from "@/components/ui/button";
import { Card, CardBody, CardHead } from "@/components/ui/card";
import { cx } from "@/components/ui/cx";
import { formatInstant, formatNumber, zoneName } from "@/components/ui/format";
import { Segmented } from "@/components/ui/segmented";
import { CellMark } from "@/components/ui/state";
import { useShownZone } from "@/components/ui/zone";
import type { CellState, GridView, JobGrid as JobGridData } from "@/lib/jobs/grid";
import { RetryDialog } from "../tasks/retry-dialog";
import type { TaskVerbs } from "../tasks/task-actions";
import { BackfillPanel, type BackfillVerbs } from "./backfill-panel";
import { cellLooks, cellStates } from "./cell-look";
import { JobGrid } from "./job-grid";
import { cellsIn, rangesIn, type Selection } from "./selection";

/** The grid with its legend (which dims the other states), its scale, and the way to earlier and later rows. */
export function JobGridCard(
  props: TaskVerbs &
    BackfillVerbs & {
      jobId: string;
      grid: JobGridData;
      olderHref: string | null;
      newerHref: string | null;
      canOperate: boolean;
    },
) {
  const { jobId, grid, olderHref, newerHref, canOperate } = props;
  const [isPlanning, setPlanning] = useState(false);
  const [selection, setSelection] = useState<Selection | null>(null);
  const [only, setOnly] = useState<CellState | null>(null);
  // What is selected holds the page's refresh: it ends with what was done, so that the work can be watched.
  const clear = () => {
    setSelection(null);
    setPlanning(false);
  };
  const zone = useShownZone(grid.timezone);
  const firstKey = grid.rows.at(-1)?.key ?? "";
  const lastKey = grid.rows[0]?.key ?? "";
  const range = selection ? spanOf(grid, selection) : null;
  return (
    <div className={isPlanning && range ? "jg" : undefined}>
      <div className="stack">
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
        {selection && (
          <SelectionBar
            jobId={jobId}
            grid={grid}
            selection={selection}
            canOperate={canOperate}
            isPlanning={isPlanning}
            onBackfill={() => setPlanning(!isPlanning)}
            retry={props.retry}
            onClear={clear}
          />
        )}
      </div>
      {isPlanning && range && (
        <BackfillPanel
          jobId={jobId}
          timezone={grid.timezone}
          {...range}
          plan={props.plan}
          start={props.start}
          onClose={() => setPlanning(false)}
          onStarted={clear}
        />
      )}
    </div>
  );
}

/** What is selected, and what can be done with it. */
function SelectionBar(
  props: Pick<TaskVerbs, "retry"> & {
    jobId: string;
    grid: JobGridData;
    selection: Selection;
    canOperate: boolean;
    isPlanning: boolean;
    onBackfill: () => void;
    onClear: () => void;
  },
) {
  const { jobId, grid, selection, canOperate, isPlanning, onBackfill, onClear, retry } = props;
  const [isRetrying, setRetrying] = useState(false);
  const cells = cellsIn(grid, selection);
  const span = spanOf(grid, selection);
  const sum = (pick: (cell: (typeof cells)[number]) => number) => cells.reduce((total, cell) => total + pick(cell), 0);
  const failed = sum((cell) => cell.failedCount);
  return (
    <div className="abar" role="toolbar" aria-label="Selected intervals" data-holds-refresh="">
      <div className="info">
        <b className="strong">{formatNumber(sum((cell) => cell.taskCount))} tasks</b>
        <span>
          {formatNumber(failed)} failed, {formatNumber(sum((cell) => cell.readingsPresent))} of{" "}
          {formatNumber(sum((cell) => cell.readingsExpected))} readings
        </span>
      </div>
      {span && (
        <LinkButton variant="quiet" icon="task" href={`/tasks?job=${jobId}&from=${span.from}&to=${span.to}`}>
          Tasks
        </LinkButton>
      )}
      {canOperate && span && failed > 0 && (
        <Button variant="quiet" icon="retry" onClick={() => setRetrying(true)}>
          Retry {formatNumber(failed)}
        </Button>
      )}
      {canOperate && span && (
        <Button icon="upload" on={isPlanning} aria-pressed={isPlanning} onClick={onBackfill}>
          Backfill
        </Button>
      )}
      {isRetrying && (
        <RetryDialog
          orders={rangesIn(grid, selection).map((range) => ({ filter: { jobId, ...range, state: ["failed"] } }))}
          force={false}
          retry={retry}
          onClose={() => setRetrying(false)}
          onDone={onClear}
        />
      )}
      <IconButton icon="close" label="Clear the selection" onClick={onClear} />
    </div>
  );
}

/** From the first to the last selected instant; null where only skipped hours are selected. */
function spanOf(grid: JobGridData, selection: Selection): { from: string; to: string } | null {
  const ranges = rangesIn(grid, selection);
  const from = ranges[0]?.from;
  const to = ranges.at(-1)?.to;
  return from && to ? { from, to } : null;
}

function Step({ href, icon, label }: { href: string | null; icon: "left" | "right"; label: string }) {
  return href ? (
    <LinkButton small icon={icon} href={href} aria-label={label} scroll={false} />
  ) : (
    <Button small icon={icon} disabled aria-label={label} />
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
