import { and, desc, eq, inArray, isNotNull, isNull, lt, or, type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { authorise } from "../auth/actor";
import type { Ctx } from "../ctx";
import { findings } from "../db/schema";
import { decodeCursor, type Page, page } from "../http/cursor";
import { getMeterRow } from "../meters/internal";
import { inScope } from "../overview/scope";
import { checks } from "./checks/registry";
import { type FindingDto, type FindingState, listFindingsInput } from "./schemas";

const isOpen = and(isNull(findings.clearedAt), isNull(findings.acknowledgedAt));
const states: Record<FindingState, SQL | undefined> = {
  open: isOpen,
  acknowledged: and(isNull(findings.clearedAt), isNotNull(findings.acknowledgedAt)),
  healed: isNotNull(findings.clearedAt),
};

/** What the checks found in one meter's readings, the newest stretch first. */
export async function listFindings(ctx: Ctx, input: z.input<typeof listFindingsInput>): Promise<Page<FindingDto>> {
  const { meterId, state, check, cursor, limit } = listFindingsInput.parse(input);
  authorise(ctx.actor, "fleet:read", meterId);
  await getMeterRow(ctx.db, meterId);
  const after = cursor === undefined ? undefined : decodeCursor(cursor, z.tuple([z.iso.datetime(), z.uuid()]));
  const fromAt = after && new Date(after[0]);
  const rows = await ctx.db
    .select()
    .from(findings)
    .where(
      and(
        eq(findings.meterId, meterId),
        state && or(...state.map((each) => states[each])),
        check && inArray(findings.check, check),
        fromAt && or(lt(findings.fromAt, fromAt), and(eq(findings.fromAt, fromAt), lt(findings.id, after?.[1] ?? ""))),
      ),
    )
    .orderBy(desc(findings.fromAt), desc(findings.id))
    .limit(limit + 1);
  return page(rows, limit, ({ fromAt, id }) => [fromAt.toISOString(), id], toDto);
}

/** How many findings of a meter stand where. */
export async function countFindings(ctx: Ctx, meterId: string): Promise<Record<FindingState, number>> {
  authorise(ctx.actor, "fleet:read", meterId);
  const count = (state: FindingState) => sql<number>`(count(*) filter (where ${states[state]}))::int`;
  const [row] = await ctx.db
    .select({ open: count("open"), acknowledged: count("acknowledged"), healed: count("healed") })
    .from(findings)
    .where(eq(findings.meterId, meterId));
  return row ?? { open: 0, acknowledged: 0, healed: 0 };
}

export interface OpenFindings {
  findings: number;
  meters: number;
  /** The meter, where it is the only one. */
  meter: { id: string; name: string } | null;
}

/** Open findings that nobody has acknowledged, over the meters the actor may see. */
export async function openFindings(ctx: Ctx): Promise<OpenFindings> {
  authorise(ctx.actor, "fleet:read");
  const [row] = await ctx.db.execute<{ findings: number; meters: number; id: string | null; name: string | null }>(sql`
    select count(*)::int as findings, count(distinct m.id)::int as meters, min(m.id::text) as id, min(m.name) as name
    from findings f join meters m on m.id = f.meter_id
    where f.cleared_at is null and f.acknowledged_at is null and m.archived_at is null and ${inScope(ctx)}`);
  const meters = row?.meters ?? 0;
  return {
    findings: row?.findings ?? 0,
    meters,
    meter: meters === 1 && row?.id ? { id: row.id, name: row.name ?? "" } : null,
  };
}

const known = new Map(checks.map((check) => [check.name, check]));

export function toDto(row: typeof findings.$inferSelect): FindingDto {
  const check = known.get(row.check);
  const { acknowledgedAt: at, acknowledgedBy: by, acknowledgedReason: reason } = row;
  return {
    id: row.id,
    meterId: row.meterId,
    check: row.check,
    label: check?.label ?? row.check,
    meaning: check?.meaning ?? "",
    state: row.clearedAt ? "healed" : at ? "acknowledged" : "open",
    from: row.fromAt,
    to: row.toAt,
    figure: row.figure,
    threshold: row.threshold,
    unit: row.unit,
    sentence: row.sentence,
    firstSeenAt: row.firstSeenAt,
    lastSeenAt: row.lastSeenAt,
    healedAt: row.clearedAt,
    acknowledged: at ? { at, by: by ?? "", reason: reason ?? "" } : null,
  };
}
