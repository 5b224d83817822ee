"use client";

import { formatInstant, zoneName } from "@/components/ui/format";
import { useShownZone } from "@/components/ui/zone";
import { hoursWords, intervalWords, isWholeDays } from "./interval-words";

interface Interval {
  from: string;
  to: string;
  /** The meter's. */
  zone: string;
}

/** An interval by name, in the zone the viewer chose. */
export function IntervalName({ from, to, zone: meterZone, short }: Interval & { short?: boolean }) {
  const zone = useShownZone(meterZone);
  return <time dateTime={from}>{intervalWords(new Date(from), new Date(to), zone, { short })}</time>;
}

/** What the name leaves open: the hours of a whole day, the day of some hours; with the zone. */
export function IntervalHours({ from, to, zone: meterZone }: Interval) {
  const zone = useShownZone(meterZone);
  const [start, end] = [new Date(from), new Date(to)];
  const words = isWholeDays(start, end, zone) ? hoursWords(start, end, zone) : formatInstant(start, zone, "full-date");
  return (
    <>
      {words} {zoneName(zone, start)}
    </>
  );
}
