import { doublePrecision, index, integer, jsonb, pgTable, text, uuid } from "drizzle-orm/pg-core";
import type { DataSourceType } from "../../connectors/contract";
import { createdAt, id, instant, updatedAt } from "./columns";
import { devices } from "./devices";

export interface LastTest {
  at: string;
  ok: boolean;
  message: string;
  newestReadingAt: string | null;
}

export const meters = pgTable(
  "meters",
  {
    id: id(),
    name: text("name").notNull(),
    /** Connector id, such as `WattWatchers`. */
    type: text("type").notNull(),
    dataSourceType: text("data_source_type").$type<DataSourceType>().notNull(),
    /** Vendor's resource id for API meters, bucket name for S3 meters. */
    dataSource: text("data_source").notNull(),
    /** Sealed by `lib/secrets`; never read back to a screen. */
    dataCredentials: text("data_credentials").notNull(),
    /** Id of the key that sealed it. */
    credentialsKeyId: text("credentials_key_id").notNull(),
    /**
     * Names the source account: type and a keyed fingerprint of the credential. Meters with one credential share quota
     * and in-flight limits by it.
     */
    accountKey: text("account_key").notNull(),
    /** A recognisable piece of the credential, such as `key_9f21…07`. */
    credentialHint: text("credential_hint").notNull(),
    /** The Guardian device that signs its records. */
    deviceId: uuid("device_id").references(() => devices.id),
    settings: jsonb("settings").$type<Record<string, unknown>>().notNull().default({}),
    /** IANA. */
    timezone: text("timezone").notNull(),
    /** Region of the emission factor; null: no carbon is calculated. */
    region: text("region"),
    capacityKw: doublePrecision("capacity_kw"),
    /** START of the newest reading stored; kept by ingestion. */
    newestReadingAt: instant("newest_reading_at"),
    lastTest: jsonb("last_test").$type<LastTest>(),
    version: integer("version").notNull().default(1),
    archivedAt: instant("archived_at"),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [
    index("meters_account_idx").on(table.accountKey),
    index("meters_name_idx").on(table.name, table.id),
    index("meters_device_idx").on(table.deviceId),
  ],
);
