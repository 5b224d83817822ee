import { and, desc, eq, gt, isNull, lte, or, type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { authorise } from "../auth/actor";
import type { Ctx } from "../ctx";
import { emissionFactors, factorMethods } from "../db/schema";
import { decodeCursor, type Page, page, pageQuery } from "../http/cursor";
import { instant, instantOut } from "../http/fields";

export const listFactorsQuery = z.object({
  ...pageQuery,
  region: z.string().max(60).optional(),
  at: instant.optional().meta({ description: "Only factors that hold at this instant." }),
  superseded: z.boolean().default(false).meta({ description: "True: superseded ones too." }),
});

export const factorDto = z.object({
  id: z.uuid(),
  publisher: z.string(),
  edition: z.string(),
  region: z.string(),
  scope: z.string(),
  method: z.enum(factorMethods),
  value: z.string().meta({ description: "Decimal text, kg CO2-e per kWh." }),
  unit: z.literal("kg CO2-e/kWh"),
  validFrom: instantOut,
  validTo: instantOut.nullable().meta({ description: "Exclusive; null: open." }),
  source: z.string(),
  note: z.string().nullable(),
  supersededAt: instantOut.nullable(),
});
export type FactorDto = z.input<typeof factorDto>;

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
      ? sql`(${region} > ${after[0]} or (${region} = ${after[0]} and (${validFrom}, ${id}) < (${after[1]}::timestamptz, ${after[2]}::uuid)))`
      : undefined,
  ];
  const rows = await ctx.db
    .select()
    .from(emissionFactors)
    .where(and(...where))
    .orderBy(region, desc(validFrom), desc(id))
    .limit(query.limit + 1);
  return page(
    rows,
    query.limit,
    (row) => [row.region, row.validFrom.toISOString(), row.id],
    ({ createdAt: _createdAt, ...row }) => row,
  );
}

const cursorShape = z.tuple([z.string(), z.iso.datetime(), z.uuid()]);
