import { and, eq, gte, inArray, lt, or, type SQL, sql } from "drizzle-orm";
import { type Actor, meterScope } from "../auth/actor";
import { meters } from "../db/schema/meters";
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
    filter.type ? eq(meterTasks.type, filter.type) : undefined,
    filter.stage ? eq(meterTasks.stage, filter.stage) : undefined,
    filter.waitReason ? eq(meterTasks.waitReason, filter.waitReason) : undefined,
    filter.accountKey
      ? sql`${meterTasks.meterId} in (select id from ${meters} where ${meters.accountKey} = ${filter.accountKey})`
      : undefined,
    filter.from ? gte(meterTasks.intervalStart, filter.from) : undefined,
    filter.to ? lt(meterTasks.intervalStart, filter.to) : undefined,
    filter.ranges
      ? or(
          ...filter.ranges.map(({ from, to }) =>
            and(gte(meterTasks.intervalStart, from), lt(meterTasks.intervalStart, to)),
          ),
        )
      : undefined,
    filter.errorCode ? sql`${lastErrorCode} = ${filter.errorCode} and ${meterTasks.state} <> 'succeeded'` : undefined,
    filter.minRetries ? gte(meterTasks.retryCount, filter.minRetries) : undefined,
  );
}

/** The code of the newest attempt that failed; null where none did. */
export const lastErrorCode = sql<string | null>`${meterTasks.executionErrs}->-1->>'code'`;
