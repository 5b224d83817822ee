import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { createLoader, parseAsIsoDateTime, parseAsStringLiteral, type SearchParams } from "nuqs/server";
import { z } from "zod";
import { JobActions } from "@/components/jobs/job-actions";
import { JobGridCard } from "@/components/jobs/job-grid-card";
import { JobStatus } from "@/components/jobs/job-status";
import { Live } from "@/components/shell/live";
import { PageHeader } from "@/components/ui/page-header";
import { Tag } from "@/components/ui/tag";
import { Age, Time } from "@/components/ui/time";
import { can } from "@/lib/auth/actor";
import { requireActor } from "@/lib/auth/session";
import { NotFound } from "@/lib/errors";
import { type GridView, gridViews, jobGrid } from "@/lib/jobs/grid";
import { getJob } from "@/lib/jobs/queries";
import { getDb } from "@/lib/runtime";
import { nominalSeconds } from "@/lib/time";
import { cancelTasksAction, retryTasksAction } from "../../tasks/actions";
import { endJobAction, pauseJobAction, planBackfillAction, resumeJobAction, startBackfillAction } from "../actions";

export const metadata: Metadata = { title: "Job" };

const loadQuery = createLoader({ view: parseAsStringLiteral(gridViews), until: parseAsIsoDateTime });

export default async function JobPage(props: { params: Promise<{ id: string }>; searchParams: Promise<SearchParams> }) {
  const actor = await requireActor();
  const { id } = await props.params;
  if (!z.uuid().safeParse(id).success) notFound();
  const query = await loadQuery(props.searchParams);
  const ctx = { db: getDb(), actor };
  const job = await getJob(ctx, { jobId: id }).catch((error) => {
    if (error instanceof NotFound) notFound();
    throw error;
  });
  const view: GridView = query.view ?? (nominalSeconds(job.interval) >= 86_400 ? "days" : "hours");
  const grid = await jobGrid(ctx, { jobId: id, view, until: query.until ?? new Date() });
  const href = (until: string | null | undefined) =>
    until ? `/jobs/${id}?view=${view}&until=${encodeURIComponent(until)}` : null;
  const oldest = grid.rows.at(-1)?.cells[0]?.from;
  return (
    <>
      <PageHeader
        title={job.meterName}
        crumbs={[{ href: "/jobs", label: "Jobs" }]}
        badge={
          <>
            <Tag>{job.type.toUpperCase()}</Tag>
            <Tag>{job.interval}</Tag>
          </>
        }
        actions={
          can(actor, "jobs:operate") && (
            <JobActions
              jobId={id}
              name={`${job.meterName}, ${job.name}`}
              status={job.status}
              pause={pauseJobAction}
              resume={resumeJobAction}
              end={endJobAction}
            />
          )
        }
        state={
          <>
            <JobStatus status={job.status} />
            {job.nextDueAt && (
              <>
                <span>
                  Next due <Time at={job.nextDueAt} zone={job.timezone} named />
                </span>
                <Age at={job.nextDueAt} zone={job.timezone} />
              </>
            )}
            {job.latestTaskId && (
              <Link className="link" href={`/tasks/${job.latestTaskId}`}>
                Newest task
              </Link>
            )}
            <Link className="link" href={`/meters/${job.meterId}`}>
              Meter
            </Link>
          </>
        }
      />
      <JobGridCard
        jobId={id}
        grid={grid}
        canOperate={can(actor, "tasks:operate")}
        retry={retryTasksAction}
        cancel={cancelTasksAction}
        plan={planBackfillAction}
        start={startBackfillAction}
        olderHref={grid.hasOlder && oldest ? href(new Date(new Date(oldest).getTime() - 1).toISOString()) : null}
        newerHref={query.until && grid.hasNewer ? `/jobs/${id}?view=${view}` : null}
      />
      <Live seconds={10} />
    </>
  );
}
