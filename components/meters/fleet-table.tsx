"use client";

import Link from "next/link";
import { useMemo } from "react";
import { type Column, DataTable, type Sort } from "@/components/ui/data-table";
import { formatInstant } from "@/components/ui/format";
import { Num } from "@/components/ui/num";
import { Strip } from "@/components/ui/strip";
import { Age, Time } from "@/components/ui/time";
import type { FleetRow } from "@/lib/fleet/fleet-row";
import { MeterStateMark } from "./meter-state";
import { sourceWords } from "./source-words";

/** The meters, with where each stands and 30 days of coverage; sorted by the server, as the URL says. */
export function FleetTable(props: {
  rows: FleetRow[];
  sort: Sort;
  onSort: (sort: Sort) => void;
  hidden: readonly string[];
  selected: ReadonlySet<string>;
  onSelect: (ids: Set<string>) => void;
}) {
  const { rows, ...rest } = props;
  const strip = rows[0]?.strip ?? [];
  const days = `${dayWords(strip[0]?.day)} to ${dayWords(strip.at(-1)?.day)}`;
  const shown = useMemo(
    () => columns.map((column) => (column.id === "strip" ? { ...column, header: `Coverage, ${days}` } : column)),
    [days],
  );
  return <DataTable {...rest} label="Meters" columns={shown} rows={rows} rowLabel={(row) => row.name} twoLines />;
}

/** Columns that can be taken away. */
export const fleetColumns = [
  { id: "source", name: "Source" },
  { id: "device", name: "Device" },
  { id: "region", name: "Region" },
  { id: "newest", name: "Newest reading" },
  { id: "strip", name: "Coverage of 30 days" },
  { id: "coverage", name: "Coverage in %" },
  { id: "findings", name: "Findings" },
] as const;

/** `22 Nov` of `2026-11-22`. */
function dayWords(day: string | undefined): string {
  return day ? formatInstant(new Date(`${day}T00:00:00Z`), "UTC", "date") : "";
}

const columns: readonly Column<FleetRow>[] = [
  {
    id: "name",
    header: "Meter",
    list: 1,
    sortValue: (row) => row.name,
    cell: (row) => (
      <Link className="two" href={`/meters/${row.id}`}>
        <b>{row.name}</b>
        <span className="mono">{row.sourceId}</span>
      </Link>
    ),
  },
  {
    id: "source",
    header: "Source",
    drop: 2,
    cell: (row) => (
      <span className="two">
        {row.type}
        <span>{sourceWords[row.dataSourceType]}</span>
      </span>
    ),
  },
  {
    id: "device",
    header: "Device",
    drop: 3,
    cell: ({ device }) =>
      device ? (
        <Link className="link" href={`/devices/${device.id}`}>
          {device.name}
        </Link>
      ) : (
        <span className="qq">none</span>
      ),
  },
  {
    id: "region",
    header: "Region",
    drop: 3,
    cell: (row) => (
      <span className="two">
        {row.region ?? <span className="q">none</span>}
        <span>{row.timezone}</span>
      </span>
    ),
  },
  {
    id: "state",
    header: "State",
    list: 2,
    sortValue: (row) => row.state,
    cell: (row) => <MeterStateMark state={row.state} />,
  },
  {
    id: "newest",
    header: "Newest reading",
    drop: 1,
    sortValue: (row) => row.newestReadingAt,
    cell: (row) => <Newest row={row} />,
  },
  {
    id: "strip",
    header: "Coverage",
    list: 3,
    cell: (row) => (
      <>
        <span className="mrow">
          <Newest row={row} inline />
          <span>
            {row.coverage === null ? "nothing due" : <Num value={row.coverage * 100} decimals={2} unit="%" />}
          </span>
        </span>
        <Strip days={row.strip.map(({ day, share }) => ({ day, coverage: share }))} />
      </>
    ),
  },
  {
    id: "coverage",
    header: "%",
    right: true,
    drop: 0,
    cell: (row) => <Num value={row.coverage === null ? null : row.coverage * 100} decimals={2} />,
  },
  {
    id: "findings",
    header: "Findings",
    right: true,
    drop: 1,
    cell: (row) =>
      row.findings > 0 ? (
        <Link className="link" href={`/meters/${row.id}?tab=findings`}>
          <Num value={row.findings} decimals={0} />
        </Link>
      ) : (
        <span className="qq">0</span>
      ),
  },
];

function Newest({ row, inline }: { row: FleetRow; inline?: boolean }) {
  if (!row.newestReadingAt) return <span className="qq">none yet</span>;
  const time = <Time at={row.newestReadingAt} zone={row.timezone} style="date-time" />;
  const age = row.state === "paused" ? "paused" : <Age at={row.newestReadingAt} zone={row.timezone} />;
  if (inline) {
    return (
      <span>
        {time}, {age}
      </span>
    );
  }
  return (
    <span className="two">
      {time}
      <span>{age}</span>
    </span>
  );
}
