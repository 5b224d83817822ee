import type { Metadata } from "next";
import { createLoader, parseAsIsoDateTime, parseAsString, parseAsStringLiteral, type SearchParams } from "nuqs/server";
import { z } from "zod";
import { Live } from "@/components/shell/live";
import { TaskList } from "@/components/tasks/task-list";
import { formatNumber } from "@/components/ui/format";
import { PageHeader } from "@/components/ui/page-header";
import { State, states } from "@/components/ui/state";
import { Tabs } from "@/components/ui/tabs";
import { can } from "@/lib/auth/actor";
import { requireActor } from "@/lib/auth/session";
import type { Ctx } from "@/lib/ctx";
import { taskStates } from "@/lib/db/schema/tasks";
import { getMeter } from "@/lib/meters/queries";
import { getDb } from "@/lib/runtime";
import { countTasks, listTasks } from "@/lib/tasks/queries";
import { addDuration, dayStart } from "@/lib/time";
import { cancelTasksAction, retryTasksAction } from "./actions";

export const metadata: Metadata = { title: "Tasks" };

const loadQuery = createLoader({
  job: parseAsString,
  meter: parseAsString,
  day: parseAsString,
  state: parseAsStringLiteral(taskStates),
  from: parseAsIsoDateTime,
  to: parseAsIsoDateTime,
  cursor: parseAsString,
});

export default async function TasksPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const actor = await requireActor();
  const ctx = { db: getDb(), actor };
  const query = await loadQuery(searchParams);
  const uuid = (text: string | null) => (text !== null && z.uuid().safeParse(text).success ? text : undefined);
  const meterId = uuid(query.meter);
  const day = meterId && query.day ? await dayRange(ctx, meterId, query.day) : null;
  const scope = {
    jobId: uuid(query.job),
    meterId,
    from: (day?.from ?? query.from)?.toISOString(),
    to: (day?.to ?? query.to)?.toISOString(),
  };
  const [page, counts] = await Promise.all([
    listTasks(ctx, {
      ...scope,
      state: query.state ? [query.state] : undefined,
      limit: 50,
      cursor: query.cursor ?? undefined,
    }),
    countTasks(ctx, scope),
  ]);
  const all = Object.values(counts).reduce((sum, count) => sum + (count ?? 0), 0);
  const href = (changes: Record<string, string | null>) => {
    const given = {
      job: query.job,
      meter: query.meter,
      day: query.day,
      state: query.state,
      from: query.from?.toISOString(),
      to: query.to?.toISOString(),
    };
    const params = new URLSearchParams(
      Object.entries({ ...given, ...changes }).flatMap(([key, value]) => (value ? [[key, value]] : [])),
    );
    return params.size > 0 ? `/tasks?${params}` : "/tasks";
  };
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
          { href: href({ state: null }), label: "All tasks", count: formatNumber(all), current: query.state === null },
          ...taskStates
            .filter((state) => counts[state] || state === query.state)
            .map((state) => ({
              href: href({ state }),
              label: states[state].word,
              count: formatNumber(counts[state] ?? 0),
              current: query.state === state,
            })),
        ]}
      />
      <TaskList
        tasks={page.items}
        canOperate={can(actor, "tasks:operate")}
        isFiltered={query.state !== null || Object.values(scope).some((value) => value !== undefined)}
        retry={retryTasksAction}
        cancel={cancelTasksAction}
        firstHref={query.cursor ? href({ cursor: null }) : null}
        nextHref={page.nextCursor ? href({ cursor: page.nextCursor }) : null}
      />
      <Live seconds={10} />
    </>
  );
}

/** A civil day in the meter's zone. */
async function dayRange(ctx: Ctx, meterId: string, day: string) {
  const { timezone } = await getMeter(ctx, { meterId });
  const from = dayStart(day, timezone);
  return from && { from, to: addDuration(from, "P1D", timezone) };
}
