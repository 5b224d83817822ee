import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { z } from "zod";
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
import { getDb } from "@/lib/runtime";
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
  return (
    <>
      <PageHeader
        title={meter.name}
        crumbs={[{ href: "/meters", label: "Meters" }]}
        badge={<MeterStateMark state={overview.state} badge />}
        state={
          <>
            {meter.newestReadingAt ? (
              <span>
                Newest reading <Time at={meter.newestReadingAt} zone={timezone} named />,{" "}
                <Age at={meter.newestReadingAt} zone={timezone} />
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
          can(actor, "meters:edit") &&
          meter.archivedAt === null && (
            <MeterActions
              meterId={meter.id}
              name={meter.name}
              timezone={timezone}
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
        <Card span={8}>
          <CardHead title="Jobs" rule />
          {overview.jobs.length > 0 ? (
            <MeterJobs jobs={overview.jobs} timezone={timezone} />
          ) : (
            <Empty title="No jobs on this meter yet">
              A job collects one interval at a time from the start you choose.
            </Empty>
          )}
        </Card>
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
    ["Capacity", meter.capacityKw ? `${formatNumber(meter.capacityKw)} kW` : "not given"],
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
