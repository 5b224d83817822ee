import { sql } from "drizzle-orm";
import { index, integer, numeric, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { createdAt, id, instant } from "./columns";
import { meters } from "./meters";

export const factorMethods = ["location", "market", "combined_margin", "marginal"] as const;

/**
 * kg CO2-e per kWh. Two factors of one publisher, region, scope and method never overlap in validity unless one is
 * superseded (exclusion constraint in the migrations).
 */
export const emissionFactors = pgTable(
  "emission_factors",
  {
    id: id(),
    publisher: text("publisher").notNull(),
    edition: text("edition").notNull(),
    region: text("region").notNull(),
    scope: text("scope").notNull(),
    method: text("method").$type<(typeof factorMethods)[number]>().notNull(),
    value: numeric("value").notNull(),
    unit: text("unit").$type<"kg CO2-e/kWh">().notNull(),
    validFrom: instant("valid_from").notNull(),
    /** Exclusive; null: open. */
    validTo: instant("valid_to"),
    source: text("source").notNull(),
    note: text("note"),
    supersededAt: instant("superseded_at"),
    createdAt: createdAt(),
  },
  (table) => [index("emission_factors_region_idx").on(table.region, table.validFrom)],
);

/** One order to bring stored carbon of a region in line with the factors as they are. Its parts say how far it is. */
export const carbonRecomputes = pgTable(
  "carbon_recomputes",
  {
    id: id(),
    region: text("region").notNull(),
    /** Only readings that start in this range; null: open. */
    fromAt: instant("from_at"),
    toAt: instant("to_at"),
    /** The new factor that was the reason; null: ordered by itself. */
    factorId: uuid("factor_id").references(() => emissionFactors.id),
    rowsPlanned: integer("rows_planned").notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: createdAt(),
    finishedAt: instant("finished_at"),
  },
  (table) => [index("carbon_recomputes_open_idx").on(table.createdAt).where(sql`${table.finishedAt} is null`)],
);

/** A meter's month (UTC) of a recompute: what one transaction works through. */
export const carbonRecomputeParts = pgTable(
  "carbon_recompute_parts",
  {
    recomputeId: uuid("recompute_id")
      .notNull()
      .references(() => carbonRecomputes.id),
    meterId: uuid("meter_id")
      .notNull()
      .references(() => meters.id),
    monthAt: instant("month_at").notNull(),
    rowsPlanned: integer("rows_planned").notNull(),
    rowsChanged: integer("rows_changed").notNull().default(0),
    doneAt: instant("done_at"),
  },
  (table) => [
    primaryKey({ name: "carbon_recompute_parts_pkey", columns: [table.recomputeId, table.meterId, table.monthAt] }),
  ],
);
