import type { Explored } from "@/lib/readings/explored";

/** The call that answers what the page shows: meters, metrics, range, granularity, and the zone its days are cut by. */
export function apiPath(
  { metrics, range, granularity, zone }: Pick<Explored, "metrics" | "range" | "granularity" | "zone">,
  meterIds: readonly string[],
): string {
  const params = new URLSearchParams(meterIds.map((id) => ["meterId", id]));
  params.set("metrics", metrics.map(({ name }) => name).join(","));
  params.set("from", range.from);
  params.set("to", range.to);
  params.set("granularity", granularity);
  params.set("timezone", zone);
  params.set("format", "csv");
  return `/api/v1/meter-data?${params.toString().replaceAll("%3A", ":").replaceAll("%2C", ",").replaceAll("%2F", "/")}`;
}
