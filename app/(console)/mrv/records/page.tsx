import type { Metadata } from "next";
import { createLoader, type SearchParams } from "nuqs/server";
import { RecordFilters } from "@/components/mrv/record-filters";
import { RecordTable } from "@/components/mrv/record-table";
import { recordLooks } from "@/components/mrv/record-words";
import { recordFilterKeys, recordsHref, recordsQuery } from "@/components/mrv/records-query";
import { Live } from "@/components/shell/live";
import { LinkButton } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Empty } from "@/components/ui/empty";
import { formatNumber } from "@/components/ui/format";
import { PageHeader } from "@/components/ui/page-header";
import { Pager } from "@/components/ui/pager";
import { State } from "@/components/ui/state";
import { Tabs } from "@/components/ui/tabs";
import { requireActor } from "@/lib/auth/session";
import { getDevice } from "@/lib/devices/queries";
import { getJob } from "@/lib/jobs/queries";
import { getMeter } from "@/lib/meters/queries";
import { countRecords, listRecords } from "@/lib/mrv/queries/records";
import { recordStatuses } from "@/lib/mrv/statuses";
import { shellFacts } from "@/lib/overview/shell-facts";
import { getDb } from "@/lib/runtime";
import { rangeOf } from "@/lib/tasks/interval-range";
import { nullIfNotFound, uuidOf } from "../../from-address";

export const metadata: Metadata = { title: "MRV records" };

const loadQuery = createLoader(recordsQuery);
const PAGE_SIZE = 50;
const LONGEST_SEARCH = 200;

export default async function RecordsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const actor = await requireActor();
  const ctx = { db: getDb(), actor };
  const query = await loadQuery(searchParams);
  const [meterId, deviceId, jobId] = [uuidOf(query.meter), uuidOf(query.device), uuidOf(query.job)];
  const [meter, device, job, { siteZone }] = await Promise.all([
    meterId ? getMeter(ctx, { meterId }).catch(nullIfNotFound) : null,
    deviceId ? getDevice(ctx, { deviceId }).catch(nullIfNotFound) : null,
    jobId ? getJob(ctx, { jobId }).catch(nullIfNotFound) : null,
    shellFacts(ctx),
  ]);
  const scope = {
    meterId,
    deviceId,
    jobId,
    search: query.q.slice(0, LONGEST_SEARCH) || undefined,
    restated: query.restated ?? undefined,
    acknowledged: query.acknowledged ?? undefined,
    ...rangeOf({ from: query.from, to: query.to }, meter?.timezone ?? siteZone, new Date()),
  };
  // What another took the place of is counted and listed by itself: its status says no more what it was.
  const current = { ...scope, replaced: query.replaced ?? false };
  const [counts, replaced, page] = await Promise.all([
    countRecords(ctx, { ...scope, replaced: false }),
    countRecords(ctx, { ...scope, replaced: true }),
    listRecords(ctx, {
      ...current,
      ...(query.status.length > 0 && { status: query.status }),
      limit: PAGE_SIZE,
      cursor: query.cursor ?? undefined,
    }),
  ]);
  const all = sumOf(counts);
  const gone = sumOf(replaced);
  const href = (changes: Partial<Record<keyof typeof query, unknown>>) =>
    recordsHref({ ...query, cursor: null, ...changes });
  const isReplaced = query.replaced === true;
  const isFiltered =
    query.status.length > 0 || recordFilterKeys.some((key) => query[key] !== null && query[key] !== "");
  const { items, nextCursor } = page;
  return (
    <>
      <PageHeader
        title="MRV records"
        state={recordStatuses.map((status) =>
          counts[status] ? (
            <State key={status} state={recordLooks[status].state}>
              {formatNumber(counts[status] ?? 0)} {recordLooks[status].word.toLowerCase()}
            </State>
          ) : null,
        )}
        actions={<LinkButton href="/mrv/review">Review</LinkButton>}
      />
      <Tabs
        label="Records by status"
        tabs={[
          {
            href: href({ status: null, replaced: null }),
            label: "All records",
            count: formatNumber(all),
            current: query.status.length === 0 && !isReplaced,
          },
          ...recordStatuses
            .filter((status) => counts[status] || (query.status.includes(status) && !isReplaced))
            .map((status) => ({
              href: href({ status: [status], replaced: null }),
              label: recordLooks[status].word,
              count: formatNumber(counts[status] ?? 0),
              current: !isReplaced && query.status.length === 1 && query.status[0] === status,
            })),
          ...(gone > 0 || isReplaced
            ? [
                {
                  href: href({ status: null, replaced: true }),
                  label: "Replaced",
                  count: formatNumber(gone),
                  current: isReplaced,
                },
              ]
            : []),
        ]}
      />
      <RecordFilters meterName={meter?.name ?? null} deviceName={device?.name ?? null} jobName={job?.name ?? null} />
      <Card>
        {items.length === 0 ? (
          <Empty
            title={isFiltered ? "No record fits these filters" : "No records yet"}
            action={!isFiltered && <LinkButton href="/jobs">See jobs</LinkButton>}
          >
            {isFiltered
              ? "Take a filter off to see others."
              : "An MRV job of a meter with a device makes a record of each period as soon as its readings are complete."}
          </Empty>
        ) : (
          <>
            <RecordTable records={items} />
            <Pager
              previous={query.cursor ? href({}) : null}
              previousLabel="First page"
              next={nextCursor ? href({ cursor: nextCursor }) : null}
            >
              <span className="qq">
                {formatNumber(items.length)} {items.length === 1 ? "record" : "records"} shown
              </span>
            </Pager>
          </>
        )}
      </Card>
      <Live seconds={15} />
    </>
  );
}

function sumOf(counts: Partial<Record<string, number>>): number {
  return Object.values(counts).reduce<number>((sum, count) => sum + (count ?? 0), 0);
}
