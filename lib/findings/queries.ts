import { sql } from "drizzle-orm";
import { authorise } from "../auth/actor";
import type { Ctx } from "../ctx";
import { inScope } from "../overview/scope";
import type { Found } from "./check";
import { checks } from "./checks/registry";

export interface FindingRow {
  id: string;
  check: string;
  label: string;
  meaning: string;
  from: string;
  to: string;
  figure: number;
  threshold: number;
  unit: Found["unit"];
  sentence: string;
  firstSeenAt: string;
  lastSeenAt: string;
  clearedAt: string | null;
  acknowledged: { at: string; by: string; reason: string } | null;
}

export interface MeterFindings {
  /** Open ones that nobody has looked at, open ones that somebody has, healed ones; newest stretch first. */
  rows: FindingRow[];
  /** Open and not acknowledged. */
  open: number;
  /** There are more rows than these. */
  isCut: boolean;
}

/** What the checks found in one meter's readings. */
export async function findingsOfMeter(ctx: Ctx, meterId: string, limit = 20): Promise<MeterFindings> {
  authorise(ctx.actor, "fleet:read", meterId);
  const found = await ctx.db.execute<{
    id: string;
    check: string;
    from_at: string;
    to_at: string;
    figure: number;
    threshold: number;
    unit: Found["unit"];
    sentence: string;
    first_seen_at: string;
    last_seen_at: string;
    cleared_at: string | null;
    acknowledged_at: string | null;
    acknowledged_by: string | null;
    acknowledged_reason: string | null;
    open: number;
  }>(sql`
    select *, (count(*) filter (where cleared_at is null and acknowledged_at is null) over ())::int as open from findings
    where meter_id = ${meterId}::uuid
    order by cleared_at is not null, acknowledged_at is not null, from_at desc limit ${limit + 1}`);
  const known = new Map(checks.map((check) => [check.name, check]));
  return {
    open: found[0]?.open ?? 0,
    isCut: found.length > limit,
    rows: found.slice(0, limit).map((row) => ({
      id: row.id,
      check: row.check,
      label: known.get(row.check)?.label ?? row.check,
      meaning: known.get(row.check)?.meaning ?? "",
      from: toIso(row.from_at),
      to: toIso(row.to_at),
      figure: row.figure,
      threshold: row.threshold,
      unit: row.unit,
      sentence: row.sentence,
      firstSeenAt: toIso(row.first_seen_at),
      lastSeenAt: toIso(row.last_seen_at),
      clearedAt: row.cleared_at ? toIso(row.cleared_at) : null,
      acknowledged: row.acknowledged_at
        ? { at: toIso(row.acknowledged_at), by: row.acknowledged_by ?? "", reason: row.acknowledged_reason ?? "" }
        : null,
    })),
  };
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

function toIso(text: string): string {
  return new Date(text).toISOString();
}
