"use client";

import { usePathname, useRouter } from "next/navigation";
import { parseAsInteger, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useTransition } from "react";
import { Card } from "@/components/ui/card";
import { FilterMenu } from "@/components/ui/chip";
import { Empty } from "@/components/ui/empty";
import { Input } from "@/components/ui/field";
import { formatNumber } from "@/components/ui/format";
import { Pager } from "@/components/ui/pager";
import { type FleetList, fleetPageSize, fleetSorts } from "@/lib/fleet/fleet-row";
import { meterStates } from "@/lib/fleet/meter-states";
import { FleetTable } from "./fleet-table";
import { meterStateWord } from "./meter-state";
import { NoMetersYet } from "./no-meters-yet";

/** Filters, table and pages of the meters page; every choice is in the URL. */
export function FleetView({ list, canEdit }: { list: FleetList; canEdit: boolean }) {
  const [isPending, startTransition] = useTransition();
  const [query, setQuery] = useQueryStates(
    {
      q: parseAsString.withDefault("").withOptions({ throttleMs: 250 }),
      type: parseAsString,
      state: parseAsStringLiteral(meterStates),
      region: parseAsString,
      sort: parseAsStringLiteral(fleetSorts).withDefault("name"),
      dir: parseAsStringLiteral(["asc", "desc"]).withDefault("asc"),
      page: parseAsInteger.withDefault(1),
    },
    { shallow: false, startTransition, history: "replace" },
  );
  const pathname = usePathname();
  const router = useRouter();
  const isFiltered = Boolean(query.q || query.type || query.state || query.region);
  const first = (query.page - 1) * fleetPageSize + 1;
  const last = first + list.rows.length - 1;
  const pageHref = (page: number) => {
    const params = new URLSearchParams(
      Object.entries(query).flatMap(([key, value]) => (value ? [[key, String(value)]] : [])),
    );
    params.set("page", String(page));
    return `${pathname}?${params}`;
  };

  return (
    <>
      <div className="filters">
        <Input
          icon="search"
          type="search"
          placeholder="Name, id or NMI"
          aria-label="Search meters"
          defaultValue={query.q}
          onChange={(event) => void setQuery({ q: event.target.value || null, page: null })}
        />
        <FilterMenu
          name="Type"
          value={query.type}
          options={list.types.map((type) => ({ value: type, label: type }))}
          onChange={(type) => void setQuery({ type, page: null })}
        />
        <FilterMenu
          name="State"
          value={query.state}
          options={meterStates.map((state) => ({ value: state, label: meterStateWord(state) }))}
          onChange={(state) => void setQuery({ state, page: null })}
        />
        <FilterMenu
          name="Region"
          value={query.region}
          options={list.regions.map((region) => ({ value: region, label: region }))}
          onChange={(region) => void setQuery({ region, page: null })}
        />
      </div>
      <Card aria-busy={isPending}>
        {list.rows.length === 0 ? (
          <NoMeters isFiltered={isFiltered} canEdit={canEdit} onClear={() => router.replace(pathname)} />
        ) : (
          <>
            <FleetTable
              rows={list.rows}
              sort={{ column: query.sort, descending: query.dir === "desc" }}
              onSort={({ column, descending }) =>
                void setQuery({
                  sort: column as (typeof fleetSorts)[number],
                  dir: descending ? "desc" : "asc",
                  page: null,
                })
              }
            />
            <Pager
              previous={query.page > 1 ? pageHref(query.page - 1) : null}
              next={last < list.total ? pageHref(query.page + 1) : null}
            >
              {formatNumber(first)} to {formatNumber(last)} of {formatNumber(list.total)}
            </Pager>
          </>
        )}
      </Card>
    </>
  );
}

function NoMeters({ isFiltered, canEdit, onClear }: { isFiltered: boolean; canEdit: boolean; onClear: () => void }) {
  if (isFiltered) {
    return (
      <Empty
        title="No meter fits these filters"
        action={
          <button type="button" className="btn" onClick={onClear}>
            Clear filters
          </button>
        }
      >
        Take a filter off, or search for another name, id or NMI.
      </Empty>
    );
  }
  return <NoMetersYet canEdit={canEdit}>a few minutes later its readings arrive here.</NoMetersYet>;
}
