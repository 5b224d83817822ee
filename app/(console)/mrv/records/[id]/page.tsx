import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { createLoader, parseAsString, parseAsStringLiteral, type SearchParams } from "nuqs/server";
import { cache } from "react";
import { EvidenceCards } from "@/components/mrv/evidence-cards";
import { PeriodHours, PeriodName } from "@/components/mrv/period-name";
import { Reextract, Resubmit, UnknownDecision } from "@/components/mrv/record-actions";
import { DeviceOf } from "@/components/mrv/record-head";
import { RecordLife } from "@/components/mrv/record-life";
import { RecordNotes } from "@/components/mrv/record-notes";
import { RecordBadge } from "@/components/mrv/record-status";
import { RecordObjects, RecordReadings } from "@/components/mrv/record-trace";
import { periodWords } from "@/components/mrv/record-words";
import { Live } from "@/components/shell/live";
import { LinkButton } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { Icon } from "@/components/ui/icon";
import { PageHeader } from "@/components/ui/page-header";
import { Tabs } from "@/components/ui/tabs";
import { can } from "@/lib/auth/actor";
import { requireActor } from "@/lib/auth/session";
import type { Ctx } from "@/lib/ctx";
import { isOutdatedRecord } from "@/lib/mrv/queries/outdated";
import { getRecord } from "@/lib/mrv/queries/record";
import { objectsOfRecord, readingsOfRecord, recordsOfObjects } from "@/lib/mrv/queries/trace";
import type { RecordDto } from "@/lib/mrv/schemas";
import { getDb } from "@/lib/runtime";
import { nullIfNotFound, uuidOf } from "../../../from-address";
import { decideUnknownAction, reextractRecordAction, resubmitRecordAction } from "../../actions";
import { readEvidence } from "../../read-evidence";
import { Restated } from "../../restated";

interface Props {
  params: Promise<{ id: string }>;
  searchParams: Promise<SearchParams>;
}

const tabs = { life: "Life", evidence: "Evidence", readings: "Readings", trace: "Objects" } as const;
type Tab = keyof typeof tabs;
const loadQuery = createLoader({
  tab: parseAsStringLiteral(Object.keys(tabs) as Tab[]).withDefault("life"),
  cursor: parseAsString,
});
const READINGS_A_PAGE = 100;

/** Once a request: the title needs it too. */
const readRecord = cache(async (id: string) => {
  const actor = await requireActor();
  const recordId = uuidOf(id);
  const ctx: Ctx = { db: getDb(), actor };
  const record = recordId === undefined ? null : await getRecord(ctx, { recordId }).catch(nullIfNotFound);
  if (!record) notFound();
  return { ctx, record };
});

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { record } = await readRecord((await params).id);
  return { title: `Record ${periodWords(record.periodStart, record.periodEnd, record.timezone)}, ${record.meterName}` };
}

export default async function RecordPage({ params, searchParams }: Props) {
  const { ctx, record } = await readRecord((await params).id);
  const { tab, cursor } = await loadQuery(searchParams);
  const isOutdated = await isOutdatedRecord(ctx, { recordId: record.id });
  const canReview = can(ctx.actor, "mrv:review");
  const href = (name: Tab) => (name === "life" ? `/mrv/records/${record.id}` : `/mrv/records/${record.id}?tab=${name}`);
  const isOpen = (record.status === "verified" || record.status === "verification_failed") && !record.replacedAt;
  return (
    <>
      <PageHeader
        title={<PeriodName from={record.periodStart} to={record.periodEnd} zone={record.timezone} />}
        crumbs={[{ href: "/mrv/records", label: "MRV records" }]}
        crumb={
          <>
            {record.meterName},{" "}
            <PeriodName from={record.periodStart} to={record.periodEnd} zone={record.timezone} short />
          </>
        }
        badge={<RecordBadge record={record} />}
        state={
          <>
            <Link className="link" href={`/meters/${record.meterId}`}>
              {record.meterName}
            </Link>
            <span>
              <span>
                <PeriodHours from={record.periodStart} to={record.periodEnd} zone={record.timezone} />
              </span>
            </span>
            <DeviceOf record={record} />
            <Link className="link" href={`/jobs/${record.jobId}`}>
              MRV job
            </Link>
            <span className="qq">
              record{" "}
              <code title={record.id}>
                {record.id.slice(0, 8)}…{record.id.slice(-4)}
              </code>
              <CopyButton text={record.id} label="Copy the record's id" />
            </span>
          </>
        }
        actions={
          <>
            <a className="btn" href={`/api/v1/mrv-records/${record.id}/evidence`} download>
              <Icon name="download" />
              Evidence bundle
            </a>
            {isOpen && (
              <LinkButton variant="primary" icon="review" href={`/mrv/review?record=${record.id}`}>
                Review
              </LinkButton>
            )}
          </>
        }
      />
      <RecordNotes
        record={record}
        isOutdated={isOutdated}
        restated={<Restated ctx={ctx} record={record} />}
        actions={{
          ...(canReview && {
            decideUnknown: <UnknownDecision recordId={record.id} decide={decideUnknownAction} />,
            resubmit: <Resubmit recordId={record.id} resubmit={resubmitRecordAction} />,
          }),
          ...((canReview || can(ctx.actor, "tasks:operate")) && {
            reextract: <Reextract recordId={record.id} reextract={reextractRecordAction} />,
          }),
        }}
      />
      <Tabs
        label="Record"
        tabs={(Object.keys(tabs) as Tab[]).map((name) => ({
          href: href(name),
          label: tabs[name],
          current: name === tab,
        }))}
      />
      {tab === "life" && <RecordLife record={record} />}
      {tab === "evidence" && <EvidenceCards shown={await readEvidence(ctx, record.id)} />}
      {tab === "readings" && <Readings {...{ ctx, record, cursor }} href={href("readings")} />}
      {tab === "trace" && <Objects {...{ ctx, record }} />}
      <Live seconds={10} />
    </>
  );
}

async function Readings(props: { ctx: Ctx; record: RecordDto; cursor: string | null; href: string }) {
  const { ctx, record, cursor, href } = props;
  const readings = await readingsOfRecord(ctx, {
    recordId: record.id,
    limit: READINGS_A_PAGE,
    cursor: cursor ?? undefined,
  });
  return (
    <RecordReadings
      record={record}
      readings={readings}
      firstHref={cursor ? href : null}
      nextHref={readings.nextCursor && `${href}&cursor=${readings.nextCursor}`}
    />
  );
}

async function Objects({ ctx, record }: { ctx: Ctx; record: RecordDto }) {
  const objects = await objectsOfRecord(ctx, { recordId: record.id });
  const ids = [...objects.transformed, ...objects.raw].map(({ id }) => id);
  const usedBy = await recordsOfObjects(ctx, { objectIds: ids.slice(0, MOST_OBJECTS) });
  return <RecordObjects record={record} objects={objects} usedBy={usedBy} />;
}

/** Whose other records are looked for at once. */
const MOST_OBJECTS = 1_000;
