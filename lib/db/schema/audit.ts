import { bigint, index, jsonb, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { instant } from "./columns";

/** Who changed what. Written in the transaction of the change; each row's hash covers the one before. */
export const auditLog = pgTable(
  "audit_log",
  {
    seq: bigint("seq", { mode: "number" }).primaryKey(),
    at: instant("at").notNull(),
    actorKind: text("actor_kind").$type<"user" | "token" | "system">().notNull(),
    /** User or token id; the name for the system. */
    actorId: text("actor_id").notNull(),
    actorName: text("actor_name").notNull(),
    /** `noun.past-tense`, such as `job.paused`. */
    action: text("action").notNull(),
    objectType: text("object_type").notNull(),
    objectId: text("object_id").notNull(),
    /** Where the change touches one meter: four-eyes review reads it. */
    meterId: uuid("meter_id"),
    details: jsonb("details").$type<Record<string, unknown>>().notNull(),
    previousHash: text("previous_hash").notNull(),
    hash: text("hash").notNull(),
  },
  (table) => [
    uniqueIndex("audit_log_previous_hash_key").on(table.previousHash),
    index("audit_log_object_idx").on(table.objectType, table.objectId),
    index("audit_log_meter_idx").on(table.meterId, table.at),
  ],
);
