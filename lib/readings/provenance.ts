import { and, eq, inArray } from "drizzle-orm";
import { authorise } from "../auth/actor";
import type { Ctx } from "../ctx";
import { archiveObjects, meterData, type Origin } from "../db/schema";
import { NotFound } from "../errors";

/** Names one reading. */
export interface ReadingKey {
  meterId: string;
  /** START of its interval. */
  timestamp: Date;
}

export interface ObjectOrigin {
  id: string;
  key: string;
  sha256: string;
  sizeBytes: number;
  origin: Origin;
  fetchedAt: Date;
}

export interface Provenance {
  reading: typeof meterData.$inferSelect;
  taskId: string;
  /** The transformed object the row was read from. */
  object: ObjectOrigin;
  /** The raw objects that one was made from, in order. */
  inputs: ObjectOrigin[];
}

/** Where a reading comes from, back to the raw bytes and their SHA-256. Throws NotFound. */
export async function provenanceOf(ctx: Ctx, key: ReadingKey): Promise<Provenance> {
  authorise(ctx.actor, "fleet:read", key.meterId);
  const [reading] = await ctx.db
    .select()
    .from(meterData)
    .where(and(eq(meterData.meterId, key.meterId), eq(meterData.timestamp, key.timestamp)));
  if (!reading) throw new NotFound("There is no such reading.");
  const [object] = await ctx.db.select().from(archiveObjects).where(eq(archiveObjects.id, reading.objectId));
  if (!object) throw new NotFound(`The archive has no row for the object ${reading.objectId}.`);
  const inputIds = object.inputIds ?? [];
  const rows =
    inputIds.length === 0 ? [] : await ctx.db.select().from(archiveObjects).where(inArray(archiveObjects.id, inputIds));
  const byId = new Map(rows.map((row) => [row.id, row]));
  const inputs = inputIds.flatMap((id) => byId.get(id) ?? []).map(originOf);
  return { reading, taskId: reading.taskId, object: originOf(object), inputs };
}

export function originOf(row: typeof archiveObjects.$inferSelect): ObjectOrigin {
  const { id, key, sha256, sizeBytes, origin, fetchedAt } = row;
  return { id, key, sha256, sizeBytes, origin, fetchedAt };
}
