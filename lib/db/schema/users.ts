import { sql } from "drizzle-orm";
import { boolean, integer, jsonb, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import type { Role } from "../../auth/roles";
import { createdAt, id, instant, updatedAt } from "./columns";

export const users = pgTable(
  "users",
  {
    id: id(),
    email: text("email").notNull(),
    name: text("name").notNull(),
    /** argon2id, with its parameters. */
    passwordHash: text("password_hash").notNull(),
    roles: text("roles").array().$type<Role[]>().notNull(),
    failedSignIns: integer("failed_sign_ins").notNull().default(0),
    lockedUntil: instant("locked_until"),
    /** Wrong tries in a row from where the person was signed in before: strangers cannot use these up. */
    knownDeviceFailures: integer("known_device_failures").notNull().default(0),
    /** Raised to end every session of the user at once. */
    sessionEpoch: integer("session_epoch").notNull().default(1),
    lastSignInAt: instant("last_sign_in_at"),
    disabledAt: instant("disabled_at"),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [uniqueIndex("users_email_key").on(sql`lower(${table.email})`)],
);

export const apiTokens = pgTable(
  "api_tokens",
  {
    id: id(),
    name: text("name").notNull(),
    /** SHA-256, hex; the token itself is shown once and never stored. */
    tokenHash: text("token_hash").notNull(),
    /** First characters, to tell tokens apart. */
    prefix: text("prefix").notNull(),
    role: text("role").$type<Role>().notNull(),
    /** Null: all meters. */
    meterIds: uuid("meter_ids").array(),
    createdBy: text("created_by").notNull(),
    expiresAt: instant("expires_at"),
    lastUsedAt: instant("last_used_at"),
    revokedAt: instant("revoked_at"),
    createdAt: createdAt(),
  },
  (table) => [uniqueIndex("api_tokens_token_hash_key").on(table.tokenHash)],
);

/** One row: what the first start needs to know. */
export const installation = pgTable("installation", {
  isOnlyRow: boolean("is_only_row").primaryKey().default(true),
  /** SHA-256 of the one-time token printed in the terminal; null once the first administrator exists. */
  setupTokenHash: text("setup_token_hash"),
  /** Which seed has been planted ("demo"), so that a restart does not plant it again. */
  seeds: jsonb("seeds").$type<string[]>().notNull().default([]),
  createdAt: createdAt(),
});
