import { index, integer, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { instant } from "./columns";

/** Calls of an account in one window. A call is taken here before it is made. */
export const sourceQuotas = pgTable(
  "source_quotas",
  {
    accountKey: text("account_key").notNull(),
    window: text("window").$type<"second" | "day">().notNull(),
    windowStart: instant("window_start").notNull(),
    limit: integer("limit").notNull(),
    used: integer("used").notNull().default(0),
    resetAt: instant("reset_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
  },
  (table) => [
    primaryKey({ name: "source_quotas_pkey", columns: [table.accountKey, table.window] }),
    index("source_quotas_reset_idx").on(table.resetAt),
  ],
);
