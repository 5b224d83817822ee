import type { Metadata } from "next";
import { createLoader, parseAsString, type SearchParams } from "nuqs/server";
import { Suspense } from "react";
import { ActivityView } from "@/components/activity/activity-view";
import { ChainMark } from "@/components/activity/chain-mark";
import { PageHeader } from "@/components/ui/page-header";
import { State } from "@/components/ui/state";
import { activityFacets, namesOfMeters } from "@/lib/audit/activity";
import { listAuditLog } from "@/lib/audit/queries";
import { recentChainCheck } from "@/lib/audit/recent-check";
import { requireActor } from "@/lib/auth/session";
import { getDb } from "@/lib/runtime";

export const metadata: Metadata = { title: "Activity" };

const loadQuery = createLoader({
  actor: parseAsString,
  type: parseAsString,
  object: parseAsString,
  cursor: parseAsString,
});

export default async function ActivityPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const actor = await requireActor();
  const ctx = { db: getDb(), actor };
  const query = await loadQuery(searchParams);
  const [page, facets] = await Promise.all([
    listAuditLog(ctx, {
      actorId: query.actor ?? undefined,
      objectType: query.type ?? undefined,
      objectId: query.object ?? undefined,
      cursor: query.cursor ?? undefined,
      limit: 50,
    }),
    activityFacets(ctx),
  ]);
  const names = await namesOfMeters(
    ctx,
    page.items.map(({ meterId }) => meterId),
  );
  return (
    <>
      <PageHeader
        title="Activity"
        state={
          <Suspense fallback={<State state="running">Checking the chain…</State>}>
            <Chain />
          </Suspense>
        }
      />
      <ActivityView
        rows={page.items.map((row) => ({ ...row, id: String(row.seq), meterName: names[row.meterId ?? ""] ?? null }))}
        facets={facets}
        nextCursor={page.nextCursor}
      />
    </>
  );
}

/** Comes after the rows: recomputing a long log takes seconds. */
async function Chain() {
  return <ChainMark check={await recentChainCheck(getDb())} />;
}
