import { and, asc, eq, inArray, isNotNull, isNull, or, type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { authorise, meterScope } from "../auth/actor";
import type { Ctx } from "../ctx";
import { meters } from "../db/schema";
import { meterStatesSql } from "../fleet/freshness";
import type { MeterState } from "../fleet/meter-states";
import { decodeCursor, type Page, page } from "../http/cursor";
import { getMeterRow, toDto, toDtoWithState } from "./internal";
import { listMetersQuery, type MeterDto, meterIdInput } from "./schemas";

/** Throws NotFound; Forbidden for a token that is limited to other meters. */
export async function getMeter(ctx: Ctx, input: z.input<typeof meterIdInput>): Promise<MeterDto> {
  const { meterId } = meterIdInput.parse(input);
  authorise(ctx.actor, "fleet:read", meterId);
  return toDtoWithState(ctx.db, await getMeterRow(ctx.db, meterId));
}

const cursorShape = z.tuple([z.string(), z.uuid()]);

/** By name. A token that is limited to meters sees only those. */
export async function listMeters(ctx: Ctx, input: z.input<typeof listMetersQuery>): Promise<Page<MeterDto>> {
  authorise(ctx.actor, "fleet:read");
  const query = listMetersQuery.parse(input);
  const scope = meterScope(ctx.actor);
  const after = query.cursor === undefined ? undefined : decodeCursor(query.cursor, cursorShape);
  const states = sql`(${meterStatesSql(new Date())}) as states`;
  const where: (SQL | undefined)[] = [
    query.archived ? isNotNull(meters.archivedAt) : isNull(meters.archivedAt),
    scope ? inArray(meters.id, [...scope]) : undefined,
    query.type ? inArray(meters.type, query.type) : undefined,
    query.state ? inArray(sql`states.state`, query.state) : undefined,
    query.search ? contains(query.search) : undefined,
    after ? sql`(${meters.name}, ${meters.id}) > (${after[0]}, ${after[1]}::uuid)` : undefined,
  ];
  const rows = await ctx.db
    .select({ meter: meters, state: sql<MeterState | null>`states.state` })
    .from(meters)
    .leftJoin(states, eq(sql`states.meter_id`, meters.id))
    .where(and(...where))
    .orderBy(asc(meters.name), asc(meters.id))
    .limit(query.limit + 1);
  return page(
    rows,
    query.limit,
    ({ meter }) => [meter.name, meter.id],
    ({ meter, state }) => toDto(meter, state),
  );
}

function contains(text: string): SQL | undefined {
  const pattern = `%${text.replace(/[\\%_]/g, "\\$&")}%`;
  return or(sql`${meters.name} ilike ${pattern}`, sql`${meters.dataSource} ilike ${pattern}`);
}

/** Of meters in use, by name: for choices in forms. */
export async function meterNames(ctx: Ctx): Promise<{ id: string; name: string }[]> {
  authorise(ctx.actor, "fleet:read");
  const scope = meterScope(ctx.actor);
  return ctx.db
    .select({ id: meters.id, name: meters.name })
    .from(meters)
    .where(and(isNull(meters.archivedAt), scope ? inArray(meters.id, [...scope]) : undefined))
    .orderBy(asc(meters.name), asc(meters.id));
}
