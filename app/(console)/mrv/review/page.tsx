import type { Metadata } from "next";
import Link from "next/link";
import { redirect } from "next/navigation";
import { createLoader, type SearchParams } from "nuqs/server";
import { EvidenceCards } from "@/components/mrv/evidence-cards";
import { Reextract } from "@/components/mrv/record-actions";
import { RecordHead } from "@/components/mrv/record-head";
import { OutdatedNote } from "@/components/mrv/record-notes";
import { reviewHref, reviewQuery } from "@/components/mrv/review-query";
import { ReviewStep } from "@/components/mrv/review-step";
import { ReviewView } from "@/components/mrv/review-view";
import { Live } from "@/components/shell/live";
import { LinkButton } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Empty } from "@/components/ui/empty";
import { formatLength, formatNumber } from "@/components/ui/format";
import { Note } from "@/components/ui/note";
import { State } from "@/components/ui/state";
import { can } from "@/lib/auth/actor";
import { requireActor } from "@/lib/auth/session";
import { type ReviewCounts, reviewCounts, reviewQueue } from "@/lib/mrv/queries/queue";
import { getRecord } from "@/lib/mrv/queries/record";
import { getDb } from "@/lib/runtime";
import { nullIfNotFound, uuidOf } from "../../from-address";
import {
  approveRecordAction,
  approveRecordsAction,
  previewApprovalAction,
  reextractRecordAction,
  rejectRecordAction,
} from "../actions";
import { readEvidence } from "../read-evidence";
import { Restated } from "../restated";

export const metadata: Metadata = { title: "MRV review" };

const loadQuery = createLoader(reviewQuery);
const LONGEST_SEARCH = 200;

export default async function ReviewPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const actor = await requireActor();
  const ctx = { db: getDb(), actor };
  const canReview = can(actor, "mrv:review");
  const { record, ...filter } = await loadQuery(searchParams);
  const recordId = uuidOf(record);
  const [queue, counts, asked] = await Promise.all([
    reviewQueue(ctx, {
      recordId,
      show: filter.show,
      deviceId: uuidOf(filter.device),
      meterId: uuidOf(filter.meter),
      search: filter.q.slice(0, LONGEST_SEARCH) || undefined,
    }),
    reviewCounts(ctx),
    recordId === undefined ? null : readEvidence(ctx, recordId).catch(nullIfNotFound),
  ]);
  // Which one is open is in the address from the start: what is read again must not become another record under a reviewer's hands.
  if (!asked && queue.open) redirect(reviewHref(filter, queue.open.recordId));
  const isWaiting = asked !== null && queue.open?.recordId === asked.record.id;
  return (
    <>
      <ReviewView
        queue={queue}
        filter={filter}
        state={<StateLine counts={counts} />}
        record={asked?.record ?? null}
        may={asked && isWaiting ? asked.may : null}
        verbs={
          canReview
            ? {
                approve: approveRecordAction,
                reject: rejectRecordAction,
                preview: previewApprovalAction,
                approveAll: approveRecordsAction,
              }
            : null
        }
      >
        {asked ? (
          <>
            {!isWaiting && (
              <Note state="person" title="This record waits for no decision now">
                <p>
                  {asked.may.sentence} {queue.open ? "J opens the first that waits." : "Nothing else waits."}
                </p>
              </Note>
            )}
            {asked.record.restatedAt && (
              <Restated ctx={ctx} record={await getRecord(ctx, { recordId: asked.record.id })} />
            )}
            {asked.isOutdated && (
              <OutdatedNote
                action={
                  (canReview || can(actor, "tasks:operate")) && (
                    <Reextract recordId={asked.record.id} reextract={reextractRecordAction} />
                  )
                }
              />
            )}
            <EvidenceCards
              shown={asked}
              head={
                <RecordHead
                  record={asked.record}
                  end={
                    isWaiting &&
                    queue.open && (
                      <ReviewStep
                        place={queue.open.place}
                        total={queue.total}
                        previous={queue.open.previousId && reviewHref(filter, queue.open.previousId)}
                        next={queue.open.nextId && reviewHref(filter, queue.open.nextId)}
                      />
                    )
                  }
                />
              }
            />
          </>
        ) : (
          <NothingWaits counts={counts} />
        )}
      </ReviewView>
      <Live seconds={15} />
    </>
  );
}

function StateLine({ counts }: { counts: ReviewCounts }) {
  const { toReview, checksFailed, oldestAt, restated, unknown } = counts;
  return (
    <>
      <State state={toReview > 0 ? "person" : "succeeded"}>{formatNumber(toReview)} to review</State>
      {oldestAt && (
        <span>Oldest waiting {formatLength((Date.now() - oldestAt.getTime()) / 1000, { coarse: true })}</span>
      )}
      {checksFailed > 0 && <State state="failed">{formatNumber(checksFailed)} with failed checks</State>}
      {restated > 0 && (
        <Link href="/mrv/records?restated=true&acknowledged=false">
          <State state="person">{formatNumber(restated)} restated</State>
        </Link>
      )}
      {unknown > 0 && (
        <Link href="/mrv/records?status=submission_unknown">
          <State state="person">{formatNumber(unknown)} with an unknown outcome</State>
        </Link>
      )}
    </>
  );
}

function NothingWaits({ counts }: { counts: ReviewCounts }) {
  const isFiltered = counts.toReview + counts.checksFailed > 0;
  return (
    <Card>
      {isFiltered ? (
        <Empty
          title="Nothing fits this filter"
          action={<LinkButton href="/mrv/review">Show all that waits</LinkButton>}
        >
          Other records wait for a decision.
        </Empty>
      ) : (
        <Empty
          title="Nothing waits for a decision"
          action={
            <>
              <LinkButton href="/mrv/records">See records</LinkButton>
              <LinkButton href="/jobs" variant="quiet">
                See jobs
              </LinkButton>
            </>
          }
        >
          An MRV job makes a record of each period as soon as its readings are complete. Those whose checks have run
          wait here for a reviewer.
        </Empty>
      )}
    </Card>
  );
}
