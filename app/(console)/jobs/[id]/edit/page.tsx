import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { z } from "zod";
import { JobForm } from "@/components/jobs/form/job-form";
import { valuesOf } from "@/components/jobs/form/job-values";
import { Card } from "@/components/ui/card";
import { Empty } from "@/components/ui/empty";
import { PageHeader } from "@/components/ui/page-header";
import { can } from "@/lib/auth/actor";
import { requireActor } from "@/lib/auth/session";
import { NotFound } from "@/lib/errors";
import { jobSummary } from "@/lib/jobs/job-summary";
import { getJob } from "@/lib/jobs/queries";
import { getMeter, listMeters } from "@/lib/meters/queries";
import type { MeterDto } from "@/lib/meters/schemas";
import { getDb } from "@/lib/runtime";
import { civilDate } from "@/lib/time";
import { previewSubjectAction, updateJobAction } from "../../actions";
import { formMeters } from "../../form-meter";

export const metadata: Metadata = { title: "Edit job" };

export default async function EditJobPage({ params }: { params: Promise<{ id: string }> }) {
  const actor = await requireActor();
  const { id } = await params;
  if (!z.uuid().safeParse(id).success) notFound();
  const ctx = { db: getDb(), actor };
  const job = await getJob(ctx, { jobId: id }).catch((error) => {
    if (error instanceof NotFound) notFound();
    throw error;
  });
  const crumbs = [
    { href: "/jobs", label: "Jobs" },
    { href: `/jobs/${id}`, label: job.meterName },
  ];
  const isAllowed = can(actor, "jobs:edit");
  if (!isAllowed || job.status === "ended") {
    return (
      <>
        <PageHeader title="Edit job" crumbs={crumbs} />
        <Card>
          <Empty title={isAllowed ? "An ended job cannot be changed" : "Your role does not change jobs"}>
            {isAllowed ? "Add a new one to the meter instead." : "Ask an operator or an administrator."}
          </Empty>
        </Card>
      </>
    );
  }
  const [meter, { hasTasks }] = await Promise.all([
    getMeter(ctx, { meterId: job.meterId }),
    jobSummary(ctx, { jobId: id }),
  ]);
  // To compare with, an MRV job may name any other meter.
  const others = job.type === "mrv" ? (await listMeters(ctx, { limit: 1000 })).items.filter(isOther(meter.id)) : [];
  const [own, ...rest] = await formMeters(ctx, [meter, ...others]);
  const day = (at: Date | string) => civilDate(new Date(at), job.timezone);
  return (
    <>
      <PageHeader title="Edit job" crumbs={crumbs} />
      <JobForm
        meters={own ? [{ ...own, timezone: job.timezone }, ...rest] : rest}
        initial={valuesOf(job, day(job.startAt), job.endAt ? day(job.endAt) : "")}
        job={{ id, name: job.name, hasTasks }}
        save={updateJobAction}
        previewSubject={previewSubjectAction}
      />
    </>
  );
}

function isOther(meterId: string) {
  return (meter: MeterDto) => meter.id !== meterId && !meter.archivedAt;
}
