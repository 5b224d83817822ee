import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { createLoader, parseAsIsoDateTime, parseAsString, parseAsStringLiteral, type SearchParams } from "nuqs/server";
import { z } from "zod";
import { JobActions } from "@/components/jobs/job-actions";
import { JobStatus } from "@/components/jobs/job-status";
import { Live } from "@/components/shell/live";
import { formatNumber } from "@/components/ui/format";
import { Note } from "@/components/ui/note";
import { PageHeader } from "@/components/ui/page-header";
import { Tabs } from "@/components/ui/tabs";
import { Tag } from "@/components/ui/tag";
import { Age, Time } from "@/components/ui/time";
import { can } from "@/lib/auth/actor";
import { requireActor } from "@/lib/auth/session";
import { taskStates } from "@/lib/db/schema/tasks";
import { NotFound } from "@/lib/errors";
import { gridViews } from "@/lib/jobs/grid-rows";
import { jobSummary } from "@/lib/jobs/job-summary";
import { whatKeepsFromRecording } from "@/lib/jobs/mrv/what-keeps-from-recording";
import { getJob } from "@/lib/jobs/queries";
import { getDb } from "@/lib/runtime";
import { endJobAction, pauseJobAction, resumeJobAction } from "../actions";
import { BackfillsTab, GridTab, ListTab, OpenBackfills, SettingsTab } from "./tabs";

export const metadata: Metadata = { title: "Job" };

const tabs = ["grid", "list", "backfills", "settings"] as const;

const loadQuery = createLoader({
  tab: parseAsStringLiteral(tabs).withDefault("grid"),
  view: parseAsStringLiteral(gridViews),
  until: parseAsIsoDateTime,
  state: parseAsStringLiteral(taskStates),
  from: parseAsIsoDateTime,
  to: parseAsIsoDateTime,
  cursor: parseAsString,
});

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
  const summary = await jobSummary(ctx, { jobId: id });
  const { newestTask } = summary;
  const hindrances = await whatKeepsFromRecording(ctx, { jobId: id });
  const tabOf = (tab: (typeof tabs)[number]) => ({
    href: tab === "grid" ? `/jobs/${id}` : `/jobs/${id}?tab=${tab}`,
    current: query.tab === tab,
  });
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
              openTasks={summary.openTasks}
              canEdit={can(actor, "jobs:edit")}
              isOnGrid={query.tab === "grid"}
              hasSource={job.trigger === "schedule"}
              type={job.type}
              pause={pauseJobAction}
              resume={resumeJobAction}
              end={endJobAction}
            />
          )
        }
        state={
          <>
            <JobStatus status={job.status} trigger={job.trigger} />
            {job.status === "paused" && job.pauseReason && <span>{job.pauseReason}</span>}
            {job.nextDueAt && (
              <span>
                <span>
                  Next due <Time at={job.nextDueAt} zone={job.timezone} style="time" />,{" "}
                  <Age at={job.nextDueAt} zone={job.timezone} />
                </span>
              </span>
            )}
            {newestTask ? (
              <span>
                Newest task{" "}
                <Link className="link" href={`/tasks/${newestTask.id}`}>
                  <Time at={newestTask.intervalStart} until={newestTask.intervalEnd} zone={job.timezone} />
                </Link>
              </span>
            ) : (
              <span>No task yet</span>
            )}
            {summary.weekShare !== null && <span>7 days: {formatNumber(summary.weekShare * 100, 1)} % succeeded</span>}
            <Link className="link" href={`/meters/${job.meterId}`}>
              Meter
            </Link>
          </>
        }
      />
      <Tabs
        label="Job"
        tabs={[
          { ...tabOf("grid"), label: "Grid", icon: "grid" },
          { ...tabOf("list"), label: "List", icon: "table" },
          {
            ...tabOf("backfills"),
            label: "Backfills",
            count: summary.backfills.all > 0 ? formatNumber(summary.backfills.all) : undefined,
          },
          { ...tabOf("settings"), label: "Settings" },
        ]}
      >
        {hindrances.length > 0 && (
          <Note state="failed" title="Its records cannot be signed as things stand">
            {hindrances.slice(0, 5).map((sentence) => (
              <p key={sentence}>{sentence}</p>
            ))}
            {hindrances.length > 5 && <p>And {hindrances.length - 5} more.</p>}
            {can(actor, "jobs:edit") && (
              <p>
                <Link className="link" href={`/jobs/${id}/edit`}>
                  Edit the job
                </Link>
              </p>
            )}
          </Note>
        )}
        {query.tab !== "backfills" && summary.backfills.open > 0 && <OpenBackfills ctx={ctx} job={job} />}
      </Tabs>
      {query.tab === "grid" && <GridTab ctx={ctx} job={job} view={query.view} until={query.until} />}
      {query.tab === "list" && <ListTab ctx={ctx} job={job} query={query} />}
      {query.tab === "backfills" && <BackfillsTab ctx={ctx} job={job} all={summary.backfills.all} />}
      {query.tab === "settings" && <SettingsTab ctx={ctx} job={job} />}
      <Live seconds={summary.openTasks > 0 ? 5 : 10} />
    </>
  );
}
