import type { Metadata } from "next";
import {
  createLoader,
  parseAsBoolean,
  parseAsInteger,
  parseAsString,
  parseAsStringLiteral,
  type SearchParams,
} from "nuqs/server";
import { JobsView } from "@/components/jobs/jobs-view";
import { Live } from "@/components/shell/live";
import { LinkButton } from "@/components/ui/button";
import { formatNumber } from "@/components/ui/format";
import { PageHeader } from "@/components/ui/page-header";
import { State } from "@/components/ui/state";
import { can } from "@/lib/auth/actor";
import { requireActor } from "@/lib/auth/session";
import { jobStatuses } from "@/lib/db/schema/jobs";
import { jobList } from "@/lib/jobs/job-list";
import { jobSorts } from "@/lib/jobs/job-list-row";
import { getDb } from "@/lib/runtime";

export const metadata: Metadata = { title: "Jobs" };

const loadQuery = createLoader({
  q: parseAsString.withDefault(""),
  status: parseAsStringLiteral(jobStatuses),
  type: parseAsString,
  meterType: parseAsString,
  failed: parseAsBoolean.withDefault(false),
  sort: parseAsStringLiteral(jobSorts).withDefault("job"),
  dir: parseAsStringLiteral(["asc", "desc"]).withDefault("asc"),
  page: parseAsInteger.withDefault(1),
});

export default async function JobsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const actor = await requireActor();
  const query = await loadQuery(searchParams);
  const list = await jobList(
    { db: getDb(), actor },
    {
      search: query.q,
      status: query.status,
      type: query.type,
      meterType: query.meterType,
      onlyFailed: query.failed,
      sort: query.sort,
      descending: query.dir === "desc",
      page: query.page,
    },
  );
  const canEdit = can(actor, "jobs:edit");
  const { active, paused, ended } = list.counts;
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
            {active > 0 && <State state="succeeded">{formatNumber(active)} active</State>}
            {paused > 0 && <State state="paused">{formatNumber(paused)} paused</State>}
            {ended > 0 && <State state="cancelled">{formatNumber(ended)} ended</State>}
            {active + paused + ended === 0 && <span>Nothing is collected yet</span>}
          </>
        }
      />
      <JobsView list={list} canEdit={canEdit} />
      <Live seconds={15} />
    </>
  );
}
