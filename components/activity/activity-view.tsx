"use client";

import { usePathname } from "next/navigation";
import { parseAsString, useQueryStates } from "nuqs";
import { useMemo, useState, useTransition } from "react";
import { Card } from "@/components/ui/card";
import { Chip, FilterMenu } from "@/components/ui/chip";
import { DataTable } from "@/components/ui/data-table";
import { Empty } from "@/components/ui/empty";
import { Pager } from "@/components/ui/pager";
import type { ActivityFacets } from "@/lib/audit/activity";
import { activityColumns } from "./activity-columns";
import { ActivityDetail } from "./activity-detail";
import type { ActivityRow } from "./activity-row";

/** Filters, rows and the detail of one; every choice is in the URL. */
export function ActivityView(props: { rows: ActivityRow[]; facets: ActivityFacets; nextCursor: string | null }) {
  const { rows, facets, nextCursor } = props;
  const [isPending, startTransition] = useTransition();
  const [query, setQuery] = useQueryStates(
    { actor: parseAsString, type: parseAsString, object: parseAsString, cursor: parseAsString },
    { shallow: false, startTransition, history: "push" },
  );
  const [opened, setOpened] = useState<ActivityRow | null>(null);
  const columns = useMemo(() => activityColumns(setOpened), []);
  const pathname = usePathname();
  const pageHref = (cursor: string | null) => {
    const params = new URLSearchParams(
      Object.entries({ ...query, cursor }).flatMap(([key, value]) => (value ? [[key, value]] : [])),
    );
    return params.size > 0 ? `${pathname}?${params}` : pathname;
  };
  return (
    <>
      <div className="filters">
        <FilterMenu
          name="Who"
          any="Anybody"
          value={query.actor}
          options={facets.actors.map(({ id, name }) => ({ value: id, label: name }))}
          onChange={(actor) => void setQuery({ actor, cursor: null })}
        />
        <FilterMenu
          name="What"
          any="Everything"
          value={query.type}
          options={facets.objectTypes.map((type) => ({ value: type, label: type }))}
          onChange={(type) => void setQuery({ type, object: null, cursor: null })}
        />
        {query.object && (
          <Chip
            name="Only"
            value={`…${query.object.slice(-6)}`}
            removeLabel="Show all objects"
            onRemove={() => void setQuery({ object: null, cursor: null })}
          />
        )}
      </div>
      <Card aria-busy={isPending}>
        {rows.length === 0 ? (
          <Empty title="Nothing fits these filters">Take one off to see what was changed, and by whom.</Empty>
        ) : (
          <>
            <DataTable label="Activity" columns={columns} rows={rows} currentId={opened?.id} />
            <Pager previous={query.cursor ? pageHref(null) : null} next={nextCursor ? pageHref(nextCursor) : null}>
              {rows.length} rows, newest first
            </Pager>
          </>
        )}
      </Card>
      <ActivityDetail
        row={opened}
        onClose={() => setOpened(null)}
        onOnly={({ objectType, objectId }) => {
          setOpened(null);
          void setQuery({ type: objectType, object: objectId, cursor: null });
        }}
      />
    </>
  );
}
