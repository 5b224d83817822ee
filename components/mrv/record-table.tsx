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
      <Link className="one of q" href={`/devices/${deviceId}`} title={deviceName}>
        {deviceName}
      </Link>
    ),
  },
  {
    id: "value",
    header: "Figure",
    right: true,
    cell: (record) => <Figure record={record} />,
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
      const failed = record.checksFailed;
      const words = failed > 0 ? `${failed} failed` : checkWords(record, { short: true });
      if (words === null) return <span className="qq">not run</span>;
      return (
        <span title={checkWords(record) ?? undefined}>
          <State state={failed > 0 ? "failed" : "succeeded"}>{words}</State>
        </span>
      );
    },
  },
  {
    id: "status",
    header: "Status",
    list: 2,
    cell: (record) => (
      <>
        <span className="row">
          <RecordStatusMark record={record} ink />
          {record.correction > 0 && <Tag>correction {record.correction}</Tag>}
        </span>
        <RestatedMark record={record} />
      </>
    ),
  },
  {
    id: "since",
    header: "Since",
    drop: 3,
    list: 3,
    cell: (record) => (
      <>
        <span className="m-only">
          <Figure record={record} />,{" "}
        </span>
        <span className="q">
          <Age at={record.submittedAt ?? record.decidedAt ?? record.createdAt} zone={record.timezone} />
          {record.decidedByName && (
            <>
              <span className="m-only">, </span>
              <span className="by">{record.decidedByName}</span>
            </>
          )}
        </span>
      </>
    ),
  },
];

function Figure({ record: { value, unit } }: { record: RecordSummary }) {
  if (value === null) return <span className="qq">none</span>;
  return (
    <span title={`${decimalWords(value)} ${unit}`}>
      {decimalWords(value, 3)} <span className="qq">{unit}</span>
    </span>
  );
}
