"use client";

import Link from "next/link";
import { type Column, DataTable } from "@/components/ui/data-table";
import { State } from "@/components/ui/state";
import { Tag } from "@/components/ui/tag";
import { Age } from "@/components/ui/time";
import type { RecordSummary } from "@/lib/mrv/schemas";
import { checkWords } from "./check-words";
import { PeriodName } from "./period-name";
import { RecordStatusMark, RestatedMark } from "./record-status";
import { decimalWords, percentWords } from "./record-words";

/** One page of records, newest first. `hidden`: columns that the place says already. */
export function RecordTable({ records, hidden }: { records: readonly RecordSummary[]; hidden?: readonly string[] }) {
  return <DataTable label="MRV records" columns={columns} rows={records} hidden={hidden} twoLines />;
}

const columns: readonly Column<RecordSummary>[] = [
  {
    id: "period",
    header: "Period and meter",
    list: 1,
    cell: ({ id, periodStart, periodEnd, timezone, meterName, metric }) => (
      <Link className="two" href={`/mrv/records/${id}`}>
        <b>
          <PeriodName from={periodStart} to={periodEnd} zone={timezone} />
        </b>
        <span title={meterName}>
          {meterName}, {metric}
        </span>
      </Link>
    ),
  },
  {
    id: "device",
    header: "Device",
    drop: 2,
    cell: ({ deviceId, deviceName }) => (
      <Link className="q" href={`/devices/${deviceId}`}>
        {deviceName}
      </Link>
    ),
  },
  {
    id: "value",
    header: "Figure",
    right: true,
    list: 3,
    cell: ({ value, unit }) =>
      value === null ? (
        <span className="qq">none</span>
      ) : (
        <span title={`${decimalWords(value)} ${unit}`}>
          {decimalWords(value, 3)} <span className="qq">{unit}</span>
        </span>
      ),
  },
  {
    id: "coverage",
    header: "Coverage, %",
    right: true,
    drop: 1,
    cell: ({ coverage }) => percentWords(coverage),
  },
  {
    id: "checks",
    header: "Checks",
    drop: 0,
    cell: (record) => {
      const words = checkWords(record, { short: true });
      if (words === null) return <span className="qq">not run</span>;
      return (
        <span title={checkWords(record) ?? undefined}>
          <State state={record.checksFailed > 0 ? "failed" : "succeeded"}>{words}</State>
        </span>
      );
    },
  },
  {
    id: "status",
    header: "Status",
    list: 2,
    cell: (record) => (
      <span className="row">
        <RecordStatusMark record={record} ink />
        {record.correction > 0 && <Tag>correction {record.correction}</Tag>}
      </span>
    ),
  },
  {
    id: "since",
    header: "Since",
    drop: 3,
    list: 3,
    cell: (record) => (
      <span className="row">
        <RestatedMark record={record} />
        <span className="q">
          {record.decidedByName && `${record.decidedByName}, `}
          <Age at={record.submittedAt ?? record.decidedAt ?? record.createdAt} zone={record.timezone} />
        </span>
      </span>
    ),
  },
];
