import { and, desc, eq, gte, inArray, lt, type SQL } from "drizzle-orm";
import { z } from "zod";
import { authorise, meterScope } from "../auth/actor";
import type { Ctx } from "../ctx";
import { auditLog } from "../db/schema";
import { decodeCursor, type Page, page, pageQuery } from "../http/cursor";
import { instant } from "../http/fields";

export const auditQuery = z.object({
  ...pageQuery,
  actorId: z.string().max(200).optional(),
  action: z.string().max(100).optional(),
  objectType: z.string().max(100).optional(),
  objectId: z.string().max(200).optional(),
  meterId: z.uuid().optional(),
  from: instant.optional(),
  to: instant.optional(),
});

export const auditRowDto = z.object({
  seq: z.number().int(),
  at: z.iso.datetime(),
  actor: z.object({ kind: z.enum(["user", "token", "system"]), id: z.string(), name: z.string() }),
  action: z.string(),
  objectType: z.string(),
  objectId: z.string(),
  meterId: z.string().nullable(),
  details: z.record(z.string(), z.unknown()),
  previousHash: z.string(),
  hash: z.string(),
});
export type AuditRowDto = z.infer<typeof auditRowDto>;

/** Newest first. A token that is limited to meters sees only rows of those meters. */
export async function listAuditLog(ctx: Ctx, input: z.input<typeof auditQuery>): Promise<Page<AuditRowDto>> {
  authorise(ctx.actor, "audit:read");
  const query = auditQuery.parse(input);
  const scope = meterScope(ctx.actor);
  const where: (SQL | undefined)[] = [
    scope ? inArray(auditLog.meterId, [...scope]) : undefined,
    query.actorId ? eq(auditLog.actorId, query.actorId) : undefined,
    query.action ? eq(auditLog.action, query.action) : undefined,
    query.objectType ? eq(auditLog.objectType, query.objectType) : undefined,
    query.objectId ? eq(auditLog.objectId, query.objectId) : undefined,
    query.meterId ? eq(auditLog.meterId, query.meterId) : undefined,
    query.from ? gte(auditLog.at, query.from) : undefined,
    query.to ? lt(auditLog.at, query.to) : undefined,
    query.cursor ? lt(auditLog.seq, decodeCursor(query.cursor, z.tuple([z.number().int()]))[0]) : undefined,
  ];
  const rows = await ctx.db
    .select()
    .from(auditLog)
    .where(and(...where))
    .orderBy(desc(auditLog.seq))
    .limit(query.limit + 1);
  return page(rows, query.limit, (row) => [row.seq], toDto);
}

function toDto(row: typeof auditLog.$inferSelect): AuditRowDto {
  const { actorKind, actorId, actorName, at, ...rest } = row;
  return { ...rest, at: at.toISOString(), actor: { kind: actorKind, id: actorId, name: actorName } };
}
