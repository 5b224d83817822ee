import { sql } from "drizzle-orm";
import { doublePrecision, index, jsonb, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import type { Found } from "../../findings/check";
import { createdAt, id, instant, updatedAt } from "./columns";
import { meters } from "./meters";

/** What a check found in a meter's readings. Cleared, not deleted, when the readings heal; open again when it comes back. */
export const findings = pgTable(
  "findings",
  {
    id: id(),
    meterId: uuid("meter_id")
      .notNull()
      .references(() => meters.id),
    /** Name of a check of `lib/findings/checks/registry.ts`. */
    check: text("check").notNull(),
    /** Half-open. */
    fromAt: instant("from_at").notNull(),
    toAt: instant("to_at").notNull(),
    figure: doublePrecision("figure").notNull(),
    threshold: doublePrecision("threshold").notNull(),
    /** Of figure and threshold. */
    unit: text("unit").$type<Found["unit"]>().notNull(),
    sentence: text("sentence").notNull(),
    firstSeenAt: instant("first_seen_at").notNull(),
    lastSeenAt: instant("last_seen_at").notNull(),
    clearedAt: instant("cleared_at"),
    acknowledgedAt: instant("acknowledged_at"),
    acknowledgedBy: text("acknowledged_by"),
    acknowledgedReason: text("acknowledged_reason"),
  },
  (table) => [
    uniqueIndex("findings_meter_check_from_key").on(table.meterId, table.check, table.fromAt),
    index("findings_open_idx").on(table.meterId, table.fromAt).where(sql`${table.clearedAt} is null`),
  ],
);

/** Stretches whose readings changed and have not been checked yet. Written by ingestion, deleted in the checks' transaction. */
export const readingChanges = pgTable(
  "reading_changes",
  {
    id: id(),
    meterId: uuid("meter_id")
      .notNull()
      .references(() => meters.id),
    fromAt: instant("from_at").notNull(),
    toAt: instant("to_at").notNull(),
    createdAt: createdAt(),
  },
  (table) => [index("reading_changes_meter_idx").on(table.meterId, table.createdAt)],
);

/** Thresholds that differ from the defaults, by meter. Apart from `meters.settings`, which belong to the connector. */
export const meterThresholds = pgTable("meter_thresholds", {
  meterId: uuid("meter_id")
    .primaryKey()
    .references(() => meters.id),
  /** Checked by `thresholdsSchema`. */
  thresholds: jsonb("thresholds").$type<Record<string, unknown>>().notNull(),
  updatedAt: updatedAt(),
});
