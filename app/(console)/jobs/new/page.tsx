import type { Metadata } from "next";
import { createLoader, parseAsString, type SearchParams } from "nuqs/server";
import { JobForm } from "@/components/jobs/form/job-form";
import { proposedValues } from "@/components/jobs/form/job-values";
import { LinkButton } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Empty } from "@/components/ui/empty";
import { PageHeader } from "@/components/ui/page-header";
import { can } from "@/lib/auth/actor";
import { requireActor } from "@/lib/auth/session";
import { listMeters } from "@/lib/meters/queries";
import { getDb } from "@/lib/runtime";
import { addDuration, civilDate } from "@/lib/time";
import { createJobAction, previewJobAction } from "../actions";
import { formMeter } from "../form-meter";

export const metadata: Metadata = { title: "Add job" };

const loadQuery = createLoader({ meter: parseAsString });

export default async function NewJobPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const actor = await requireActor();
  const { meter } = await loadQuery(searchParams);
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
  const { items } = await listMeters({ db: getDb(), actor }, { limit: 1000 });
  const meters = items.filter(({ archivedAt }) => !archivedAt).map(formMeter);
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
        initial={proposedValues(chosen, civilDate(addDuration(new Date(), "-P30D", zone), zone))}
        job={null}
        save={createJobAction}
        preview={previewJobAction}
      />
    </>
  );
}
