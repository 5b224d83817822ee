"use client";

import { formatInstant, zoneName } from "../ui/format";
import { useZones } from "../ui/zone";

/** Interval in the shown zone, and in the other two. `civil`: a day or month of the meter's zone, which names it. */
export function TipHead(props: { start: number; end: number; meterZone?: string; civil?: boolean }) {
  const { start, end, meterZone, civil } = props;
  const { mode, siteZone, myZone } = useZones();
  const zones = { site: meterZone ?? siteZone, utc: "UTC", mine: myZone };
  const shown = civil ? zones.site : zones[mode];
  const from = new Date(start);
  const to = new Date(end);
  const others = [...new Set(Object.values(zones))].filter((zone) => zone !== shown);
  const isMonth = end - start >= 27 * 86_400_000;
  const isDay = end - start >= 82_800_000;
  return (
    <>
      <p className="hd4">
        {isDay
          ? formatInstant(from, shown, "full-date")
              .split(" ")
              .slice(isMonth ? 2 : 0)
              .join(" ")
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
