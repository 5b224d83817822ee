import { and, eq, gte, inArray, lt, or, type SQL } from "drizzle-orm";
import { type Actor, meterScope } from "../auth/actor";
import { meterTasks } from "../db/schema/tasks";
import type { TaskFilter } from "./schemas";

/** The tasks a filter names, within the meters the actor may see. */
export function taskWhere(actor: Actor, filter: TaskFilter): SQL | undefined {
  const scope = meterScope(actor);
  return and(
    scope ? inArray(meterTasks.meterId, [...scope]) : undefined,
    filter.jobId ? eq(meterTasks.jobId, filter.jobId) : undefined,
    filter.meterId ? eq(meterTasks.meterId, filter.meterId) : undefined,
    filter.backfillId ? eq(meterTasks.backfillId, filter.backfillId) : undefined,
    filter.state ? inArray(meterTasks.state, filter.state) : undefined,
    filter.stage ? eq(meterTasks.stage, filter.stage) : undefined,
    filter.from ? gte(meterTasks.intervalStart, filter.from) : undefined,
    filter.to ? lt(meterTasks.intervalStart, filter.to) : undefined,
    filter.ranges
      ? or(
          ...filter.ranges.map(({ from, to }) =>
            and(gte(meterTasks.intervalStart, from), lt(meterTasks.intervalStart, to)),
          ),
        )
      : undefined,
  );
}
