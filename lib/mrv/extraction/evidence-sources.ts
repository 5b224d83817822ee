import { inArray } from "drizzle-orm";
import type { Db } from "../../db/client";
import { archiveObjects, emissionFactors } from "../../db/schema";
import type { EvidenceReading } from "../evidence/canonical-rows";
import type { EvidenceFactor, EvidenceObject } from "../evidence/manifest";

/** What readings rest on. */
export interface EvidenceSources {
  factors: Map<string, typeof emissionFactors.$inferSelect>;
  objects: Map<string, typeof archiveObjects.$inferSelect>;
}

/** The factors, the transformed objects and the raw ones behind all of these readings. */
export async function evidenceSources(db: Db, all: Iterable<readonly EvidenceReading[]>): Promise<EvidenceSources> {
  const factorIds = new Set<string>();
  const objectIds = new Set<string>();
  for (const readings of all) {
    for (const { factorId, objectId } of readings) {
      if (factorId !== null) factorIds.add(factorId);
      objectIds.add(objectId);
    }
  }
  const transformed = await objectsById(db, objectIds);
  const raw = await objectsById(db, new Set(transformed.flatMap(({ inputIds }) => inputIds ?? [])));
  const factors =
    factorIds.size === 0
      ? []
      : await db
          .select()
          .from(emissionFactors)
          .where(inArray(emissionFactors.id, [...factorIds]));
  return {
    factors: new Map(factors.map((row) => [row.id, row])),
    objects: new Map([...raw, ...transformed].map((row) => [row.id, row])),
  };
}

async function objectsById(db: Db, ids: ReadonlySet<string>) {
  if (ids.size === 0) return [];
  return db
    .select()
    .from(archiveObjects)
    .where(inArray(archiveObjects.id, [...ids]));
}

/** Those behind one record's readings, with how many readings each. */
export function factorsOf(readings: readonly EvidenceReading[], { factors }: EvidenceSources): EvidenceFactor[] {
  const times = new Map<string, number>();
  for (const { factorId } of readings) if (factorId !== null) times.set(factorId, (times.get(factorId) ?? 0) + 1);
  return [...times].sort(byId).map(([id, count]) => {
    const row = factors.get(id);
    if (!row) throw new Error(`Readings name the emission factor ${id}, which is not there.`);
    const { publisher, edition, region, scope, method, value, unit, source } = row;
    return {
      ...{ id, publisher, edition, region, scope, method, value, unit },
      validFrom: row.validFrom.toISOString(),
      validTo: row.validTo?.toISOString() ?? null,
      source,
      readings: count,
    };
  });
}

/** By kind and id. An object without a row is left out: the check of evidence says so. */
export function objectsOf(readings: readonly EvidenceReading[], { objects }: EvidenceSources): EvidenceObject[] {
  const ids = new Set(readings.map(({ objectId }) => objectId));
  for (const id of [...ids]) for (const input of objects.get(id)?.inputIds ?? []) ids.add(input);
  const rows = [...ids].flatMap((id) => objects.get(id) ?? []);
  rows.sort((a, b) => a.kind.localeCompare(b.kind) || a.id.localeCompare(b.id));
  return rows.map(({ id, kind, key, sha256, sizeBytes, contentType, origin, coversFrom, coversTo, inputIds }) => ({
    ...{ id, kind, key, sha256, sizeBytes, contentType, origin },
    coversFrom: coversFrom?.toISOString() ?? null,
    coversTo: coversTo?.toISOString() ?? null,
    inputIds: inputIds ?? [],
  }));
}

const byId = ([a]: [string, number], [b]: [string, number]) => a.localeCompare(b);
