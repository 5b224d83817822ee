"use client";

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
