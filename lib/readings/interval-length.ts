import { sql } from "drizzle-orm";
import { connectorOf } from "../connectors/registry";
import { durationSeconds } from "../time";

/**
 * Seconds of the newest reading of meter `m`; null without one. A meter type names its shortest intervals, and a file may have
 * longer ones: half hours where five minutes are usual.
 */
export const newestSeconds = sql<number | null>`(
  select d.duration_seconds from meter_data d where d.meter_id = m.id and d.timestamp = m.newest_reading_at)`;

/** Seconds between a meter's readings: as its newest has it, before the first as its type usually does. */
export function intervalSeconds(meter: { type: string; newest_seconds: number | null }): number {
  return meter.newest_seconds ?? durationSeconds(connectorOf(meter.type).resolution);
}
