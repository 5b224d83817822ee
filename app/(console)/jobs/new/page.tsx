import type { Metadata } from "next";
import { createLoader, parseAsString, parseAsStringLiteral, type SearchParams } from "nuqs/server";
import { JobForm } from "@/components/jobs/form/job-form";
import { proposedValues } from "@/components/jobs/form/job-values";
import { LinkButton } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Empty } from "@/components/ui/empty";
import { PageHeader } from "@/components/ui/page-header";
import { can } from "@/lib/auth/actor";
import { requireActor } from "@/lib/auth/session";
import { jobTypes } from "@/lib/db/schema/jobs";
import { listMeters } from "@/lib/meters/queries";
import { getDb } from "@/lib/runtime";
import { addDuration, civilDate } from "@/lib/time";
import { createJobAction, previewJobAction, previewSubjectAction } from "../actions";
import { formMeters } from "../form-meter";

export const metadata: Metadata = { title: "Add job" };

const loadQuery = createLoader({
  meter: parseAsString,
  type: parseAsStringLiteral(jobTypes).withDefault("etl"),
});

export default async function NewJobPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const actor = await requireActor();
  const { meter, type } = await loadQuery(searchParams);
  const crumbs = [{ href: "/jobs", label: "Jobs" }];
  const empty = (title: string, text: string, add: boolean) => (
    <>
      <PageHeader title="Add job" crumbs={crumbs} />
      <Card>
        <Empty
          title={title}
          action={
            add && (
              <LinkButton href="/meters/new" variant="primary" icon="plus">
                Add meter
              </LinkButton>
            )
          }
        >
          {text}
        </Empty>
      </Card>
    </>
  );
  if (!can(actor, "jobs:edit")) {
    return empty("Your role does not add jobs", "Ask an operator or an administrator.", false);
  }
  const ctx = { db: getDb(), actor };
  const { items } = await listMeters(ctx, { limit: 1000 });
  const inUse = items.filter(({ archivedAt }) => !archivedAt);
  const meters = await formMeters(ctx, inUse);
  if (meters.length === 0) {
    return empty(
      "A job needs a meter first",
      "Add the meter whose data is to be collected.",
      can(actor, "meters:edit"),
    );
  }
  const chosen = meters.find(({ id }) => id === meter) ?? null;
  const zone = (chosen ?? meters[0])?.timezone ?? "UTC";
  return (
    <>
      <PageHeader title="Add job" crumbs={crumbs} />
      <JobForm
        meters={meters}
        initial={proposedValues(
          chosen,
          civilDate(addDuration(new Date(), type === "mrv" ? "P0D" : "-P30D", zone), zone),
          type,
        )}
        job={null}
        save={createJobAction}
        preview={previewJobAction}
        previewSubject={previewSubjectAction}
      />
    </>
  );
}
