import type { Metadata } from "next";
import { createLoader, type SearchParams } from "nuqs/server";
import { Live } from "@/components/shell/live";
import { TaskFilters } from "@/components/tasks/task-filters";
import { TaskList } from "@/components/tasks/task-list";
import { taskFilterKeys, taskQuery } from "@/components/tasks/task-query";
import { formatNumber } from "@/components/ui/format";
import { PageHeader } from "@/components/ui/page-header";
import { State, states } from "@/components/ui/state";
import { Tabs } from "@/components/ui/tabs";
import { can } from "@/lib/auth/actor";
import { requireActor } from "@/lib/auth/session";
import { taskStates } from "@/lib/db/schema/tasks";
import { getJob } from "@/lib/jobs/queries";
import { getMeter } from "@/lib/meters/queries";
import { shellFacts } from "@/lib/overview/shell-facts";
import { getDb } from "@/lib/runtime";
import { rangeOf } from "@/lib/tasks/interval-range";
import { countErrorCodes, countTasks, listTasks } from "@/lib/tasks/queries";
import { nullIfNotFound, uuidOf } from "../from-address";
import { cancelTasksAction, retryTasksAction } from "./actions";

export const metadata: Metadata = { title: "Tasks" };

const loadQuery = createLoader(taskQuery);
const PAGE_SIZE = 50;

export default async function TasksPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const actor = await requireActor();
  const ctx = { db: getDb(), actor };
  const query = await loadQuery(searchParams);
  const meterId = uuidOf(query.meter);
  const jobId = uuidOf(query.job);
  const [meter, job, { siteZone }] = await Promise.all([
    meterId ? getMeter(ctx, { meterId }).catch(nullIfNotFound) : null,
    jobId ? getJob(ctx, { jobId }).catch(nullIfNotFound) : null,
    shellFacts(ctx),
  ]);
  const range = rangeOf(query, meter?.timezone ?? job?.timezone ?? siteZone, new Date());
  const scope = {
    jobId,
    meterId,
    type: query.type ?? undefined,
    stage: query.stage ?? undefined,
    waitReason: query.wait ?? undefined,
    accountKey: query.account ?? undefined,
    errorCode: query.error ?? undefined,
    minRetries: query.retries ?? undefined,
    from: range.from?.toISOString(),
    to: range.to?.toISOString(),
  };
  const filter = { ...scope, ...(query.state.length > 0 && { state: query.state }) };
  const [page, counts, codes] = await Promise.all([
    listTasks(ctx, {
      ...filter,
      sort: query.sort,
      descending: query.dir === "desc",
      limit: PAGE_SIZE,
      cursor: query.cursor ?? undefined,
    }),
    countTasks(ctx, scope),
    countErrorCodes(ctx, { ...scope, errorCode: undefined }),
  ]);
  const all = sumOf(Object.values(counts));
  const total = query.state.length > 0 ? sumOf(query.state.map((state) => counts[state] ?? 0)) : all;
  const href = (changes: Partial<Record<keyof typeof query, string | null>>) => hrefOf({ ...query, ...changes });
  const isFiltered = query.state.length > 0 || taskFilterKeys.some((key) => query[key] !== null);
  return (
    <>
      <PageHeader
        title="Tasks"
        state={taskStates.map((state) =>
          counts[state] ? (
            <State key={state} state={state}>
              {formatNumber(counts[state] ?? 0)} {states[state].word.toLowerCase()}
            </State>
          ) : null,
        )}
      />
      <Tabs
        label="Tasks by state"
        tabs={[
          {
            href: href({ state: null, cursor: null }),
            label: "All tasks",
            count: formatNumber(all),
            current: query.state.length === 0,
          },
          ...taskStates
            .filter((state) => counts[state] || query.state.includes(state))
            .map((state) => ({
              href: href({ state, cursor: null }),
              label: states[state].word,
              count: formatNumber(counts[state] ?? 0),
              current: query.state.length === 1 && query.state[0] === state,
            })),
        ]}
      />
      <TaskFilters meterName={meter?.name ?? null} jobName={job?.name ?? null} codes={codes} />
      <TaskList
        key={href({})}
        tasks={page.items}
        total={total}
        filter={isFiltered ? filter : null}
        canOperate={can(actor, "tasks:operate")}
        isFiltered={isFiltered}
        retry={retryTasksAction}
        cancel={cancelTasksAction}
        firstHref={query.cursor ? href({ cursor: null }) : null}
        nextHref={page.nextCursor ? href({ cursor: page.nextCursor }) : null}
      />
      <Live seconds={10} />
    </>
  );
}

function sumOf(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Defaults are left out of the address. */
function hrefOf(query: Record<string, string | number | readonly string[] | null>): string {
  const defaults: Record<string, string> = { sort: "interval", dir: "desc" };
  const params = new URLSearchParams(
    Object.entries(query).flatMap(([key, value]) =>
      value === null || String(value) === (defaults[key] ?? "") ? [] : [[key, String(value)]],
    ),
  );
  return params.size > 0 ? `/tasks?${params}` : "/tasks";
}
