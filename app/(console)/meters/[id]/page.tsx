import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { z } from "zod";
import { TimeChart } from "@/components/charts/time-chart";
import { meterSeries } from "@/components/data/meter-series";
import { CoverageCalendar, CoverageLegend } from "@/components/meters/coverage-calendar";
import { MeterActions } from "@/components/meters/meter-actions";
import { MeterFigures } from "@/components/meters/meter-figures";
import { MeterJobs } from "@/components/meters/meter-jobs";
import { MeterStateMark } from "@/components/meters/meter-state";
import { Live } from "@/components/shell/live";
import { Card, CardBody, CardHead } from "@/components/ui/card";
import { Empty } from "@/components/ui/empty";
import { formatNumber } from "@/components/ui/format";
import { PageHeader } from "@/components/ui/page-header";
import { Age, Time } from "@/components/ui/time";
import { can } from "@/lib/auth/actor";
import { requireActor } from "@/lib/auth/session";
import { NotFound } from "@/lib/errors";
import { meterOverview } from "@/lib/fleet/meter-overview";
import { getMeter } from "@/lib/meters/queries";
import type { MeterDto } from "@/lib/meters/schemas";
import { exploreMeter } from "@/lib/readings/explore";
import { getDb } from "@/lib/runtime";
import { addDuration, startOfDay } from "@/lib/time";
import { archiveMeterAction, testMeterAction } from "../actions";

export const metadata: Metadata = { title: "Meter" };

export default async function MeterPage({ params }: { params: Promise<{ id: string }> }) {
  const actor = await requireActor();
  const { id } = await params;
  if (!z.uuid().safeParse(id).success) notFound();
  const ctx = { db: getDb(), actor };
  const [meter, overview] = await Promise.all([getMeter(ctx, { meterId: id }), meterOverview(ctx, id)]).catch(
    asNotFound,
  );
  const { timezone } = meter;
  const metric = "eRealKwh";
  const now = new Date();
  const to = addDuration(startOfDay(now, timezone), "P1D", timezone);
  const from = addDuration(to, "-P7D", timezone);
  const buckets = await exploreMeter(ctx, { meterId: id, timezone, metric, from, to, granularity: "PT1H" });
  return (
    <>
      <PageHeader
        title={meter.name}
        crumbs={[{ href: "/meters", label: "Meters" }]}
        badge={<MeterStateMark state={overview.state} badge />}
        state={
          <>
            {meter.newestReadingAt ? (
              <>
                <span>
                  Newest reading <Time at={meter.newestReadingAt} zone={timezone} named />
                </span>
                <Age at={meter.newestReadingAt} zone={timezone} />
              </>
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
          can(actor, "meters:edit") &&
          meter.archivedAt === null && (
            <MeterActions
              meterId={meter.id}
              name={meter.name}
              timezone={timezone}
              openJobs={overview.jobs.flatMap(({ name, status }) => (status === "ended" ? [] : [name]))}
              test={testMeterAction}
              archive={archiveMeterAction}
            />
          )
        }
      />
      <MeterFigures figures={overview.figures} month={monthName(timezone)} />
      <Card>
        <CardHead title="Coverage" note="readings present of readings expected, by day" />
        <CardBody>
          <CoverageCalendar meterId={meter.id} days={overview.calendar} startsOn={overview.startsOn} />
          <CoverageLegend />
        </CardBody>
      </Card>
      <div className="cols">
        <div className="c8 stack">
          <Card>
            <CardHead
              title="Energy by hour"
              note="7 days"
              end={
                <Link className="link" href={`/data?meters=${meter.id}`}>
                  Open in Data
                </Link>
              }
            />
            <CardBody>
              {buckets.length > 0 ? (
                <TimeChart
                  label={`Energy of ${meter.name} by hour, 7 days`}
                  from={from.toISOString()}
                  to={to.toISOString()}
                  now={now.toISOString()}
                  series={[meterSeries(meter, buckets, 0)]}
                  unit="kWh"
                  zone={timezone}
                  height={268}
                />
              ) : (
                <p className="qq">No readings in the last 7 days.</p>
              )}
            </CardBody>
          </Card>
          <Card>
            <CardHead
              title="Jobs"
              rule
              end={
                can(actor, "jobs:edit") && (
                  <Link className="link" href={`/jobs/new?meter=${meter.id}`}>
                    Add job
                  </Link>
                )
              }
            />
            {overview.jobs.length > 0 ? (
              <MeterJobs jobs={overview.jobs} timezone={timezone} />
            ) : (
              <Empty title="No jobs on this meter yet">
                A job collects one interval at a time from the start you choose.
              </Empty>
            )}
          </Card>
        </div>
        <Card span={4}>
          <CardHead title="About" rule />
          <CardBody>
            <AboutMeter meter={meter} />
          </CardBody>
        </Card>
      </div>
      <Live seconds={15} />
    </>
  );
}

function AboutMeter({ meter }: { meter: MeterDto }) {
  const facts: [string, string][] = [
    ["Source", meter.dataSourceType === "S3" ? "S3 bucket" : "API"],
    [
      "Capacity",
      meter.capacityKw
        ? `${formatNumber(meter.capacityKw, Number.isInteger(meter.capacityKw) ? 0 : 2)} kW`
        : "not given",
    ],
    ["Region", meter.region ?? "none, no carbon is calculated"],
    ["Credential", `${meter.credentialHint}, stored`],
    ["Last test", meter.lastTest ? meter.lastTest.message : "never"],
  ];
  return (
    <dl className="kv">
      {facts.map(([name, value]) => (
        <div key={name} className="contents">
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function monthName(timezone: string): string {
  return new Intl.DateTimeFormat("en-AU", { month: "long", timeZone: timezone }).format(new Date());
}

function asNotFound(error: unknown): never {
  if (error instanceof NotFound) notFound();
  throw error;
}
