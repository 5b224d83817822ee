import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { createLoader, parseAsString, parseAsStringLiteral, type SearchParams } from "nuqs/server";
import { z } from "zod";
import { FindingsTab } from "@/components/findings/findings-tab";
import { ThresholdsDialog } from "@/components/findings/thresholds-dialog";
import { energyRanges } from "@/components/meters/energy-ranges";
import { MeterAbout } from "@/components/meters/meter-about";
import { MeterActions } from "@/components/meters/meter-actions";
import { MeterStateMark } from "@/components/meters/meter-state";
import { RecordsCard } from "@/components/mrv/records-card";
import { Live } from "@/components/shell/live";
import { LinkButton } from "@/components/ui/button";
import { Card, CardBody, CardHead } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { Badge } from "@/components/ui/state";
import { Tabs } from "@/components/ui/tabs";
import { Age, Time } from "@/components/ui/time";
import { UploadDrawer } from "@/components/uploads/upload-drawer";
import { can } from "@/lib/auth/actor";
import { requireActor } from "@/lib/auth/session";
import type { Ctx } from "@/lib/ctx";
import { getDevice } from "@/lib/devices/queries";
import { NotFound } from "@/lib/errors";
import { countFindings, listFindings } from "@/lib/findings/queries";
import { getThresholds } from "@/lib/findings/read-thresholds";
import { type FindingState, findingStates } from "@/lib/findings/schemas";
import { thresholdFields } from "@/lib/findings/threshold-fields";
import { flowOfMeter } from "@/lib/findings/thresholds";
import { meterOverview } from "@/lib/fleet/meter-overview";
import { typeOfMeter } from "@/lib/meters/form-options";
import { getMeter } from "@/lib/meters/queries";
import type { MeterDto } from "@/lib/meters/schemas";
import { listRecords } from "@/lib/mrv/queries/records";
import { getDb } from "@/lib/runtime";
import { dayStart } from "@/lib/time";
import {
  acknowledgeFindingAction,
  archiveMeterAction,
  discardUploadAction,
  planUploadsAction,
  previewThresholdsAction,
  setThresholdsAction,
  startUploadsAction,
  testMeterAction,
} from "../actions";
import { MeterJobsCard } from "./jobs-card";
import { OverviewTab } from "./overview-tab";

export const metadata: Metadata = { title: "Meter" };

const loadQuery = createLoader({
  tab: parseAsStringLiteral(["overview", "jobs", "findings", "records", "settings"]).withDefault("overview"),
  range: parseAsStringLiteral(energyRanges).withDefault("P7D"),
  until: parseAsString,
  /** Of the findings. */
  show: parseAsStringLiteral(findingStates).withDefault("open"),
  cursor: parseAsString,
});

const FINDINGS_A_PAGE = 50;
const RECORDS_SHOWN = 25;

export default async function MeterPage(props: {
  params: Promise<{ id: string }>;
  searchParams: Promise<SearchParams>;
}) {
  const actor = await requireActor();
  const { id } = await props.params;
  if (!z.uuid().safeParse(id).success) notFound();
  const ctx = { db: getDb(), actor };
  const { tab, range, until, show, cursor } = await loadQuery(props.searchParams);
  const now = new Date();
  const [meter, overview, findings] = await Promise.all([
    getMeter(ctx, { meterId: id }),
    meterOverview(ctx, id, { until: until !== null && dayStart(until, "UTC") ? until : undefined, now }),
    countFindings(ctx, id),
  ]).catch(asNotFound);
  const device = meter.deviceId === null ? null : await getDevice(ctx, { deviceId: meter.deviceId });
  const { timezone } = meter;
  const canEdit = can(actor, "meters:edit") && meter.archivedAt === null;
  const canUpload = can(actor, "tasks:operate") && meter.archivedAt === null;
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
              {meter.type}
              {meter.dataSource ? (
                <>
                  {" "}
                  <code className="q">{meter.dataSource}</code>
                </>
              ) : (
                ", files by hand"
              )}
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
            canUpload={canUpload}
            hasSource={meter.dataSourceType !== "UPLOAD"}
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
          {
            href: href("?tab=findings"),
            label: "Findings",
            count: findings.open > 0 ? findings.open : undefined,
            current: tab === "findings",
          },
          { href: href("?tab=records"), label: "Records", current: tab === "records" },
          { href: href("?tab=settings"), label: "Settings", current: tab === "settings" },
        ]}
      />
      {tab === "overview" && (
        <OverviewTab {...{ ctx, meter, device, overview, range, now, canEdit, canUpload, findings }} />
      )}
      {tab === "jobs" && <MeterJobsCard meter={meter} overview={overview} canEdit={canEdit} />}
      {tab === "findings" && <Findings {...{ ctx, meter, counts: findings, show, cursor, canEdit }} />}
      {tab === "records" && <Records ctx={ctx} meterId={meter.id} />}
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
            <MeterAbout meter={meter} type={typeOfMeter(meter)} device={device} full />
          </CardBody>
        </Card>
      )}
      {canUpload && (
        <UploadDrawer
          meterId={id}
          meterName={meter.name}
          meterType={meter.type}
          timezone={timezone}
          plan={planUploadsAction}
          start={startUploadsAction}
          discard={discardUploadAction}
        />
      )}
      <Live seconds={15} />
    </>
  );
}

/** Findings are read by where they stand; thresholds only for who may change them. */
async function Findings(props: {
  ctx: Ctx;
  meter: MeterDto;
  counts: Record<FindingState, number>;
  show: FindingState;
  cursor: string | null;
  canEdit: boolean;
}) {
  const { ctx, meter, show, cursor } = props;
  const [findings, thresholds] = await Promise.all([
    listFindings(ctx, { meterId: meter.id, state: [show], limit: FINDINGS_A_PAGE, cursor: cursor ?? undefined }),
    getThresholds(ctx, meter.id),
  ]);
  return (
    <FindingsTab
      findings={findings}
      counts={props.counts}
      show={show}
      cursor={cursor}
      meterId={meter.id}
      timezone={meter.timezone}
      acknowledge={can(ctx.actor, "tasks:operate") ? acknowledgeFindingAction : undefined}
      thresholds={
        props.canEdit && (
          <ThresholdsDialog
            meter={{ id: meter.id, flow: flowOfMeter(meter) }}
            fields={thresholdFields()}
            values={Object.fromEntries(Object.entries(thresholds).map(([name, value]) => [name, String(value)]))}
            preview={previewThresholdsAction}
            save={setThresholdsAction}
          />
        )
      }
    />
  );
}

async function Records({ ctx, meterId }: { ctx: Ctx; meterId: string }) {
  const { items, nextCursor } = await listRecords(ctx, { meterId, limit: RECORDS_SHOWN });
  return (
    <RecordsCard
      records={items}
      hasMore={nextCursor !== null}
      href={`/mrv/records?meter=${meterId}`}
      empty="Attach the meter to a device, then add an MRV job: it makes a record of each period whose readings are complete."
    />
  );
}

function asNotFound(error: unknown): never {
  if (error instanceof NotFound) notFound();
  throw error;
}
