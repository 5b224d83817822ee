import { FindingsCard } from "@/components/findings/findings-card";
import { monthsWords, yearAway } from "@/components/meters/calendar-weeks";
import { CoverageCalendar, CoverageLegend } from "@/components/meters/coverage-calendar";
import type { energyRanges } from "@/components/meters/energy-ranges";
import { FreshnessHistory } from "@/components/meters/freshness-history";
import { MeterAbout } from "@/components/meters/meter-about";
import { MeterEnergy } from "@/components/meters/meter-energy";
import { MeterFigures } from "@/components/meters/meter-figures";
import { QuotaCard } from "@/components/meters/quota-card";
import { RestatementsCard } from "@/components/meters/restatements-card";
import { Button, LinkButton } from "@/components/ui/button";
import { Card, CardBody, CardHead } from "@/components/ui/card";
import { weekdayOf } from "@/components/ui/format";
import { UploadsCard } from "@/components/uploads/uploads-card";
import { connectorOf } from "@/lib/connectors/registry";
import { listFindings } from "@/lib/findings/queries";
import type { FindingState } from "@/lib/findings/schemas";
import type { MeterOverview } from "@/lib/fleet/meter-overview";
import { typeOfMeter } from "@/lib/meters/form-options";
import type { MeterDto } from "@/lib/meters/schemas";
import { freshnessHistory } from "@/lib/notifications/incidents/queries";
import { meterQuota } from "@/lib/quotas/meter-quota";
import { rangeOf } from "@/lib/readings/explore-ranges";
import { explored } from "@/lib/readings/explored";
import { recentRestatements } from "@/lib/readings/restatements";
import { listUploads } from "@/lib/uploads/queries";
import { MeterJobsCard } from "./jobs-card";

/** Of the open ones; the tab has all. */
const FINDINGS_SHOWN = 5;

/** The first tab of a meter: figures, a year of days, energy, jobs, findings, quota. */
export async function OverviewTab(props: {
  ctx: Parameters<typeof explored>[0];
  meter: MeterDto;
  /** That signs its records. */
  device: { id: string; name: string } | null;
  overview: MeterOverview;
  range: (typeof energyRanges)[number];
  now: Date;
  canEdit: boolean;
  canUpload: boolean;
  findings: Record<FindingState, number>;
}) {
  const { ctx, meter, overview, range, now } = props;
  const { id, timezone } = meter;
  const days = rangeOf({ preset: range, from: null, to: null }, timezone, now);
  const metric = connectorOf(meter.type).metrics.includes("eRealKwh") ? "eRealKwh" : "pvEstimateKwh";
  const [shown, quota, restatements, findings, spells, uploads] = await Promise.all([
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
    listFindings(ctx, { meterId: id, state: ["open"], limit: FINDINGS_SHOWN }),
    freshnessHistory(ctx, id),
    listUploads(ctx, { meterId: id }),
  ]);
  return (
    <>
      <MeterFigures
        figures={overview.figures}
        month={monthName(timezone, now)}
        weekday={longWeekday(weekdayOf(now, timezone))}
        now={now.toISOString()}
        timezone={timezone}
        region={meter.region}
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
          <MeterJobsCard meter={meter} overview={overview} canEdit={props.canEdit} />
        </div>
        <div className="c4 stack">
          <FindingsCard
            findings={findings.items}
            open={props.findings.open}
            acknowledged={props.findings.acknowledged}
            meterId={id}
            timezone={timezone}
          />
          {restatements.length > 0 && <RestatementsCard restatements={restatements} meterId={id} timezone={timezone} />}
          {(uploads.length > 0 || meter.dataSourceType === "UPLOAD") && (
            <UploadsCard uploads={uploads} timezone={timezone} canUpload={props.canUpload} />
          )}
          {quota && <QuotaCard quota={quota} meterId={id} />}
          {spells.length > 0 && <FreshnessHistory spells={spells} timezone={timezone} now={now} />}
          <Card>
            <CardHead title="About" rule />
            <CardBody>
              <MeterAbout meter={meter} type={typeOfMeter(meter)} device={props.device} />
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

function monthName(timezone: string, now: Date): string {
  return new Intl.DateTimeFormat("en-AU", { month: "long", timeZone: timezone }).format(now);
}

function longWeekday(short: string): string {
  const names = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
  return names.find((name) => name.startsWith(short)) ?? short;
}
