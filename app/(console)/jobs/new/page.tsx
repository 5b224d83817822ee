import type { Metadata } from "next";
import { createLoader, parseAsString, type SearchParams } from "nuqs/server";
import { JobForm } from "@/components/jobs/job-form";
import { NoMetersYet } from "@/components/meters/no-meters-yet";
import { Empty } from "@/components/ui/empty";
import { PageHeader } from "@/components/ui/page-header";
import { can } from "@/lib/auth/actor";
import { requireActor } from "@/lib/auth/session";
import { connectorOf } from "@/lib/connectors/registry";
import { listMeters } from "@/lib/meters/queries";
import { getDb } from "@/lib/runtime";
import { addDuration, civilDate } from "@/lib/time";
import { createJobAction } from "../actions";

export const metadata: Metadata = { title: "Add job" };

const loadQuery = createLoader({ meter: parseAsString });

export default async function NewJobPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const actor = await requireActor();
  const { meter } = await loadQuery(searchParams);
  const crumbs = [{ href: "/jobs", label: "Jobs" }];
  if (!can(actor, "jobs:edit")) {
    return (
      <>
        <PageHeader title="Add job" crumbs={crumbs} />
        <Empty title="Your role does not add jobs">Ask an operator or an administrator.</Empty>
      </>
    );
  }
  const { items } = await listMeters({ db: getDb(), actor }, { limit: 1000 });
  if (items.length === 0) {
    return (
      <>
        <PageHeader title="Add job" crumbs={crumbs} />
        <NoMetersYet canEdit={can(actor, "meters:edit")}>a job then collects its readings.</NoMetersYet>
      </>
    );
  }
  const chosen = items.find(({ id }) => id === meter);
  const zone = chosen?.timezone ?? items[0]?.timezone ?? "UTC";
  return (
    <>
      <PageHeader title="Add job" crumbs={crumbs} />
      <JobForm
        meters={items.map(({ id, name, timezone, type }) => {
          const { defaultTaskInterval, availabilityLag } = connectorOf(type);
          return { id, name, timezone, interval: defaultTaskInterval, delay: availabilityLag };
        })}
        meterId={chosen?.id ?? null}
        startDay={civilDate(addDuration(new Date(), "-P30D", zone), zone)}
        create={createJobAction}
      />
    </>
  );
}
