import Link from "next/link";
import type { ReactNode } from "react";
import { Did } from "@/components/devices/device-table";
import { Tag } from "@/components/ui/tag";
import { Time } from "@/components/ui/time";
import type { RecordSummary } from "@/lib/mrv/schemas";
import { PeriodName } from "./period-name";
import { RecordBadge, RestatedMark } from "./record-status";

/** Which record it is: meter, standing, period, device. */
export function RecordHead({ record, end }: { record: RecordSummary; end?: ReactNode }) {
  return (
    <div className="rv-head">
      <div>
        <h2>
          <Link href={`/mrv/records/${record.id}`}>{record.meterName}</Link> <RecordBadge record={record} />
          {record.correction > 0 && <Tag>Correction {record.correction}</Tag>}
        </h2>
        <div className="stateline">
          <RecordLine record={record} />
          <RestatedMark record={record} />
        </div>
      </div>
      {end}
    </div>
  );
}

/** Period and device of a record, side by side in a state line. */
export function RecordLine({ record }: { record: RecordSummary }) {
  const { periodStart, periodEnd, timezone, deviceId, deviceName, did } = record;
  return (
    <>
      <span>
        <span>
          <PeriodName from={periodStart} to={periodEnd} zone={timezone} />,{" "}
          <Time at={periodStart} until={periodEnd} zone={timezone} named />
        </span>
      </span>
      <Link className="link" href={`/devices/${deviceId}`}>
        {deviceName}
      </Link>
      <Did did={did} of={deviceName} />
    </>
  );
}
