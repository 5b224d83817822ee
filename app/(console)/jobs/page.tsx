import type { Metadata } from "next";
import { createLoader, parseAsInteger, parseAsString, parseAsStringLiteral, type SearchParams } from "nuqs/server";
import { JobTable } from "@/components/jobs/job-table";
import { Live } from "@/components/shell/live";
import { LinkButton } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Empty } from "@/components/ui/empty";
import { formatNumber } from "@/components/ui/format";
import { PageHeader } from "@/components/ui/page-header";
import { Pager } from "@/components/ui/pager";
import { State } from "@/components/ui/state";
import { Tabs } from "@/components/ui/tabs";
import { can } from "@/lib/auth/actor";
import { requireActor } from "@/lib/auth/session";
import { jobStatuses } from "@/lib/db/schema/jobs";
import { jobList, jobPageSize } from "@/lib/jobs/job-list";
import { getDb } from "@/lib/runtime";

export const metadata: Metadata = { title: "Jobs" };

const loadQuery = createLoader({
  q: parseAsString.withDefault(""),
  status: parseAsStringLiteral(jobStatuses),
  page: parseAsInteger.withDefault(1),
});

export default async function JobsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const actor = await requireActor();
  const query = await loadQuery(searchParams);
  const { rows, total, counts } = await jobList(
    { db: getDb(), actor },
    { search: query.q, status: query.status, page: query.page },
  );
  const canEdit = can(actor, "jobs:edit");
  const all = counts.active + counts.paused + counts.ended;
  const first = (query.page - 1) * jobPageSize + 1;
  const last = first + rows.length - 1;
  const href = (status: string | null, page = 1) => {
    const params = new URLSearchParams({ ...(status && { status }), ...(page > 1 && { page: String(page) }) });
    return params.size > 0 ? `/jobs?${params}` : "/jobs";
  };
  return (
    <>
      <PageHeader
        title="Jobs"
        actions={
          canEdit && (
            <LinkButton href="/jobs/new" variant="primary" icon="plus">
              Add job
            </LinkButton>
          )
        }
        state={
          <>
            <State state="succeeded">{counts.active} active</State>
            {counts.paused > 0 && <State state="paused">{counts.paused} paused</State>}
            {counts.ended > 0 && <State state="cancelled">{counts.ended} ended</State>}
          </>
        }
      />
      <Tabs
        label="Jobs by status"
        tabs={[
          { href: href(null), label: "All jobs", count: all, current: query.status === null },
          { href: href("active"), label: "Active", count: counts.active, current: query.status === "active" },
          { href: href("paused"), label: "Paused", count: counts.paused, current: query.status === "paused" },
          { href: href("ended"), label: "Ended", count: counts.ended, current: query.status === "ended" },
        ]}
      />
      <Card>
        {rows.length === 0 ? (
          <Empty
            title={all === 0 ? "No jobs yet" : "No job fits this choice"}
            action={all === 0 && canEdit ? <LinkButton href="/jobs/new">Add job</LinkButton> : undefined}
          >
            A job collects a meter&apos;s data one interval at a time. Add one to begin.
          </Empty>
        ) : (
          <>
            <JobTable rows={rows} />
            <Pager
              previous={query.page > 1 ? href(query.status, query.page - 1) : null}
              next={last < total ? href(query.status, query.page + 1) : null}
            >
              {formatNumber(first)} to {formatNumber(last)} of {formatNumber(total)}
            </Pager>
          </>
        )}
      </Card>
      <Live seconds={15} />
    </>
  );
}
