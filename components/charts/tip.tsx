"use client";

import { formatInstant, zoneName } from "../ui/format";
import { useZones } from "../ui/zone";

/** Interval in the shown zone, and in the other two. */
export function TipHead({ start, end, meterZone }: { start: number; end: number; meterZone?: string }) {
  const { mode, siteZone, myZone } = useZones();
  const zones = { site: meterZone ?? siteZone, utc: "UTC", mine: myZone };
  const shown = zones[mode];
  const from = new Date(start);
  const to = new Date(end);
  const others = [...new Set(Object.values(zones))].filter((zone) => zone !== shown);
  const isDays = end - start >= 82_800_000;
  return (
    <>
      <p className="hd4">
        {isDays
          ? formatInstant(from, shown, "full-date")
          : `${formatInstant(from, shown, "full-date").replace(/ \d{4}$/, "")}, ${formatInstant(from, shown, "time")} to ${endTime(to, shown)}`}
      </p>
      <p className="z">
        {[shown, ...others].map((zone, index) => (
          <span key={zone}>
            {index > 0 && ", "}
            {index === 0 ? zoneName(zone, from) : `${formatInstant(from, zone, "date-time")} ${zoneName(zone, from)}`}
          </span>
        ))}
      </p>
    </>
  );
}

function endTime(at: Date, zone: string): string {
  const time = formatInstant(at, zone, "time");
  return time === "00:00" ? "24:00" : time;
}
