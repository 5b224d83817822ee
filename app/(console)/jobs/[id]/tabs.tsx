import { BackfillList } from "@/components/jobs/backfill/backfill-list";
import { BackfillsUnderWay } from "@/components/jobs/backfill/backfills-under-way";
import { JobGridCard } from "@/components/jobs/grid/job-grid-card";
import { JobSettings } from "@/components/jobs/job-settings";
import { JobTasks } from "@/components/jobs/job-tasks";
import { can, meterScope } from "@/lib/auth/actor";
import { connectorOf } from "@/lib/connectors/registry";
import type { Ctx } from "@/lib/ctx";
import type { TaskState } from "@/lib/db/schema/tasks";
import { listBackfills } from "@/lib/jobs/backfill/progress";
import { jobGrid } from "@/lib/jobs/grid";
import type { GridView } from "@/lib/jobs/grid-rows";
import { formDevices } from "@/lib/jobs/mrv/form-devices";
import type { JobDto } from "@/lib/jobs/schemas";
import { getMeter } from "@/lib/meters/queries";
import { mrvSettings } from "@/lib/mrv/settings";
import { countTasks, listTasks } from "@/lib/tasks/queries";
import { addDuration, civilDate, nominalSeconds } from "@/lib/time";
import { cancelTasksAction, retryTasksAction } from "../../tasks/actions";
import {
  pauseBackfillAction,
  planBackfillAction,
  resumeBackfillAction,
  startBackfillAction,
  stopBackfillAction,
} from "../actions";

interface Of {
  ctx: Ctx;
  job: JobDto;
}

/** Days of history a backfill without a selection starts with. */
const FIRST_DAYS = 30;

export async function GridTab({ ctx, job, view: asked, until }: Of & { view: GridView | null; until: Date | null }) {
  const hasHours = nominalSeconds(job.interval) < 86_400;
  const view = hasHours ? (asked ?? "hours") : "days";
  const now = new Date();
  // Files that people bring are often of long ago: the page begins with the last day of them.
  const newestAt = job.trigger === "upload" ? new Date(Math.min(now.getTime(), Number(job.nextIntervalAt) - 1)) : now;
  const grid = await jobGrid(ctx, { jobId: job.id, view, until: until ?? newestAt });
  const href = (to: string) => `/jobs/${job.id}?view=${view}&until=${encodeURIComponent(to)}`;
  const oldest = grid.rows.at(-1)?.cells.find((cell) => cell.from)?.from;
  const newest = grid.rows[0]?.cells.findLast((cell) => cell.to)?.to;
  const rowsOn = view === "hours" ? "P20D" : "P11M";
  const newer = newest && grid.hasNewer ? addDuration(new Date(newest), rowsOn, job.timezone) : null;
  const firstDay = [civilDate(new Date(job.startAt), job.timezone), daysBefore(now, job.timezone)].sort().at(-1) ?? "";
  return (
    <JobGridCard
      // Another page of rows is another grid: a selection of positions would point elsewhere.
      key={`${view} ${grid.rows[0]?.key}`}
      jobId={job.id}
      grid={grid}
      hasHours={hasHours}
      canOperate={can(ctx.actor, "jobs:operate")}
      firstDay={firstDay}
      today={civilDate(now, job.timezone)}
      retry={retryTasksAction}
      cancel={cancelTasksAction}
      plan={planBackfillAction}
      start={startBackfillAction}
      olderHref={grid.hasOlder && oldest ? href(new Date(new Date(oldest).getTime() - 1).toISOString()) : null}
      newerHref={newer ? (newer >= now ? `/jobs/${job.id}?view=${view}` : href(newer.toISOString())) : null}
    />
  );
}

function daysBefore(now: Date, timezone: string): string {
  return civilDate(addDuration(now, `-P${FIRST_DAYS}D`, timezone), timezone);
}

export async function ListTab(
  props: Of & {
    query: { state: TaskState | null; from: Date | null; to: Date | null; cursor: string | null };
  },
) {
  const { ctx, job, query } = props;
  const scope = { jobId: job.id, from: query.from?.toISOString(), to: query.to?.toISOString() };
  const [page, counts] = await Promise.all([
    listTasks(ctx, {
      ...scope,
      state: query.state ? [query.state] : undefined,
      limit: 50,
      cursor: query.cursor ?? undefined,
    }),
    countTasks(ctx, scope),
  ]);
  const href = (cursor: string | null) => {
    const given = { tab: "list", state: query.state, from: scope.from, to: scope.to, cursor };
    const params = new URLSearchParams(Object.entries(given).flatMap(([key, value]) => (value ? [[key, value]] : [])));
    return `/jobs/${job.id}?${params}`;
  };
  return (
    <JobTasks
      tasks={page.items}
      counts={counts}
      state={query.state}
      range={{ from: scope.from ?? null, to: scope.to ?? null }}
      timezone={job.timezone}
      canOperate={can(ctx.actor, "tasks:operate")}
      path={`/jobs/${job.id}`}
      retry={retryTasksAction}
      cancel={cancelTasksAction}
      firstHref={query.cursor ? href(null) : null}
      nextHref={page.nextCursor ? href(page.nextCursor) : null}
    />
  );
}

export async function BackfillsTab({ ctx, job, all }: Of & { all: number }) {
  const backfills = await listBackfills(ctx, { jobId: job.id });
  return (
    <BackfillList
      timezone={job.timezone}
      backfills={backfills}
      all={all}
      canOperate={can(ctx.actor, "jobs:operate")}
      pauseBackfill={pauseBackfillAction}
      resumeBackfill={resumeBackfillAction}
      stopBackfill={stopBackfillAction}
    />
  );
}

/** What is under way is said on the other tabs, too. */
export async function OpenBackfills({ ctx, job }: Of) {
  const backfills = await listBackfills(ctx, { jobId: job.id });
  const open = backfills.filter(({ status }) => status === "running" || status === "paused");
  return open.length > 0 && <BackfillsUnderWay backfills={open} href={`/jobs/${job.id}?tab=backfills`} />;
}

export async function SettingsTab({ ctx, job }: Of) {
  const meter = await getMeter(ctx, { meterId: job.meterId });
  const mrv = job.type === "mrv" ? await recordingOf(ctx, job, meter.deviceId) : null;
  const { label, availabilityLag, restatementWindow } = connectorOf(meter.type);
  return (
    <JobSettings
      job={job}
      source={{ label, availabilityLag, restatementWindow }}
      canEdit={can(ctx.actor, "jobs:edit")}
      mrv={mrv}
    />
  );
}

async function recordingOf(ctx: Ctx, job: JobDto, deviceId: string | null) {
  const settings = mrvSettings.parse(job.settings);
  const other = settings.MRV_CROSS_CHECK_METER;
  const [devices, compared] = await Promise.all([
    formDevices(ctx, deviceId ? [deviceId] : []),
    // A token that is limited to meters may not see it.
    other && (meterScope(ctx.actor)?.includes(other) ?? true) ? getMeter(ctx, { meterId: other }) : null,
  ]);
  return { settings, device: (deviceId && devices.get(deviceId)) || null, crossCheckName: compared?.name ?? null };
}
