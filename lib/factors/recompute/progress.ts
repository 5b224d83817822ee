import { desc, eq, inArray, sql } from "drizzle-orm";
import { authorise } from "../../auth/actor";
import type { Ctx } from "../../ctx";
import type { Db } from "../../db/client";
import { carbonRecomputeParts, carbonRecomputes } from "../../db/schema";
import { NotFound } from "../../errors";
import type { RecomputeDto } from "./schemas";
import type { RecomputeRow } from "./store-recompute";

/** Throws NotFound. */
export async function recomputeOf(db: Db, id: string): Promise<RecomputeDto> {
  const rows = await db.select().from(carbonRecomputes).where(eq(carbonRecomputes.id, id));
  const [dto] = await withProgress(db, rows);
  if (!dto) throw new NotFound("There is no such recompute.");
  return dto;
}

/** The newest twenty, with their progress as it is now. */
export async function listRecomputes(ctx: Ctx): Promise<RecomputeDto[]> {
  authorise(ctx.actor, "fleet:read");
  const rows = await ctx.db.select().from(carbonRecomputes).orderBy(desc(carbonRecomputes.createdAt)).limit(20);
  return withProgress(ctx.db, rows);
}

async function withProgress(db: Db, rows: readonly RecomputeRow[]): Promise<RecomputeDto[]> {
  if (rows.length === 0) return [];
  const sums = await db
    .select({
      id: carbonRecomputeParts.recomputeId,
      parts: sql<number>`count(*)::int`,
      partsDone: sql<number>`count(${carbonRecomputeParts.doneAt})::int`,
      rowsChanged: sql<number>`sum(${carbonRecomputeParts.rowsChanged})::int`,
    })
    .from(carbonRecomputeParts)
    .where(
      inArray(
        carbonRecomputeParts.recomputeId,
        rows.map(({ id }) => id),
      ),
    )
    .groupBy(carbonRecomputeParts.recomputeId);
  const byId = new Map(sums.map((sum) => [sum.id, sum]));
  return rows.map((row) => {
    const { parts = 0, partsDone = 0, rowsChanged = 0 } = byId.get(row.id) ?? {};
    return {
      id: row.id,
      region: row.region,
      from: row.fromAt,
      to: row.toAt,
      factorId: row.factorId,
      status: row.finishedAt ? "done" : "running",
      rowsPlanned: row.rowsPlanned,
      rowsChanged,
      parts,
      partsDone,
      createdBy: row.createdBy,
      createdAt: row.createdAt,
      finishedAt: row.finishedAt,
    };
  });
}
