import { asc, desc, sql } from "drizzle-orm";
import { authorise } from "../auth/actor";
import type { Ctx } from "../ctx";
import { emissionFactors } from "../db/schema";
import { type FactorDto, toDto } from "./schemas";

/** Factors that follow one another: of one publisher, region, scope and method. */
export interface FactorLine {
  id: string;
  region: string;
  method: FactorDto["method"];
  scope: string;
  publisher: string;
  /** Oldest validity first; superseded ones are not among them. */
  factors: FactorDto[];
  superseded: FactorDto[];
  /** Meters that name the region; archived ones left out. */
  meters: number;
}

/** Every factor there is, by region. */
export async function factorTable(ctx: Ctx): Promise<FactorLine[]> {
  authorise(ctx.actor, "fleet:read");
  const rows = await ctx.db
    .select()
    .from(emissionFactors)
    .orderBy(
      asc(emissionFactors.region),
      asc(emissionFactors.method),
      asc(emissionFactors.scope),
      asc(emissionFactors.publisher),
      asc(emissionFactors.validFrom),
      desc(emissionFactors.createdAt),
    );
  const counts = await ctx.db.execute<{ region: string; meters: number }>(
    sql`select region, count(*)::int as meters from meters where region is not null and archived_at is null group by region`,
  );
  const meters = new Map(counts.map((row) => [row.region, row.meters]));
  const lines = new Map<string, FactorLine>();
  for (const row of rows) {
    const { region, method, scope, publisher } = row;
    const id = [region, method, scope, publisher].join("/");
    const line = lines.get(id) ?? {
      id,
      region,
      method,
      scope,
      publisher,
      factors: [],
      superseded: [],
      meters: meters.get(region) ?? 0,
    };
    (row.supersededAt ? line.superseded : line.factors).push(toDto(row));
    lines.set(id, line);
  }
  return [...lines.values()];
}
