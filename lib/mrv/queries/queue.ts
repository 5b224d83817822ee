import { and, asc, count, desc, eq, inArray, type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { authorise } from "../../auth/actor";
import type { Ctx } from "../../ctx";
import { mrvRecords } from "../../db/schema";
import { parseInput } from "../../field-errors";
import type { RecordSummary } from "../schemas";
import { reviewStatuses } from "../statuses";
import { recordWhere } from "./record-where";
import { createdKey, selectSummaries, summaryOf } from "./summary-rows";

type Group = (typeof reviewStatuses)[number];

export const queueQuery = z.strictObject({
  /** The one that is open. Absent, or no longer waiting: the first. */
  recordId: z.uuid().optional(),
  show: z.enum(["all", "passed", "failed"]).default("all"),
  deviceId: z.uuid().optional(),
  meterId: z.uuid().optional(),
  search: z.string().trim().max(200).optional(),
});

export interface QueueItem extends RecordSummary {
  /** The first check that failed, and its figure as it is shown: `Largest gap`, `95 min`. */
  failed: { label: string; figure: string | null } | null;
}

export interface ReviewQueue {
  /** Around the open one: those whose checks passed before the others, oldest first. */
  items: QueueItem[];
  /** How many there are in all, and before the first of `items`. */
  total: number;
  before: number;
  /** The open one, its place in the queue from 1, and its neighbours. Null where nothing waits. */
  open: { recordId: string; place: number; previousId: string | null; nextId: string | null } | null;
}

const BEFORE = 20;
const AFTER = 40;

/**
 * What waits for a reviewer, as a window around the open record: each side is at most two walks of the index on status and age, so that
 * the ten thousandth opens as fast as the first.
 */
export async function reviewQueue(ctx: Ctx, input: z.input<typeof queueQuery> = {}): Promise<ReviewQueue> {
  authorise(ctx.actor, "fleet:read");
  const { recordId, show, ...filter } = parseInput(queueQuery, input);
  const groups: readonly Group[] =
    show === "passed" ? ["verified"] : show === "failed" ? ["verification_failed"] : reviewStatuses;
  const walk: Walk = { ctx, groups, where: await recordWhere(ctx, { ...filter, replaced: false }) };
  const [totals, asked] = await Promise.all([
    countByGroup(walk),
    recordId === undefined ? undefined : keyOf(walk, eq(mrvRecords.id, recordId)),
  ]);
  const total = groups.reduce((sum, group) => sum + totals[group], 0);
  const key = asked ?? (await firstOf(walk));
  if (!key) return { items: [], total, before: 0, open: null };
  const [earlierInGroup, earlier, later] = await Promise.all([
    countBefore(walk, key),
    takeBefore(walk, key),
    takeFrom(walk, key),
  ]);
  const place = 1 + earlierInGroup + groupsBefore(walk, key).reduce((sum, group) => sum + totals[group], 0);
  return {
    items: [...earlier, ...later],
    total,
    before: place - 1 - earlier.length,
    open: {
      recordId: key.id,
      place,
      previousId: earlier.at(-1)?.id ?? null,
      nextId: later[1]?.id ?? null,
    },
  };
}

export interface ReviewCounts {
  toReview: number;
  checksFailed: number;
  oldestAt: Date | null;
  /** Readings changed after somebody had decided; no correcting record was made since, and nobody has acknowledged it. */
  restated: number;
  /** Nobody knows whether they arrived. */
  unknown: number;
  submissionFailed: number;
}

/** What waits for a person, whatever a page filters. Every part is a walk of an index. */
export async function reviewCounts(ctx: Ctx): Promise<ReviewCounts> {
  authorise(ctx.actor, "fleet:read");
  const scope = await recordWhere(ctx, { replaced: false });
  const [byStatus, [restated]] = await Promise.all([
    ctx.db
      .select({ status: mrvRecords.status, records: count(), oldestAt: sql<string>`min(${mrvRecords.createdAt})` })
      .from(mrvRecords)
      .where(and(inArray(mrvRecords.status, [...reviewStatuses, "submission_unknown", "submission_failed"]), scope))
      .groupBy(mrvRecords.status),
    ctx.db.select({ records: count() }).from(mrvRecords).where(and(isOpenRestatement, scope)),
  ]);
  const of = (status: (typeof byStatus)[number]["status"]) =>
    byStatus.find((row) => row.status === status)?.records ?? 0;
  const waiting = byStatus.filter(({ status }) => status === "verified" || status === "verification_failed");
  const oldest = Math.min(...waiting.map(({ oldestAt }) => new Date(oldestAt).getTime()));
  return {
    toReview: of("verified"),
    checksFailed: of("verification_failed"),
    oldestAt: waiting.length === 0 ? null : new Date(oldest),
    restated: restated?.records ?? 0,
    unknown: of("submission_unknown"),
    submissionFailed: of("submission_failed"),
  };
}

/** Restated, and neither acknowledged nor corrected since. */
const isOpenRestatement = sql`${mrvRecords.restatedAt} is not null and ${mrvRecords.restatementAcknowledgedAt} is null and not exists (
  select 1 from mrv_records c where c.corrects_id = ${mrvRecords.id} and c.meter_id = ${mrvRecords.meterId}
    and c.status <> 'rejected' and c.replaced_at is null)`;

interface Walk {
  ctx: Ctx;
  groups: readonly Group[];
  where: SQL | undefined;
}

interface Key {
  group: Group;
  createdKey: string;
  id: string;
}

async function countByGroup({ ctx, groups, where }: Walk): Promise<Record<Group, number>> {
  const rows = await ctx.db
    .select({ status: mrvRecords.status, records: count() })
    .from(mrvRecords)
    .where(and(inArray(mrvRecords.status, [...groups]), where))
    .groupBy(mrvRecords.status);
  const of = (group: Group) => rows.find(({ status }) => status === group)?.records ?? 0;
  return { verified: of("verified"), verification_failed: of("verification_failed") };
}

async function keyOf({ ctx, groups, where }: Walk, which: SQL): Promise<Key | undefined> {
  const [row] = await ctx.db
    .select({ group: sql<Group>`${mrvRecords.status}`, createdKey, id: mrvRecords.id })
    .from(mrvRecords)
    .where(and(which, inArray(mrvRecords.status, [...groups]), where))
    .orderBy(asc(mrvRecords.createdAt), asc(mrvRecords.id))
    .limit(1);
  return row;
}

async function firstOf(walk: Walk): Promise<Key | undefined> {
  for (const group of walk.groups) {
    const key = await keyOf(walk, eq(mrvRecords.status, group));
    if (key) return key;
  }
  return undefined;
}

async function countBefore({ ctx, where }: Walk, key: Key): Promise<number> {
  const [row] = await ctx.db
    .select({ records: count() })
    .from(mrvRecords)
    .where(and(eq(mrvRecords.status, key.group), where, sql`${position} < ${at(key)}`));
  return row?.records ?? 0;
}

async function takeBefore(walk: Walk, key: Key): Promise<QueueItem[]> {
  const rows = await items(walk, and(eq(mrvRecords.status, key.group), sql`${position} < ${at(key)}`), BEFORE, true);
  for (const group of groupsBefore(walk, key).reverse()) {
    if (rows.length >= BEFORE) break;
    rows.push(...(await items(walk, eq(mrvRecords.status, group), BEFORE - rows.length, true)));
  }
  return rows.reverse();
}

/** The record itself and what follows. */
async function takeFrom(walk: Walk, key: Key): Promise<QueueItem[]> {
  const rows = await items(walk, and(eq(mrvRecords.status, key.group), sql`${position} >= ${at(key)}`), AFTER, false);
  for (const group of walk.groups.slice(walk.groups.indexOf(key.group) + 1)) {
    if (rows.length >= AFTER) break;
    rows.push(...(await items(walk, eq(mrvRecords.status, group), AFTER - rows.length, false)));
  }
  return rows;
}

function groupsBefore({ groups }: Walk, { group }: Key): Group[] {
  return groups.slice(0, groups.indexOf(group));
}

const position = sql`(${mrvRecords.createdAt}, ${mrvRecords.id})`;
const at = (key: Key) => sql`(${key.createdKey}::timestamptz, ${key.id}::uuid)`;

const failedCheck = sql<QueueItem["failed"]>`(select jsonb_build_object('label', c->'label', 'figure', c->'figure')
  from jsonb_array_elements(${mrvRecords.checks}) c where c->>'result' = 'failed' limit 1)`;

async function items({ ctx, where }: Walk, which: SQL | undefined, limit: number, isBackwards: boolean) {
  const direction = isBackwards ? desc : asc;
  const rows = await selectSummaries(ctx.db, { failed: failedCheck })
    .where(and(which, where))
    .orderBy(direction(mrvRecords.createdAt), direction(mrvRecords.id))
    .limit(limit);
  return rows.map((row): QueueItem => ({ ...summaryOf(row), failed: row.failed }));
}
