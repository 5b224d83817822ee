import type { Metadata } from "next";
import { createLoader, parseAsArrayOf, parseAsString, parseAsStringLiteral, type SearchParams } from "nuqs/server";
import { Explorer } from "@/components/data/explorer";
import { NoMetersYet } from "@/components/meters/no-meters-yet";
import { Live } from "@/components/shell/live";
import { Card } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { can } from "@/lib/auth/actor";
import { requireActor } from "@/lib/auth/session";
import { listMeters } from "@/lib/meters/queries";
import { metricNames, metricOf } from "@/lib/metrics/registry";
import { exploreMeter } from "@/lib/readings/explore";
import { defaultGranularity, ranges } from "@/lib/readings/explore-ranges";
import { granularities } from "@/lib/readings/granularities";
import { getDb } from "@/lib/runtime";
import { addDuration, startOfDay } from "@/lib/time";

export const metadata: Metadata = { title: "Data" };

const loadQuery = createLoader({
  meters: parseAsArrayOf(parseAsString),
  metric: parseAsStringLiteral(metricNames).withDefault("eRealKwh"),
  range: parseAsStringLiteral(ranges).withDefault("P7D"),
  by: parseAsStringLiteral(granularities),
});

export default async function DataPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const actor = await requireActor();
  const ctx = { db: getDb(), actor };
  const query = await loadQuery(searchParams);
  const { items } = await listMeters(ctx, { limit: 1000 });
  if (items.length === 0) {
    return (
      <>
        <PageHeader title="Data" />
        <Card>
          <NoMetersYet canEdit={can(actor, "meters:edit")}>its readings are then drawn here.</NoMetersYet>
        </Card>
      </>
    );
  }
  const asked = query.meters ?? (items[0] ? [items[0].id] : []);
  const chosen = asked.flatMap((id) => items.find((meter) => meter.id === id) ?? []).slice(0, 6);
  const granularity = query.by ?? defaultGranularity[query.range];
  const now = new Date();
  const zone = chosen[0]?.timezone ?? "UTC";
  // Whole days of the first meter, ending with today.
  const to = addDuration(startOfDay(now, zone), "P1D", zone);
  const from = addDuration(to, `-${query.range}`, zone);
  const shown = await Promise.all(
    chosen.map(async ({ id, name, timezone }) => ({
      id,
      name,
      timezone,
      buckets: await exploreMeter(ctx, { meterId: id, timezone, metric: query.metric, from, to, granularity }),
    })),
  );
  const csv = new URLSearchParams({
    metrics: query.metric,
    from: from.toISOString(),
    to: to.toISOString(),
    granularity,
    format: "csv",
  });
  for (const { id } of chosen) csv.append("meterId", id);
  return (
    <>
      <PageHeader
        title="Data"
        actions={
          chosen.length > 0 && (
            <a className="btn p" href={`/api/v1/meter-data?${csv}`} download="readings.csv">
              Export CSV
            </a>
          )
        }
      />
      <Explorer
        shown={shown}
        all={items.map(({ id, name }) => ({ id, name }))}
        metric={{ ...metricOf(query.metric), name: query.metric }}
        range={query.range}
        granularity={granularity}
        from={from.toISOString()}
        to={to.toISOString()}
        now={now.toISOString()}
      />
      <Live seconds={30} />
    </>
  );
}
