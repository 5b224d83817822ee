"use client";

import { useRouter } from "next/navigation";
import { useMemo, useState } from "react";
import { type Key, useKeys } from "@/components/shell/keys";
import { Button, IconButton, LinkButton } from "@/components/ui/button";
import { formatNumber } from "@/components/ui/format";
import type { TaskState } from "@/lib/db/schema/tasks";
import type { CellState, GridCell, JobGrid } from "@/lib/jobs/grid";
import { BulkDialog } from "../../tasks/bulk-dialog";
import { forceWords } from "../../tasks/bulk-words";
import type { TaskVerbs } from "../../tasks/task-actions";
import { cellLooks, cellStates } from "./cell-look";
import { cellsIn, rangesIn, type Selection } from "./selection";

type BulkKind = "retry" | "force" | "cancel";

/** The tasks each of them means. */
const wanted: Record<BulkKind, readonly TaskState[]> = {
  retry: ["failed"],
  force: ["succeeded", "failed", "cancelled", "waiting"],
  cancel: ["pending", "queued", "running", "waiting"],
};

/** What an MRV task can be made again of: what its record became is decided on the record. */
const extractable: ReadonlySet<CellState> = new Set(["failed", "waiting", "cancelled"]);

/** What is selected, and what can be done with it: by button or by key. */
export function SelectionBar(
  props: TaskVerbs & {
    jobId: string;
    grid: JobGrid;
    selection: Selection;
    canOperate: boolean;
    isPlanning: boolean;
    hrefOf: (cell: GridCell) => string | null;
    onBackfill: () => void;
    onClear: () => void;
  },
) {
  const { jobId, grid, selection, canOperate, isPlanning, hrefOf, onBackfill, onClear, retry, cancel } = props;
  const router = useRouter();
  const [kind, setKind] = useState<BulkKind | null>(null);
  const cells = useMemo(() => cellsIn(grid, selection), [grid, selection]);
  const ranges = useMemo(() => rangesIn(grid, selection), [grid, selection]);
  const sum = (pick: (cell: GridCell) => number) => cells.reduce((total, cell) => total + pick(cell), 0);
  const tasks = sum((cell) => cell.taskCount);
  const failed = sum((cell) => cell.failedCount);
  const open = sum((cell) => cell.openCount);
  const canForce = grid.type === "mrv" ? cells.some(({ state }) => extractable.has(state)) : tasks - open > 0;
  const only = cells.length === 1 ? cells[0] : undefined;
  const href = only ? hrefOf(only) : null;

  const keys = useMemo<readonly Key[]>(() => {
    if (!canOperate || kind !== null) return [];
    return [
      { key: "r", label: "Retry what failed", run: failed > 0 ? () => setKind("retry") : undefined },
      { key: "f", label: forceWords[grid.type].key, run: canForce ? () => setKind("force") : undefined },
      { key: "c", label: "Cancel what is not finished", run: open > 0 ? () => setKind("cancel") : undefined },
      { key: "b", label: "Backfill", run: onBackfill },
    ];
  }, [canOperate, kind, failed, canForce, open, onBackfill, grid.type]);
  useKeys("Selection", keys);

  return (
    <div className="abar" role="toolbar" aria-label="Selected intervals" data-holds-refresh="">
      <div className="info">
        <b className="strong">{intervalWords(grid, cells)}</b>
        <span>{stateWords(cells) || "Nothing was due here"}</span>
      </div>
      {href && (
        <LinkButton variant="quiet" icon="task" href={href}>
          Open
        </LinkButton>
      )}
      {canOperate && (
        <>
          <Button variant="quiet" icon="retry" keyHint="R" disabled={failed === 0} onClick={() => setKind("retry")}>
            Retry{failed > 0 && ` ${formatNumber(failed)}`}
          </Button>
          <Button variant="quiet" icon="bolt" keyHint="F" disabled={!canForce} onClick={() => setKind("force")}>
            {forceWords[grid.type].button}
          </Button>
          <Button variant="quiet" icon="close" keyHint="C" disabled={open === 0} onClick={() => setKind("cancel")}>
            Cancel{open > 0 && ` ${formatNumber(open)}`}
          </Button>
          <Button icon="upload" keyHint="B" on={isPlanning} aria-pressed={isPlanning} onClick={onBackfill}>
            Backfill
          </Button>
        </>
      )}
      <IconButton icon="close" label="Let go of the selection" className="let-go" onClick={onClear} />
      {kind && (
        <BulkDialog
          verb={kind === "cancel" ? "cancel" : "retry"}
          forces={kind === "force" && grid.type === "etl"}
          selection={{ filter: { jobId, ranges, state: wanted[kind] } }}
          retry={retry}
          cancel={cancel}
          onClose={() => setKind(null)}
          onDone={() => {
            setKind(null);
            onClear();
            router.refresh();
          }}
        />
      )}
    </div>
  );
}

/** `24 intervals`; where a cell holds several, `24 hours, 288 tasks`. */
function intervalWords(grid: JobGrid, cells: readonly GridCell[]): string {
  const shown = cells.filter((cell) => !cell.isContinued && cell.state !== "none");
  const tasks = shown.reduce((total, cell) => total + cell.taskCount, 0);
  const count = (value: number, one: string) => `${formatNumber(value)} ${one}${value === 1 ? "" : "s"}`;
  if (shown.every((cell) => cell.taskCount <= 1)) return count(shown.length, "interval");
  return `${count(shown.length, grid.view === "hours" ? "hour" : "day")}, ${count(tasks, "task")}`;
}

/** `9 failed, 6 no data from vendor, 9 succeeded`: what needs looking at first. */
function stateWords(cells: readonly GridCell[]): string {
  const counts = new Map<CellState, number>();
  for (const cell of cells) {
    if (!cell.isContinued && cell.state !== "none") counts.set(cell.state, (counts.get(cell.state) ?? 0) + 1);
  }
  const order: CellState[] = ["failed", "quota", "waiting", "no-data", "partial"];
  const rest = cellStates.filter((state) => !order.includes(state));
  return [...order, ...rest]
    .flatMap((state) => {
      const count = counts.get(state);
      return count ? [`${formatNumber(count)} ${cellLooks[state].word.toLowerCase().replace(" from vendor", "")}`] : [];
    })
    .join(", ");
}
