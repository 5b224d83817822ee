import type { Metadata } from "next";
import { EnergyCard } from "@/components/overview/energy-card";
import { FreshnessCard } from "@/components/overview/freshness-card";
import { NeedsPersonCard } from "@/components/overview/needs-person-card";
import { QuotasCard } from "@/components/overview/quotas-card";
import { TasksCard } from "@/components/overview/tasks-card";
import { TroubleCard } from "@/components/overview/trouble-card";
import { Live } from "@/components/shell/live";
import { LinkButton } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Empty } from "@/components/ui/empty";
import { PageHeader } from "@/components/ui/page-header";
import { State } from "@/components/ui/state";
import { can } from "@/lib/auth/actor";
import { requireActor } from "@/lib/auth/session";
import { openFindings } from "@/lib/findings/queries";
import { reviewCounts } from "@/lib/mrv/queries/queue";
import { energyToday } from "@/lib/overview/energy-today";
import {
  dayQuotas,
  type FreshnessLine,
  metersByFreshness,
  needsPerson,
  queue,
  tasksByHour,
  troubleNow,
} from "@/lib/overview/queries";
import { shellFacts } from "@/lib/overview/shell-facts";
import { getDb } from "@/lib/runtime";

export const metadata: Metadata = { title: "Overview" };

export default async function OverviewPage() {
  const actor = await requireActor();
  const ctx = { db: getDb(), actor };
  const now = new Date();
  const [freshness, { siteZone }] = await Promise.all([metersByFreshness(ctx, now), shellFacts(ctx)]);
  const meters = freshness.reduce((sum, line) => sum + line.meters, 0);
  const addMeter = can(actor, "meters:edit") && (
    <LinkButton href="/meters/new" variant="primary" icon="plus">
      Add meter
    </LinkButton>
  );
  if (meters === 0) return <NoMeters action={addMeter} />;

  const [energy, hours, needs, waiting, quotas, trouble, findings, records] = await Promise.all([
    energyToday(ctx, siteZone, now),
    tasksByHour(ctx, now),
    needsPerson(ctx),
    queue(ctx, now),
    dayQuotas(ctx, now),
    troubleNow(ctx),
    openFindings(ctx),
    reviewCounts(ctx),
  ]);
  const spent = quotas.filter(({ used, limit }) => used >= limit);
  return (
    <>
      <PageHeader
        title="Overview"
        actions={addMeter || undefined}
        state={<StateLine freshness={freshness} meters={meters} failedTasks={needs.failedTasks} />}
      />
      <div className="cols">
        <EnergyCard energy={energy} zone={siteZone} meters={meters} now={now} />
        <NeedsPersonCard needs={needs} spent={spent} findings={findings} queue={waiting} records={records} />
        <FreshnessCard freshness={freshness} meters={meters} />
        <TasksCard hours={hours} now={now} />
        <QuotasCard quotas={quotas} />
        <TroubleCard trouble={trouble} />
      </div>
      <Live seconds={15} />
    </>
  );
}

function StateLine(props: { freshness: readonly FreshnessLine[]; meters: number; failedTasks: number }) {
  const count = (state: FreshnessLine["state"]) => props.freshness.find((line) => line.state === state)?.meters ?? 0;
  const late = count("late") + count("waiting");
  return (
    <>
      <State state="fresh">{`${count("fresh")} of ${props.meters} meters fresh`}</State>
      {late > 0 && <State state="late">{`${late} late or waiting`}</State>}
      {count("failed") > 0 && <State state="failed">{`${count("failed")} failed`}</State>}
      {count("paused") > 0 && <State state="paused">{`${count("paused")} paused`}</State>}
    </>
  );
}

function NoMeters({ action }: { action: React.ReactNode }) {
  return (
    <>
      <PageHeader title="Overview" />
      <Card>
        <Empty title="No meters yet" action={action || undefined}>
          {action
            ? "Add the first meter: choose its type, give its credential and try the connection. A job then collects its readings."
            : "An operator or administrator adds the first meter. Its state, energy and tasks then stand here."}
        </Empty>
      </Card>
      <Live seconds={15} />
    </>
  );
}
