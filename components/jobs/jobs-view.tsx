"use client";

import { usePathname } from "next/navigation";
import { parseAsBoolean, parseAsInteger, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useTransition } from "react";
import { Button, LinkButton } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { FilterMenu } from "@/components/ui/chip";
import { Empty } from "@/components/ui/empty";
import { Input } from "@/components/ui/field";
import { formatNumber } from "@/components/ui/format";
import { Pager } from "@/components/ui/pager";
import { Tabs } from "@/components/ui/tabs";
import { type JobList, jobPageSize, jobSorts } from "@/lib/jobs/job-list-row";
import { JobTable } from "./job-table";

const statuses = ["active", "paused", "ended"] as const;

/** Status, filters, table and pages of the jobs page; every choice is in the URL. */
export function JobsView({ list, canEdit }: { list: JobList; canEdit: boolean }) {
  const [isPending, startTransition] = useTransition();
  const [query, setQuery] = useQueryStates(
    {
      q: parseAsString.withDefault("").withOptions({ throttleMs: 250 }),
      status: parseAsStringLiteral(statuses),
      type: parseAsString,
      meterType: parseAsString,
      failed: parseAsBoolean,
      sort: parseAsStringLiteral(jobSorts).withDefault("job"),
      dir: parseAsStringLiteral(["asc", "desc"]).withDefault("asc"),
      page: parseAsInteger.withDefault(1),
    },
    { shallow: false, startTransition, history: "replace" },
  );
  const pathname = usePathname();
  const all = list.counts.active + list.counts.paused + list.counts.ended;
  const first = (query.page - 1) * jobPageSize + 1;
  const last = first + list.rows.length - 1;
  const href = (changes: Record<string, string | number | null>) => {
    const params = new URLSearchParams(
      Object.entries({ ...query, page: null, ...changes }).flatMap(([key, value]) =>
        value && value !== "job" && value !== "asc" ? [[key, String(value)]] : [],
      ),
    );
    return params.size > 0 ? `${pathname}?${params}` : pathname;
  };
  const isFiltered = Boolean(query.q || query.status || query.type || query.meterType || query.failed);

  return (
    <>
      <Tabs
        label="Jobs by status"
        tabs={[
          { href: href({ status: null }), label: "All jobs", count: formatNumber(all), current: query.status === null },
          ...statuses.map((status) => ({
            href: href({ status }),
            label: status[0]?.toUpperCase() + status.slice(1),
            count: formatNumber(list.counts[status]),
            current: query.status === status,
          })),
        ]}
      />
      <div className="filters">
        <Input
          icon="search"
          type="search"
          placeholder="Meter, job or id"
          aria-label="Search jobs"
          value={query.q}
          onChange={(event) => void setQuery({ q: event.target.value || null, page: null })}
        />
        {list.types.length > 1 && (
          <FilterMenu
            name="Type"
            value={query.type}
            options={list.types.map((type) => ({ value: type as string, label: type.toUpperCase() }))}
            onChange={(type) => void setQuery({ type, page: null })}
          />
        )}
        <FilterMenu
          name="Meter type"
          value={query.meterType}
          options={list.meterTypes.map((type) => ({ value: type, label: type }))}
          onChange={(meterType) => void setQuery({ meterType, page: null })}
        />
        <FilterMenu
          name="Tasks"
          value={query.failed ? "failed" : null}
          options={[{ value: "failed", label: "With failed tasks" }]}
          onChange={(tasks) => void setQuery({ failed: tasks ? true : null, page: null })}
        />
        {isFiltered && (
          <Button variant="quiet" onClick={() => void setQuery(null)}>
            Clear
          </Button>
        )}
      </div>
      <Card aria-busy={isPending}>
        {list.rows.length === 0 ? (
          <NoJobs isFiltered={isFiltered && all > 0} canEdit={canEdit} onClear={() => void setQuery(null)} />
        ) : (
          <>
            <JobTable
              rows={list.rows}
              sort={{ column: query.sort, descending: query.dir === "desc" }}
              onSort={({ column, descending }) =>
                void setQuery({
                  sort: column as (typeof jobSorts)[number],
                  dir: descending ? "desc" : "asc",
                  page: null,
                })
              }
            />
            <Pager
              previous={query.page > 1 ? href({ page: query.page > 2 ? query.page - 1 : null }) : null}
              next={last < list.total ? href({ page: query.page + 1 }) : null}
            >
              {formatNumber(first)} to {formatNumber(last)} of {formatNumber(list.total)}
            </Pager>
          </>
        )}
      </Card>
    </>
  );
}

function NoJobs({ isFiltered, canEdit, onClear }: { isFiltered: boolean; canEdit: boolean; onClear: () => void }) {
  if (isFiltered) {
    return (
      <Empty title="No job fits these filters" action={<Button onClick={onClear}>Clear filters</Button>}>
        Take a filter off, or search for another meter, job or id.
      </Empty>
    );
  }
  return (
    <Empty
      title="No jobs yet"
      action={
        canEdit && (
          <LinkButton href="/jobs/new" icon="plus">
            Add job
          </LinkButton>
        )
      }
    >
      {canEdit
        ? "A job collects a meter's data one interval at a time, from a day of the past on. Add one to begin."
        : "A job collects a meter's data one interval at a time. An operator adds them."}
    </Empty>
  );
}
