import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { createLoader, parseAsString, parseAsStringLiteral, type SearchParams } from "nuqs/server";
import { z } from "zod";
import { monthsWords, yearAway } from "@/components/meters/calendar-weeks";
import { CoverageCalendar, CoverageLegend } from "@/components/meters/coverage-calendar";
import { energyRanges } from "@/components/meters/energy-ranges";
import { FindingsCard } from "@/components/meters/findings-card";
import { MeterAbout } from "@/components/meters/meter-about";
import { MeterActions } from "@/components/meters/meter-actions";
import { MeterEnergy } from "@/components/meters/meter-energy";
import { MeterFigures } from "@/components/meters/meter-figures";
import { MeterJobs } from "@/components/meters/meter-jobs";
import { MeterStateMark } from "@/components/meters/meter-state";
import { QuotaCard } from "@/components/meters/quota-card";
import { RestatementsCard } from "@/components/meters/restatements-card";
import { Live } from "@/components/shell/live";
import { Button, LinkButton } from "@/components/ui/button";
import { Card, CardBody, CardHead } from "@/components/ui/card";
import { Empty } from "@/components/ui/empty";
import { weekdayOf } from "@/components/ui/format";
import { PageHeader } from "@/components/ui/page-header";
import { Badge } from "@/components/ui/state";
import { Tabs } from "@/components/ui/tabs";
import { Age, Time } from "@/components/ui/time";
import { can } from "@/lib/auth/actor";
import { requireActor } from "@/lib/auth/session";
import { connectorOf } from "@/lib/connectors/registry";
import { NotFound } from "@/lib/errors";
import { findingsOfMeter } from "@/lib/findings/queries";
import { type MeterOverview, meterOverview } from "@/lib/fleet/meter-overview";
import { meterTypeOptions } from "@/lib/meters/form-options";
import { getMeter } from "@/lib/meters/queries";
import type { MeterDto } from "@/lib/meters/schemas";
import { meterQuota } from "@/lib/quotas/meter-quota";
import { rangeOf } from "@/lib/readings/explore-ranges";
import { explored } from "@/lib/readings/explored";
import { recentRestatements } from "@/lib/readings/restatements";
import { getDb } from "@/lib/runtime";
import { dayStart } from "@/lib/time";
import { acknowledgeFindingAction, archiveMeterAction, testMeterAction } from "../actions";

export const metadata: Metadata = { title: "Meter" };

const loadQuery = createLoader({
  tab: parseAsStringLiteral(["overview", "jobs", "settings"]).withDefault("overview"),
  range: parseAsStringLiteral(energyRanges).withDefault("P7D"),
  until: parseAsString,
});

export default async function MeterPage(props: {
  params: Promise<{ id: string }>;
  searchParams: Promise<SearchParams>;
}) {
  const actor = await requireActor();
  const { id } = await props.params;
  if (!z.uuid().safeParse(id).success) notFound();
  const ctx = { db: getDb(), actor };
  const { tab, range, until } = await loadQuery(props.searchParams);
  const now = new Date();
  const [meter, overview] = await Promise.all([
    getMeter(ctx, { meterId: id }),
    meterOverview(ctx, id, { until: until !== null && dayStart(until, "UTC") ? until : undefined, now }),
  ]).catch(asNotFound);
  const { timezone } = meter;
  const canEdit = can(actor, "meters:edit") && meter.archivedAt === null;
  const href = (changes: string) => `/meters/${id}${changes}`;
  return (
    <>
      <PageHeader
        title={meter.name}
        crumbs={[{ href: "/meters", label: "Meters" }]}
        badge={
          meter.archivedAt ? <Badge state="cancelled">Archived</Badge> : <MeterStateMark state={overview.state} badge />
        }
        state={
          <>
            {meter.newestReadingAt ? (
              <span>
                <span>
                  Newest reading <Time at={meter.newestReadingAt} zone={timezone} named />,{" "}
                  <Age at={meter.newestReadingAt} zone={timezone} />
                </span>
              </span>
            ) : (
              <span>No readings yet</span>
            )}
            <span>
              {meter.type} <code className="q">{meter.dataSource}</code>
            </span>
            <span className="qq">{[timezone, meter.region].filter(Boolean).join(", ")}</span>
          </>
        }
        actions={
          <MeterActions
            meterId={meter.id}
            name={meter.name}
            timezone={timezone}
            canEdit={canEdit}
            jobs={overview.jobs.filter(({ status }) => status !== "ended").map(({ name }) => name)}
            waitingTasks={overview.waitingTasks}
            test={testMeterAction}
            archive={archiveMeterAction}
          />
        }
      />
      <Tabs
        label="Meter"
        tabs={[
          { href: href(""), label: "Overview", current: tab === "overview" },
          { href: href("?tab=jobs"), label: "Jobs", count: overview.jobs.length, current: tab === "jobs" },
          { href: href("?tab=settings"), label: "Settings", current: tab === "settings" },
        ]}
      />
      {tab === "overview" && <Overview {...{ ctx, meter, overview, range, now, canEdit }} />}
      {tab === "jobs" && <JobsCard meter={meter} overview={overview} canEdit={canEdit} />}
      {tab === "settings" && (
        <Card>
          <CardHead
            title="Settings"
            rule
            end={
              canEdit && (
                <LinkButton href={href("/edit")} icon="edit" small>
                  Edit
                </LinkButton>
              )
            }
          />
          <CardBody className="narrow">
            <MeterAbout meter={meter} type={typeOf(meter)} full />
          </CardBody>
        </Card>
      )}
      <Live seconds={15} />
    </>
  );
}

async function Overview(props: {
  ctx: Parameters<typeof explored>[0];
  meter: MeterDto;
  overview: MeterOverview;
  range: (typeof energyRanges)[number];
  now: Date;
  canEdit: boolean;
}) {
  const { ctx, meter, overview, range, now } = props;
  const { id, timezone } = meter;
  const days = rangeOf({ preset: range, from: null, to: null }, timezone, now);
  const metric = connectorOf(meter.type).metrics.includes("eRealKwh") ? "eRealKwh" : "pvEstimateKwh";
  const [shown, quota, restatements, findings] = await Promise.all([
    explored(
      ctx,
      {
        meters: [meter],
        metrics: [metric],
        range: days,
        granularity: range === "P1D" ? "raw" : "PT1H",
        compare: null,
        withStrip: false,
      },
      now,
    ),
    meterQuota(ctx, id, now),
    recentRestatements(ctx, id),
    findingsOfMeter(ctx, id),
  ]);
  return (
    <>
      <MeterFigures
        figures={overview.figures}
        month={monthName(timezone, now)}
        weekday={longWeekday(weekdayOf(now, timezone))}
        now={now.toISOString()}
        timezone={timezone}
      />
      <Card>
        <CardHead
          title="Coverage"
          note="readings present of readings expected, by day"
          wrap
          end={<CalendarPages id={id} overview={overview} />}
        />
        <CardBody>
          <CoverageCalendar meterId={id} days={overview.calendar} startsOn={overview.startsOn} today={overview.today} />
          <CoverageLegend />
        </CardBody>
      </Card>
      <div className="cols">
        <div className="c8 stack">
          <MeterEnergy explored={shown} range={range} now={now.toISOString()} />
          <JobsCard meter={meter} overview={overview} canEdit={props.canEdit} />
        </div>
        <div className="c4 stack">
          {findings.rows.length > 0 && (
            <FindingsCard
              findings={findings}
              meterId={id}
              timezone={timezone}
              acknowledge={can(ctx.actor, "tasks:operate") ? acknowledgeFindingAction : undefined}
            />
          )}
          {restatements.length > 0 && <RestatementsCard restatements={restatements} meterId={id} timezone={timezone} />}
          {quota && <QuotaCard quota={quota} meterId={id} />}
          <Card>
            <CardHead title="About" rule />
            <CardBody>
              <MeterAbout meter={meter} type={typeOf(meter)} />
            </CardBody>
          </Card>
        </div>
      </div>
    </>
  );
}

function CalendarPages({ id, overview }: { id: string; overview: MeterOverview }) {
  const { calendar, today, startsOn } = overview;
  const first = calendar[0]?.day ?? today;
  const last = calendar.at(-1)?.day ?? today;
  const next = last < today ? yearAway(last, 1) : null;
  const links = [
    {
      label: "The twelve months before",
      icon: "left" as const,
      href: startsOn && first > startsOn ? `/meters/${id}?until=${yearAway(last, -1)}` : null,
    },
    {
      label: "The twelve months after",
      icon: "right" as const,
      href: next === null ? null : next >= today ? `/meters/${id}` : `/meters/${id}?until=${next}`,
    },
  ];
  const [back, forth] = links.map(({ label, icon, href }) =>
    href ? (
      <LinkButton key={label} small icon={icon} aria-label={label} href={href} scroll={false} />
    ) : (
      <Button key={label} small icon={icon} aria-label={label} disabled />
    ),
  );
  return (
    <>
      {back}
      <span className="q nw">{monthsWords(calendar.slice(-365))}</span>
      {forth}
    </>
  );
}

function JobsCard({ meter, overview, canEdit }: { meter: MeterDto; overview: MeterOverview; canEdit: boolean }) {
  const add = canEdit && `/jobs/new?meter=${meter.id}`;
  return (
    <Card>
      <CardHead
        title="Jobs"
        rule
        end={
          add && (
            <Link className="link" href={add}>
              Add job
            </Link>
          )
        }
      />
      {overview.jobs.length > 0 ? (
        <MeterJobs jobs={overview.jobs} timezone={meter.timezone} />
      ) : (
        <Empty
          title="No jobs on this meter yet"
          action={
            add && (
              <LinkButton href={add} icon="plus">
                Add job
              </LinkButton>
            )
          }
        >
          A job collects one interval at a time from the start you choose.
        </Empty>
      )}
    </Card>
  );
}

function typeOf(meter: MeterDto) {
  return meterTypeOptions().find(({ type }) => type === meter.type);
}

function monthName(timezone: string, now: Date): string {
  return new Intl.DateTimeFormat("en-AU", { month: "long", timeZone: timezone }).format(now);
}

function longWeekday(short: string): string {
  const names = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
  return names.find((name) => name.startsWith(short)) ?? short;
}

function asNotFound(error: unknown): never {
  if (error instanceof NotFound) notFound();
  throw error;
}
