import { sql } from "drizzle-orm";
import { integer, json, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
import type { JsonObject } from "../../guardian/json-object";
import type { MrvConfig } from "../../guardian/mrv-config";
import { createdAt, id, instant, updatedAt } from "./columns";

/** Devices of Guardian policies: what signs the records of their meters. */
export const devices = pgTable(
  "devices",
  {
    id: id(),
    name: text("name").notNull(),
    /** What is public of the device's MRV config, with the Guardian address in force. `json`, which keeps fields in the policy's order. */
    config: json("config").$type<MrvConfig>().notNull(),
    // Of the config, for SQL: they cannot say anything else than it does.
    did: text("did").notNull().generatedAlwaysAs(sql`config ->> 'did'`),
    policyId: text("policy_id").notNull().generatedAlwaysAs(sql`config ->> 'policyId'`),
    policyTag: text("policy_tag").notNull().generatedAlwaysAs(sql`config ->> 'policyTag'`),
    guardianUrl: text("guardian_url").notNull().generatedAlwaysAs(sql`config ->> 'guardianUrl'`),
    installerDid: text("installer_did").notNull().generatedAlwaysAs(sql`config ->> 'installerDid'`),
    /** JSON schema of the credential subject, where one was given. */
    subjectSchema: json("subject_schema").$type<JsonObject>(),
    /** The device's private key, sealed by `lib/secrets`; never read back to a screen. */
    deviceKey: text("device_key").notNull(),
    /** Id of the key that sealed it. */
    deviceKeyId: text("device_key_id").notNull(),
    /** What the reader of the config told the person who uploaded it. */
    notices: text("notices").array().notNull(),
    version: integer("version").notNull().default(1),
    archivedAt: instant("archived_at"),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [
    // Two devices in use with one key and policy would give their records the same ids.
    uniqueIndex("devices_live_key").on(table.did, table.policyId).where(sql`${table.archivedAt} is null`),
  ],
);
