"use client";

import { isWholeDays } from "@/components/tasks/interval-words";
import { formatInstant, zoneName } from "@/components/ui/format";
import { Time } from "@/components/ui/time";
import { useShownZone } from "@/components/ui/zone";
import { periodWords } from "./record-words";

/** A record's period by name, in the zone the viewer chose. */
export function PeriodName(props: { from: string | Date; to: string | Date; zone: string; short?: boolean }) {
  const zone = useShownZone(props.zone);
  const [from, to] = [new Date(props.from), new Date(props.to)];
  return (
    <time className="nw" dateTime={from.toISOString()}>
      {periodWords(from, to, zone, { short: props.short })}
    </time>
  );
}

const LONGEST_DAY_MS = 25 * 3_600_000;

/** What the name leaves open, with the zone: the hours of a day, the first and last instant of more, the day of some hours. */
export function PeriodHours(props: { from: string | Date; to: string | Date; zone: string }) {
  const zone = useShownZone(props.zone);
  const [from, to] = [new Date(props.from), new Date(props.to)];
  if (!isWholeDays(from, to, zone)) return `${formatInstant(from, zone, "full-date")} ${zoneName(zone, from)}`;
  const isDay = to.getTime() - from.getTime() <= LONGEST_DAY_MS;
  return <Time at={from} until={to} zone={props.zone} style={isDay ? "time" : "date-time"} named />;
}
