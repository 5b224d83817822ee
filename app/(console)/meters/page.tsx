import type { Metadata } from "next";
import { createLoader, parseAsInteger, parseAsString, parseAsStringLiteral, type SearchParams } from "nuqs/server";
import { FleetView } from "@/components/meters/fleet-view";
import { MeterStateMark } from "@/components/meters/meter-state";
import { Live } from "@/components/shell/live";
import { LinkButton } from "@/components/ui/button";
import { PageHeader } from "@/components/ui/page-header";
import { can } from "@/lib/auth/actor";
import { requireActor } from "@/lib/auth/session";
import { fleetList } from "@/lib/fleet/fleet-list";
import { fleetPageSize, fleetSorts } from "@/lib/fleet/fleet-row";
import { meterStates } from "@/lib/fleet/meter-states";
import { getDb } from "@/lib/runtime";

export const metadata: Metadata = { title: "Meters" };

const loadQuery = createLoader({
  q: parseAsString.withDefault(""),
  type: parseAsString,
  state: parseAsStringLiteral(meterStates),
  region: parseAsString,
  sort: parseAsStringLiteral(fleetSorts).withDefault("name"),
  dir: parseAsStringLiteral(["asc", "desc"]).withDefault("asc"),
  page: parseAsInteger.withDefault(1),
});

export default async function MetersPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const actor = await requireActor();
  const query = await loadQuery(searchParams);
  const list = await fleetList(
    { db: getDb(), actor },
    {
      search: query.q,
      types: query.type ? [query.type] : [],
      states: query.state ? [query.state] : [],
      regions: query.region ? [query.region] : [],
      sort: query.sort,
      descending: query.dir === "desc",
      page: query.page,
      pageSize: fleetPageSize,
    },
  );
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
          canEdit && (
            <LinkButton href="/meters/new" variant="primary" icon="plus">
              Add meter
            </LinkButton>
          )
        }
      />
      <FleetView list={list} canEdit={canEdit} />
      <Live seconds={15} />
    </>
  );
}
