import { and, desc, eq, gt, isNull, lte, or, type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { authorise } from "../auth/actor";
import type { Ctx } from "../ctx";
import { emissionFactors } from "../db/schema";
import { decodeCursor, type Page, page } from "../http/cursor";
import { instant } from "../http/fields";
import { type FactorDto, listFactorsQuery, toDto } from "./schemas";

/** By region, newest validity first. */
export async function listFactors(ctx: Ctx, input: z.input<typeof listFactorsQuery>): Promise<Page<FactorDto>> {
  authorise(ctx.actor, "fleet:read");
  const query = listFactorsQuery.parse(input);
  const { region, validFrom, validTo, supersededAt, id } = emissionFactors;
  const after = query.cursor === undefined ? undefined : decodeCursor(query.cursor, cursorShape);
  const where: (SQL | undefined)[] = [
    query.region ? eq(region, query.region) : undefined,
    query.superseded ? undefined : isNull(supersededAt),
    query.at ? and(lte(validFrom, query.at), or(isNull(validTo), gt(validTo, query.at))) : undefined,
    after
      ? sql`(${region} > ${after[0]} or (${region} = ${after[0]} and (${validFrom}, ${id}) < (${after[1].toISOString()}::timestamptz, ${after[2]}::uuid)))`
      : undefined,
  ];
  const rows = await ctx.db
    .select()
    .from(emissionFactors)
    .where(and(...where))
    .orderBy(region, desc(validFrom), desc(id))
    .limit(query.limit + 1);
  return page(rows, query.limit, (row) => [row.region, row.validFrom.toISOString(), row.id], toDto);
}

const cursorShape = z.tuple([z.string(), instant, z.uuid()]);
