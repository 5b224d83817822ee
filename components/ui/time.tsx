"use client";

import { formatAge, formatInstant, type TimeStyle, zoneName } from "./format";
import { Tooltip } from "./tooltip";
import { useNow, useShownZone, useZones } from "./zone";

/**
 * An instant in the zone the viewer chose (site, UTC, mine), the other two in its tooltip. `zone`: the meter's. `range`:
 * until when, written after an en dash's word: `13:00 to 14:00`. `named` writes the zone behind it: do so once a list.
 */
export function Time(props: {
  at: Date | string;
  zone?: string;
  style?: TimeStyle;
  until?: Date | string;
  named?: boolean;
  /** Seconds behind `date-time`: `22 Nov 16:42:08`. */
  seconds?: boolean;
}) {
  const { style = "date-time", named, seconds } = props;
  const at = new Date(props.at);
  const zone = useShownZone(props.zone);
  const until = props.until === undefined ? undefined : new Date(props.until);
  return (
    <Tooltip content={<Zones at={at} meterZone={props.zone} />}>
      <time className="tt nw" dateTime={at.toISOString()}>
        {formatInstant(at, zone, style)}
        {seconds && formatInstant(at, zone, "seconds").slice(5)}
        {until && ` to ${untilWords(at, until, zone, style)}`}
        {named && ` ${zoneName(zone, at)}`}
      </time>
    </Tooltip>
  );
}

/** `7 min ago`, counting on; the instant in its tooltip. */
export function Age({ at, zone }: { at: Date | string; zone?: string }) {
  const instant = new Date(at);
  const now = useNow(5);
  return (
    <Tooltip content={<Zones at={instant} meterZone={zone} />}>
      <time className="tt nw" dateTime={instant.toISOString()}>
        {formatAge(instant, now)}
      </time>
    </Tooltip>
  );
}

/** Site, UTC and mine of one instant. */
function Zones({ at, meterZone }: { at: Date; meterZone?: string }) {
  const { siteZone, myZone } = useZones();
  const site = meterZone ?? siteZone;
  const lines = [
    { name: "Site", zone: site },
    { name: "UTC", zone: "UTC" },
    { name: "Mine", zone: myZone },
  ];
  return (
    <dl>
      {lines.map((line) => (
        <div key={line.name} className="contents">
          <dt>{line.name}</dt>
          <dd>
            {formatInstant(at, line.zone, "full")} {zoneName(line.zone, at)}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** The end of a day is its 24:00, not the 00:00 of another. */
function untilWords(at: Date, until: Date, zone: string, style: TimeStyle): string {
  if (!sameDay(at, new Date(until.getTime() - 1), zone)) return formatInstant(until, zone, style);
  const time = formatInstant(until, zone, "time");
  return time === "00:00" ? "24:00" : time;
}

function sameDay(a: Date, b: Date, zone: string): boolean {
  return formatInstant(a, zone, "full-date") === formatInstant(b, zone, "full-date");
}
