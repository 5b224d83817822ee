import { index, numeric, pgTable, text } from "drizzle-orm/pg-core";
import { createdAt, id, instant } from "./columns";

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
