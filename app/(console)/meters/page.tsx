import type { Metadata } from "next";
import { cookies } from "next/headers";
import { createLoader, type SearchParams } from "nuqs/server";
import { ExportButton } from "@/components/meters/export-button";
import { fleetQuery, parseViews } from "@/components/meters/fleet-query";
import { FleetView } from "@/components/meters/fleet-view";
import { FleetViews } from "@/components/meters/fleet-views";
import { MeterStateMark } from "@/components/meters/meter-state";
import { Live } from "@/components/shell/live";
import { LinkButton } from "@/components/ui/button";
import { PageHeader } from "@/components/ui/page-header";
import { preferences } from "@/components/ui/remember";
import { can } from "@/lib/auth/actor";
import { requireActor } from "@/lib/auth/session";
import { fleetList } from "@/lib/fleet/fleet-list";
import { fleetPageSize } from "@/lib/fleet/fleet-row";
import { meterStates } from "@/lib/fleet/meter-states";
import { getDb } from "@/lib/runtime";
import { exportFleetAction } from "./actions";

export const metadata: Metadata = { title: "Meters" };

const loadQuery = createLoader(fleetQuery);

export default async function MetersPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const actor = await requireActor();
  const [query, jar] = await Promise.all([loadQuery(searchParams), cookies()]);
  const filter = {
    search: query.q,
    types: query.type ? [query.type] : [],
    states: query.state,
    regions: query.region ? [query.region] : [],
    hasFindings: query.findings,
    sort: query.sort,
    descending: query.dir === "desc",
  };
  const list = await fleetList({ db: getDb(), actor }, { ...filter, page: query.page, pageSize: fleetPageSize });
  const canEdit = can(actor, "meters:edit");
  return (
    <>
      <PageHeader
        title="Meters"
        state={meterStates.map((state) => {
          const count = list.countsByState[state];
          return count ? <MeterStateMark key={state} state={state} count={count} /> : null;
        })}
        actions={
          <>
            {list.total > 0 && <ExportButton filter={filter} exportCsv={exportFleetAction} />}
            {canEdit && (
              <LinkButton href="/meters/new" variant="primary" icon="plus">
                Add meter
              </LinkButton>
            )}
          </>
        }
      />
      <FleetViews list={list} saved={parseViews(jar.get(preferences["meter-views"])?.value)} />
      <FleetView
        list={list}
        canEdit={canEdit}
        initiallyHidden={(jar.get(preferences["meter-columns"])?.value ?? "region").split(",")}
      />
      <Live seconds={15} />
    </>
  );
}
