import { formatInstant } from "@/components/ui/format";
import type { Granularity } from "@/lib/readings/granularities";

/** `17 to 21 Nov 2026`, `30 Oct to 3 Nov 2026`, `20 Nov 2026`; with times where it does not begin and end at midnight. */
export function rangeWords(from: Date, to: Date, zone: string): string {
  const isDays = [from, to].every((edge) => formatInstant(edge, zone, "time") === "00:00");
  if (!isDays) {
    const start = formatInstant(from, zone, "date-time");
    const isOneDay = formatInstant(from, zone, "full-date") === formatInstant(to, zone, "full-date");
    return `${start} to ${formatInstant(to, zone, isOneDay ? "time" : "date-time")}`;
  }
  const first = partsOf(from, zone);
  const last = partsOf(new Date(to.getTime() - 1), zone);
  const end = `${last.day} ${last.month} ${last.year}`;
  if (first.year !== last.year) return `${first.day} ${first.month} ${first.year} to ${end}`;
  if (first.month !== last.month) return `${first.day} ${first.month} to ${end}`;
  return first.day === last.day ? end : `${first.day} to ${end}`;
}

function partsOf(at: Date, zone: string) {
  const [, day = "", month = "", year = ""] = formatInstant(at, zone, "full-date").split(" ");
  return { day, month, year };
}

/** `half hour`, for `Energy by half hour` and `240 half hours`. */
export function intervalWord(granularity: Granularity, count = 1): string {
  const words = { raw: "reading", PT30M: "half hour", PT1H: "hour", P1D: "day", P1M: "month" };
  return count === 1 ? words[granularity] : `${words[granularity]}s`;
}
