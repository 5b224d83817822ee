import { eq, sql } from "drizzle-orm";
import type { Ctx } from "../ctx";
import type { Db } from "../db/client";
import { meters } from "../db/schema";
import { NotFound } from "../errors";
import { meterStatesSql } from "../fleet/freshness";
import type { MeterState } from "../fleet/meter-states";
import type { Worker } from "../pipeline/worker";
import type { MeterDto } from "./schemas";

/** For verbs that check and seal credentials. */
export type SealingCtx = Ctx & { readonly worker: Pick<Worker, "secrets" | "addresses"> };

export type MeterRow = typeof meters.$inferSelect;

/** Throws NotFound. Archived meters are found too. */
export async function getMeterRow(db: Db, meterId: string, lock = false): Promise<MeterRow> {
  const query = db.select().from(meters).where(eq(meters.id, meterId));
  const [row] = await (lock ? query.for("update") : query);
  if (!row) throw new NotFound("There is no such meter.");
  return row;
}

/** What a credential is sealed to: it does not open in another row. */
export function credentialContext(meterId: string): string {
  return `meters.data_credentials:${meterId}`;
}

/** Names fields one by one, so that a new column stays inside until somebody decides otherwise. */
export function toDto(row: MeterRow, state: MeterState | null): MeterDto {
  return {
    id: row.id,
    name: row.name,
    type: row.type,
    dataSourceType: row.dataSourceType,
    dataSource: row.dataSource,
    credentialHint: row.credentialHint,
    settings: row.settings,
    timezone: row.timezone,
    region: row.region,
    capacityKw: row.capacityKw,
    deviceId: row.deviceId,
    state,
    newestReadingAt: row.newestReadingAt,
    lastTest: row.lastTest,
    version: row.version,
    archivedAt: row.archivedAt,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}

/** The DTO of one meter with where it stands now. */
export async function toDtoWithState(db: Db, row: MeterRow): Promise<MeterDto> {
  if (row.archivedAt) return toDto(row, null);
  const [found] = await db.execute<{ state: MeterState }>(
    sql`select state from (${meterStatesSql(new Date())}) as states where meter_id = ${row.id}`,
  );
  return toDto(row, found?.state ?? null);
}
