import { sql } from "drizzle-orm";
import {
  boolean,
  customType,
  doublePrecision,
  index,
  integer,
  json,
  jsonb,
  numeric,
  pgTable,
  text,
  unique,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import type { JsonObject } from "../../guardian/json-object";
import type { MrvConfig } from "../../guardian/mrv-config";
import type { OutcomeKind } from "../../guardian/send-failure";
import type { MetricName } from "../../metrics/registry";
import type { CheckResult } from "../../mrv/check-result";
import type { EvidenceManifest } from "../../mrv/evidence/manifest";
import type { MrvSettings } from "../../mrv/settings";
import type { RecordStatus } from "../../mrv/statuses";
import { createdAt, id, instant, updatedAt } from "./columns";
import { devices } from "./devices";
import { meterJobs } from "./jobs";
import { meters } from "./meters";
import { meterTasks } from "./tasks";

const bytes = customType<{ data: Uint8Array; driverData: Buffer }>({
  dataType: () => "bytea",
  toDriver: (value) => Buffer.from(value),
});

/** What readings say now about a record whose readings changed after somebody had put a name under it. */
export interface Restatement {
  /** Readings of the period that were written since the record was made. */
  readings: number;
  /** The record's figures then and the readings' now, decimal text. */
  before: { value: string | null; carbonTons: string | null; readings: number };
  now: { value: string | null; carbonTons: string | null; readings: number };
  seenAt: string;
}

/** A person looked at a restatement that nothing more can be done about. It stays for good, also when readings change again. */
export interface RestatementAcknowledgement extends Pick<Restatement, "before" | "now"> {
  at: string;
  /** User or token id; the name for the system. */
  byId: string;
  byName: string;
  reason: string;
}

/**
 * What records were signed with, once for all that are alike: a device's config and JSON schema may be replaced, and what it signed must stay
 * explainable. Public, like the config in `devices`.
 */
export const mrvSigningConfigs = pgTable("mrv_signing_configs", {
  /** Of both as they are written (`keepSigningConfig`). */
  sha256: text("sha256").primaryKey(),
  config: json("config").$type<MrvConfig>().notNull(),
  subjectSchema: json("subject_schema").$type<JsonObject>(),
  createdAt: createdAt(),
});

/**
 * One measured figure of a device over a period, with its evidence, on its way to Guardian. Live are those that are not rejected and
 * not replaced by another: exclusion constraints (see the migration) let no two live ones of a device and policy, nor of a meter, overlap in a metric.
 */
export const mrvRecords = pgTable(
  "mrv_records",
  {
    id: id(),
    deviceId: uuid("device_id")
      .notNull()
      .references(() => devices.id),
    /** The device's at extraction: a device that is added anew is the same one. */
    did: text("did").notNull(),
    policyId: text("policy_id").notNull(),
    meterId: uuid("meter_id")
      .notNull()
      .references(() => meters.id),
    jobId: uuid("job_id")
      .notNull()
      .references(() => meterJobs.id),
    taskId: uuid("task_id")
      .notNull()
      .references(() => meterTasks.id),
    metric: text("metric").$type<MetricName>().notNull(),
    unit: text("unit").notNull(),
    periodStart: instant("period_start").notNull(),
    periodEnd: instant("period_end").notNull(),
    timezone: text("timezone").notNull(),
    /** Null without any reading. */
    value: numeric("value"),
    carbonTons: numeric("carbon_tons"),
    readings: integer("readings").notNull(),
    expected: integer("expected").notNull(),
    /** Present over expected. */
    coverage: doublePrecision("coverage").notNull(),
    /** The job's at extraction, parsed. */
    settings: jsonb("settings").$type<MrvSettings>().notNull(),
    /** `json`: shown and hashed as it was written. */
    evidence: json("evidence").$type<EvidenceManifest>().notNull(),
    evidenceHash: text("evidence_hash").notNull(),
    /** Of what its readings say, without which objects they are from: what was changed and changed back is no restatement. */
    valuesHash: text("values_hash").notNull(),
    checks: jsonb("checks").$type<CheckResult[]>().notNull().default([]),
    checksPassed: integer("checks_passed").notNull().default(0),
    checksFailed: integer("checks_failed").notNull().default(0),
    status: text("status").$type<RecordStatus>().notNull().default("extracted"),
    /** The record whose place it took (it was rejected, failed or outdated). */
    replacesId: uuid("replaces_id"),
    /** Set on the record that was replaced, in the transaction that wrote the new one. */
    replacedAt: instant("replaced_at"),
    /** The submitted record that it corrects, and its number among corrections of the period: 0 is the first record. */
    correctsId: uuid("corrects_id"),
    correction: integer("correction").notNull().default(0),
    /** A person asked for a correction of this submitted record; cleared in the transaction that writes it. */
    correctionOrderedAt: instant("correction_ordered_at"),
    verifiedAt: instant("verified_at"),
    decidedAt: instant("decided_at"),
    /** User or token id; the name for the system. */
    decidedById: text("decided_by_id"),
    decidedByName: text("decided_by_name"),
    isAutoApproved: boolean("is_auto_approved").notNull().default(false),
    /** Of a rejection, or of an approval in spite of a failed check. */
    reason: text("reason"),
    credentialId: text("credential_id"),
    /** The exact signed text, stored before anything leaves. */
    credential: text("credential"),
    /** Of the values to be signed. The approval sets it: no others are signed. */
    payloadHash: text("payload_hash"),
    /** The device's config and JSON schema at signing. */
    signedWith: text("signed_with").references(() => mrvSigningConfigs.sha256),
    /** `issuanceDate` and `created`: kept, so that signing again gives the same bytes. */
    issuedAt: instant("issued_at"),
    /** When the next attempt is due; null: none is. */
    submitAt: instant("submit_at"),
    submittedAt: instant("submitted_at"),
    restatedAt: instant("restated_at"),
    restatement: jsonb("restatement").$type<Restatement>(),
    /** Set while a person has acknowledged the restatement as it is; a further one, or none, clears it. */
    restatementAcknowledgedAt: instant("restatement_acknowledged_at"),
    /** Oldest first. */
    acknowledgements: jsonb("acknowledgements").$type<RestatementAcknowledgement[]>().notNull().default([]),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [
    index("mrv_records_status_idx").on(table.status, table.createdAt, table.id),
    index("mrv_records_created_idx").on(table.createdAt, table.id),
    index("mrv_records_meter_idx").on(table.meterId, table.periodStart),
    index("mrv_records_task_idx").on(table.taskId),
    index("mrv_records_submit_idx").on(table.submitAt).where(sql`${table.submitAt} is not null`),
    // Lists are walked by age: what has no record, or old ones only, must not be looked for among those of the whole fleet.
    index("mrv_records_device_created_idx").on(table.deviceId, table.createdAt, table.id),
    index("mrv_records_meter_created_idx").on(table.meterId, table.createdAt, table.id),
    index("mrv_records_job_created_idx").on(table.jobId, table.createdAt, table.id),
    index("mrv_records_period_idx").on(table.periodStart),
    // For counts, which take nothing else.
    index("mrv_records_standing_idx").on(table.status, table.replacedAt),
    index("mrv_records_restated_idx").on(table.createdAt, table.id).where(sql`${table.restatedAt} is not null`),
    index("mrv_records_open_restated_idx")
      .on(table.createdAt, table.id)
      .where(sql`${table.restatedAt} is not null and ${table.restatementAcknowledgedAt} is null`),
    index("mrv_records_corrects_idx").on(table.correctsId).where(sql`${table.correctsId} is not null`),
    index("mrv_records_credential_idx").on(table.credentialId).where(sql`${table.credentialId} is not null`),
    uniqueIndex("mrv_records_replaces_key").on(table.replacesId).where(sql`${table.replacesId} is not null`),
  ],
);

/**
 * Stretches with records whose readings changed, in the transaction of the change. Deleted by whoever has compared the records with
 * what their readings say now.
 */
export const mrvReadingChanges = pgTable("mrv_reading_changes", {
  id: id(),
  meterId: uuid("meter_id")
    .notNull()
    .references(() => meters.id),
  fromAt: instant("from_at").notNull(),
  toAt: instant("to_at").notNull(),
  createdAt: createdAt(),
});

/** Every time a record left or tried to. A row is written before its request, as `sending`. */
export const mrvSubmissions = pgTable(
  "mrv_submissions",
  {
    id: id(),
    recordId: uuid("record_id")
      .notNull()
      .references(() => mrvRecords.id),
    /** 1, 2, … */
    attempt: integer("attempt").notNull(),
    state: text("state").$type<"sending" | OutcomeKind>().notNull().default("sending"),
    url: text("url").notNull(),
    /** The body, byte for byte. */
    request: bytes("request").notNull(),
    requestSha256: text("request_sha256").notNull(),
    startedAt: instant("started_at").notNull(),
    /** After it a row that is still `sending` belongs to a process that died: what became of it is unknown. */
    deadlineAt: instant("deadline_at").notNull(),
    finishedAt: instant("finished_at"),
    durationMs: integer("duration_ms"),
    answerStatus: integer("answer_status"),
    answerHeaders: jsonb("answer_headers").$type<Record<string, string>>(),
    answer: bytes("answer"),
    answerSha256: text("answer_sha256"),
    isAnswerWhole: boolean("is_answer_whole"),
    /** Stable, in capitals; null when it was accepted. */
    code: text("code"),
    /** What became of it, in a sentence. */
    message: text("message"),
    createdAt: createdAt(),
  },
  (table) => [
    unique("mrv_submissions_record_attempt_key").on(table.recordId, table.attempt),
    // One at a time, and one that Guardian took.
    uniqueIndex("mrv_submissions_sending_key").on(table.recordId).where(sql`${table.state} = 'sending'`),
    uniqueIndex("mrv_submissions_accepted_key").on(table.recordId).where(sql`${table.state} = 'accepted'`),
  ],
);
