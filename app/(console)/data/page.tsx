import type { Metadata } from "next";
import { createLoader, type SearchParams } from "nuqs/server";
import { exploreQuery, MOST_METERS } from "@/components/data/explore-query";
import { Explorer } from "@/components/data/explorer";
import { NoMetersYet } from "@/components/meters/no-meters-yet";
import { Live } from "@/components/shell/live";
import { Card } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { can } from "@/lib/auth/actor";
import { requireActor } from "@/lib/auth/session";
import { connectorOf } from "@/lib/connectors/registry";
import { listMeters } from "@/lib/meters/queries";
import { defaultGranularity, isFineEnough, rangeOf } from "@/lib/readings/explore-ranges";
import { explored } from "@/lib/readings/explored";
import { granularities } from "@/lib/readings/granularities";
import { readableMeters } from "@/lib/readings/readable-meters";
import { getDb } from "@/lib/runtime";
import { intervalSourcesAction } from "./actions";

export const metadata: Metadata = { title: "Data" };

const loadQuery = createLoader(exploreQuery);

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
  const meters = asked.flatMap((id) => items.find((meter) => meter.id === id) ?? []).slice(0, MOST_METERS);
  const now = new Date();
  const zone = meters[0]?.timezone ?? "UTC";
  const range = rangeOf({ preset: query.range, from: query.from, to: query.to }, zone, now);
  const readable = await readableMeters(
    ctx,
    meters.map(({ id }) => id),
  );
  const resolutions = readable.map(({ resolutionSeconds: each }) => each);
  const resolutionSeconds = resolutions.length > 0 ? Math.min(...resolutions) : 300;
  const fine = granularities.filter((each) => isFineEnough(each, range, resolutionSeconds));
  const granularity = query.by && fine.includes(query.by) ? query.by : defaultGranularity(range);
  const shown = await explored(ctx, { meters, metrics: query.metric, range, granularity, compare: query.compare }, now);
  const known = new Set(meters.flatMap(({ type }) => connectorOf(type).metrics));
  return (
    <>
      <Explorer
        explored={shown}
        all={items.map(({ id, name }) => ({ id, name }))}
        newestReadingAt={meters[0]?.newestReadingAt?.toISOString() ?? null}
        knownMetrics={[...known, "carbonTons" as const]}
        fine={fine}
        resolutionSeconds={resolutions.every((each) => each === resolutionSeconds) ? resolutionSeconds : null}
        isPreset={range.isPreset}
        now={now.toISOString()}
        sources={intervalSourcesAction}
      />
      <Live seconds={30} />
    </>
  );
}
