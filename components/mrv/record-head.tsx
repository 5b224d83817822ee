import Link from "next/link";
import type { ReactNode } from "react";
import { Did } from "@/components/devices/device-table";
import { Tag } from "@/components/ui/tag";
import type { RecordSummary } from "@/lib/mrv/schemas";
import { PeriodHours, PeriodName } from "./period-name";
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
          <span>
            <span>
              <PeriodName from={record.periodStart} to={record.periodEnd} zone={record.timezone} />,{" "}
              <PeriodHours from={record.periodStart} to={record.periodEnd} zone={record.timezone} />
            </span>
          </span>
          <DeviceOf record={record} />
          <RestatedMark record={record} />
        </div>
      </div>
      {end}
    </div>
  );
}

/** The device of a record with its DID, side by side in a state line. */
export function DeviceOf({ record }: { record: RecordSummary }) {
  const { deviceId, deviceName, did } = record;
  return (
    <>
      <Link className="link" href={`/devices/${deviceId}`}>
        {deviceName}
      </Link>
      <Did did={did} of={deviceName} />
    </>
  );
}
