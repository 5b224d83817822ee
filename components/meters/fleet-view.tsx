"use client";

import { usePathname, useRouter } from "next/navigation";
import { useQueryStates } from "nuqs";
import { useState, useTransition } from "react";
import { Button, LinkButton } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Chip, FilterMenu } from "@/components/ui/chip";
import { Empty } from "@/components/ui/empty";
import { Input } from "@/components/ui/field";
import { formatNumber } from "@/components/ui/format";
import { Menu, MenuCheck } from "@/components/ui/menu";
import { Pager } from "@/components/ui/pager";
import { remember } from "@/components/ui/remember";
import { type FleetList, fleetPageSize, type fleetSorts } from "@/lib/fleet/fleet-row";
import { meterStates } from "@/lib/fleet/meter-states";
import { fleetQuery } from "./fleet-query";
import { FleetTable, fleetColumns } from "./fleet-table";
import { meterStateWord } from "./meter-state";
import { NoMetersYet } from "./no-meters-yet";

/** Filters, table and pages of the meters page; every choice is in the URL, but for the columns, which are the viewer's. */
export function FleetView(props: { list: FleetList; canEdit: boolean; initiallyHidden: readonly string[] }) {
  const { list, canEdit } = props;
  const [isPending, startTransition] = useTransition();
  const [query, setQuery] = useQueryStates(fleetQuery, { shallow: false, startTransition, history: "replace" });
  const [hidden, setHidden] = useState(props.initiallyHidden);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const show = (id: string, isShown: boolean) => {
    const next = isShown ? hidden.filter((each) => each !== id) : [...hidden, id];
    remember("meter-columns", next.join(","));
    setHidden(next);
  };
  const pathname = usePathname();
  const router = useRouter();
  const isFiltered = Boolean(query.q || query.type || query.state.length > 0 || query.region || query.findings);
  const first = (query.page - 1) * fleetPageSize + 1;
  const last = first + list.rows.length - 1;
  const pageHref = (page: number) => {
    const params = new URLSearchParams(
      Object.entries(query).flatMap(([key, value]) => (value && String(value) ? [[key, String(value)]] : [])),
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
          placeholder="Name, id, NMI or device"
          aria-label="Search meters"
          defaultValue={query.q}
          onChange={(event) => void setQuery({ q: event.target.value || null, page: null }, { throttleMs: 250 })}
        />
        {query.type ? (
          <Chip
            name="Type"
            value={query.type}
            removeLabel={`Take the filter off: type ${query.type}`}
            onRemove={() => void setQuery({ type: null, page: null })}
          />
        ) : (
          <FilterMenu
            name="Type"
            value={null}
            options={list.types.map((type) => ({ value: type, label: type, note: list.countsByType[type] }))}
            onChange={(type) => void setQuery({ type, page: null })}
          />
        )}
        {query.state.length > 0 ? (
          <Chip
            name="State"
            value={query.state.map(meterStateWord).join(", ").toLowerCase()}
            removeLabel="Take the filter off: state"
            onRemove={() => void setQuery({ state: null, page: null })}
          />
        ) : (
          <FilterMenu
            name="State"
            value={null}
            options={meterStates.map((state) => ({
              value: state,
              label: meterStateWord(state),
              note: list.countsByState[state] ?? 0,
            }))}
            onChange={(state) => void setQuery({ state: state && [state], page: null })}
          />
        )}
        {query.region ? (
          <Chip
            name="Region"
            value={query.region}
            removeLabel={`Take the filter off: region ${query.region}`}
            onRemove={() => void setQuery({ region: null, page: null })}
          />
        ) : (
          list.regions.length > 0 && (
            <FilterMenu
              name="Region"
              value={null}
              options={list.regions.map((region) => ({ value: region, label: region }))}
              onChange={(region) => void setQuery({ region, page: null })}
            />
          )
        )}
        {query.findings ? (
          <Chip
            name="Findings"
            value="open"
            removeLabel="Take the filter off: findings"
            onRemove={() => void setQuery({ findings: null, page: null })}
          />
        ) : (
          <FilterMenu
            name="Findings"
            value={null}
            options={[{ value: "open", label: "Open" }]}
            onChange={() => void setQuery({ findings: true, page: null })}
          />
        )}
        <span className="push m-hide">
          <Menu
            align="end"
            trigger={
              <Button variant="quiet" small icon="columns">
                Columns
              </Button>
            }
          >
            {fleetColumns.map(({ id, name }) => (
              <MenuCheck key={id} checked={!hidden.includes(id)} onChange={(isShown) => show(id, isShown)}>
                {name}
              </MenuCheck>
            ))}
          </Menu>
        </span>
      </div>
      <Card aria-busy={isPending}>
        {list.rows.length === 0 ? (
          <NoMeters isFiltered={isFiltered} canEdit={canEdit} onClear={() => router.replace(pathname)} />
        ) : (
          <>
            <FleetTable
              rows={list.rows}
              hidden={hidden}
              selected={selected}
              onSelect={setSelected}
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
              <span>
                {formatNumber(first)} to {formatNumber(last)} of {formatNumber(list.total)}
              </span>
              <StripLegend />
            </Pager>
          </>
        )}
      </Card>
      {selected.size > 0 && (
        <div className="abar" role="toolbar" aria-label="Selected meters" data-holds-refresh="">
          <div className="info">
            <b className="strong">{formatNumber(selected.size)} selected</b>
            <span>{selected.size > 6 ? "A chart has room for six" : "On one chart"}</span>
          </div>
          <LinkButton variant="quiet" icon="data" href={`/data?meters=${[...selected].slice(0, 6).join(",")}`}>
            Compare in Data
          </LinkButton>
          <Button variant="quiet" onClick={() => setSelected(new Set())}>
            Clear
          </Button>
        </div>
      )}
    </>
  );
}

/** What the bars of the strip mean. */
function StripLegend() {
  return (
    <span className="legend m-hide">
      <span>
        <i className="mk f" />
        All readings
      </span>
      <span>
        <i className="mk p" />
        Some, bar height is the share
      </span>
      <span>
        <i className="mk z" />
        None
      </span>
      <span>
        <i className="mk n" />
        Not due or paused
      </span>
    </span>
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
