"use client";

import {
  columnVisibilityFeature,
  createColumnHelper,
  createSortedRowModel,
  rowSelectionFeature,
  rowSortingFeature,
  tableFeatures,
  useTable,
} from "@tanstack/react-table";
import type { ReactNode } from "react";
import { useMemo, useState } from "react";
import { Checkbox } from "./choices";
import { cx } from "./cx";
import { Icon } from "./icon";

/** One column. Rows become a list below 720 px: only columns with `list` stay there. */
export interface Column<Row> {
  id: string;
  /** With the unit: `Energy, kWh`. */
  header: ReactNode;
  cell: (row: Row) => ReactNode;
  /** What a click on the head sorts by, here in the browser; with `onSort` it only marks the column as sortable. */
  sortValue?: (row: Row) => string | number | null;
  right?: boolean;
  /** CSS length. */
  width?: string;
  /** Dropped when the card gets narrow, 3 first, 0 last; absent: never. */
  drop?: 0 | 1 | 2 | 3;
  /** In the list: 1 the name, 2 at the right of it (state), 3 a line below. */
  list?: 1 | 2 | 3;
  /** Cut with an ellipsis instead of widening the table. */
  clip?: boolean;
}

export interface Sort {
  column: string;
  descending: boolean;
}

const features = tableFeatures({
  columnVisibilityFeature,
  rowSelectionFeature,
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
});

/**
 * A table of one page of rows. Keep `columns` outside the component or memoised.
 * - `sort` and `onSort`: the server sorts, the state is the caller's (the URL's). Without them the browser sorts.
 * - `selected` and `onSelect`: checkboxes; shift extends the range. Ids of rows that left the page stay selected.
 * - `hidden`: ids of columns not shown.
 * - `twoLines`: 52 px rows; `tight`: 32 px rows.
 */
export function DataTable<Row extends { id: string }>(props: {
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  sort?: Sort;
  onSort?: (sort: Sort) => void;
  selected?: ReadonlySet<string>;
  onSelect?: (ids: Set<string>) => void;
  hidden?: readonly string[];
  twoLines?: boolean;
  tight?: boolean;
  /** Said to screen readers at a row's checkbox. */
  rowLabel?: (row: Row) => string;
  /** Marks the row that is open beside the table. */
  currentId?: string | null;
}) {
  const { label, columns, rows, onSort, selected, onSelect, hidden, rowLabel, currentId } = props;
  const [ownSort, setOwnSort] = useState<Sort | undefined>(props.sort);
  const sort = onSort ? props.sort : ownSort;
  const byId = useMemo(() => new Map(columns.map((column) => [column.id, column])), [columns]);
  const definitions = useMemo(() => definitionsOf(columns), [columns]);
  const table = useTable({
    features,
    data: rows,
    columns: definitions,
    getRowId: (row: Row) => row.id,
    manualSorting: onSort !== undefined,
    enableSortingRemoval: false,
    enableRowSelection: onSelect !== undefined,
    state: {
      sorting: sort ? [{ id: sort.column, desc: sort.descending }] : [],
      rowSelection: Object.fromEntries([...(selected ?? [])].map((id) => [id, true])),
      columnVisibility: Object.fromEntries((hidden ?? []).map((id) => [id, false])),
    },
    onSortingChange: (update) => {
      const [next] = typeof update === "function" ? update(table.state.sorting) : update;
      if (next) (onSort ?? setOwnSort)({ column: next.id, descending: next.desc });
    },
    onRowSelectionChange: (update) => {
      const next = typeof update === "function" ? update(table.state.rowSelection) : update;
      onSelect?.(new Set(Object.keys(next).filter((id) => next[id])));
    },
  });
  const className = cx("tbl", props.twoLines && "x2", props.tight && "tight");

  return (
    <table className={className} aria-label={label}>
      <thead>
        {table.getHeaderGroups().map((group) => (
          <tr key={group.id}>
            {onSelect && (
              <th className="pick">
                <Checkbox
                  label="Select all on this page"
                  checked={table.getIsAllRowsSelected()}
                  mixed={table.getIsSomeRowsSelected() && !table.getIsAllRowsSelected()}
                  onChange={(checked) => table.toggleAllRowsSelected(checked)}
                />
              </th>
            )}
            {group.headers.map((header) => {
              const column = byId.get(header.column.id);
              const direction = sort?.column === header.column.id && (sort.descending ? "descending" : "ascending");
              return (
                <th
                  key={header.id}
                  className={cx(classOf(column), direction && "sort")}
                  style={column?.width === undefined ? undefined : { width: column.width }}
                  aria-sort={direction || undefined}
                >
                  {header.column.getCanSort() ? (
                    <button type="button" onClick={header.column.getToggleSortingHandler()}>
                      <table.FlexRender header={header} />
                      {direction && <Icon name={direction === "descending" ? "down" : "up"} />}
                    </button>
                  ) : (
                    <table.FlexRender header={header} />
                  )}
                </th>
              );
            })}
          </tr>
        ))}
      </thead>
      <tbody>
        {table.getRowModel().rows.map((row) => (
          <tr key={row.id} className={cx((row.getIsSelected() || row.id === currentId) && "sel") || undefined}>
            {onSelect && (
              <td className="pick">
                <Checkbox
                  label={`Select ${rowLabel?.(row.original) ?? "this row"}`}
                  checked={row.getIsSelected()}
                  onPress={row.getToggleSelectedHandler()}
                />
              </td>
            )}
            {row.getVisibleCells().map((cell) => (
              <td key={cell.id} className={classOf(byId.get(cell.column.id))}>
                <table.FlexRender cell={cell} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function definitionsOf<Row extends { id: string }>(columns: readonly Column<Row>[]) {
  const helper = createColumnHelper<typeof features, Row>();
  return helper.columns(
    columns.map((column) =>
      helper.accessor((row) => column.sortValue?.(row) ?? null, {
        id: column.id,
        header: () => column.header,
        cell: ({ row }) => column.cell(row.original),
        enableSorting: column.sortValue !== undefined,
        sortFn: (a, b) => compare(column.sortValue?.(a.original) ?? null, column.sortValue?.(b.original) ?? null),
      }),
    ),
  );
}

/** Null is below everything, so that what has no value does not hide what has. */
function compare(a: string | number | null, b: string | number | null): number {
  if (a === null || b === null) return Number(a !== null) - Number(b !== null);
  return typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b));
}

function classOf<Row>(column: Column<Row> | undefined): string | undefined {
  if (!column) return undefined;
  const drop = column.drop === undefined ? null : `p${column.drop}`;
  const list = column.list === undefined ? null : `m${column.list}`;
  return cx(column.right && "r", drop, list, column.clip && "clip") || undefined;
}
