CREATE TABLE "mrv_signing_configs" (
	"sha256" text PRIMARY KEY NOT NULL,
	"config" json NOT NULL,
	"subject_schema" json,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "mrv_records" (
	"id" uuid PRIMARY KEY DEFAULT uuid_v7() NOT NULL,
	"device_id" uuid NOT NULL,
	"did" text NOT NULL,
	"policy_id" text NOT NULL,
	"meter_id" uuid NOT NULL,
	"job_id" uuid NOT NULL,
	"task_id" uuid NOT NULL,
	"metric" text NOT NULL,
	"unit" text NOT NULL,
	"period_start" timestamp with time zone NOT NULL,
	"period_end" timestamp with time zone NOT NULL,
	"timezone" text NOT NULL,
	"value" numeric,
	"carbon_tons" numeric,
	"readings" integer NOT NULL,
	"expected" integer NOT NULL,
	"coverage" double precision NOT NULL,
	"settings" jsonb NOT NULL,
	"evidence" json NOT NULL,
	"evidence_hash" text NOT NULL,
	"values_hash" text NOT NULL,
	"checks" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"checks_passed" integer DEFAULT 0 NOT NULL,
	"checks_failed" integer DEFAULT 0 NOT NULL,
	"status" text DEFAULT 'extracted' NOT NULL,
	"replaces_id" uuid,
	"replaced_at" timestamp with time zone,
	"corrects_id" uuid,
	"correction" integer DEFAULT 0 NOT NULL,
	"correction_ordered_at" timestamp with time zone,
	"verified_at" timestamp with time zone,
	"decided_at" timestamp with time zone,
	"decided_by_id" text,
	"decided_by_name" text,
	"is_auto_approved" boolean DEFAULT false NOT NULL,
	"reason" text,
	"credential_id" text,
	"credential" text,
	"payload_hash" text,
	"signed_with" text,
	"issued_at" timestamp with time zone,
	"submit_at" timestamp with time zone,
	"submitted_at" timestamp with time zone,
	"restated_at" timestamp with time zone,
	"restatement" jsonb,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "mrv_reading_changes" (
	"id" uuid PRIMARY KEY DEFAULT uuid_v7() NOT NULL,
	"meter_id" uuid NOT NULL,
	"from_at" timestamp with time zone NOT NULL,
	"to_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "mrv_submissions" (
	"id" uuid PRIMARY KEY DEFAULT uuid_v7() NOT NULL,
	"record_id" uuid NOT NULL,
	"attempt" integer NOT NULL,
	"state" text DEFAULT 'sending' NOT NULL,
	"url" text NOT NULL,
	"request" "bytea" NOT NULL,
	"request_sha256" text NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"deadline_at" timestamp with time zone NOT NULL,
	"finished_at" timestamp with time zone,
	"duration_ms" integer,
	"answer_status" integer,
	"answer_headers" jsonb,
	"answer" "bytea",
	"answer_sha256" text,
	"is_answer_whole" boolean,
	"code" text,
	"message" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "mrv_submissions_record_attempt_key" UNIQUE("record_id","attempt")
);
--> statement-breakpoint
ALTER TABLE "mrv_records" ADD CONSTRAINT "mrv_records_device_id_devices_id_fk" FOREIGN KEY ("device_id") REFERENCES "public"."devices"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mrv_records" ADD CONSTRAINT "mrv_records_meter_id_meters_id_fk" FOREIGN KEY ("meter_id") REFERENCES "public"."meters"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mrv_records" ADD CONSTRAINT "mrv_records_job_id_meter_jobs_id_fk" FOREIGN KEY ("job_id") REFERENCES "public"."meter_jobs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mrv_records" ADD CONSTRAINT "mrv_records_task_id_meter_tasks_id_fk" FOREIGN KEY ("task_id") REFERENCES "public"."meter_tasks"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mrv_records" ADD CONSTRAINT "mrv_records_signed_with_mrv_signing_configs_sha256_fk" FOREIGN KEY ("signed_with") REFERENCES "public"."mrv_signing_configs"("sha256") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mrv_submissions" ADD CONSTRAINT "mrv_submissions_record_id_mrv_records_id_fk" FOREIGN KEY ("record_id") REFERENCES "public"."mrv_records"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "mrv_records_status_idx" ON "mrv_records" USING btree ("status","created_at","id");--> statement-breakpoint
CREATE INDEX "mrv_records_created_idx" ON "mrv_records" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "mrv_records_device_idx" ON "mrv_records" USING btree ("device_id","period_start");--> statement-breakpoint
CREATE INDEX "mrv_records_meter_idx" ON "mrv_records" USING btree ("meter_id","period_start");--> statement-breakpoint
CREATE INDEX "mrv_records_task_idx" ON "mrv_records" USING btree ("task_id");--> statement-breakpoint
CREATE INDEX "mrv_records_submit_idx" ON "mrv_records" USING btree ("submit_at") WHERE "mrv_records"."submit_at" is not null;--> statement-breakpoint
CREATE INDEX "mrv_records_restated_idx" ON "mrv_records" USING btree ("restated_at") WHERE "mrv_records"."restated_at" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "mrv_records_replaces_key" ON "mrv_records" USING btree ("replaces_id") WHERE "mrv_records"."replaces_id" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "mrv_submissions_sending_key" ON "mrv_submissions" USING btree ("record_id") WHERE "mrv_submissions"."state" = 'sending';--> statement-breakpoint
CREATE UNIQUE INDEX "mrv_submissions_accepted_key" ON "mrv_submissions" USING btree ("record_id") WHERE "mrv_submissions"."state" = 'accepted';--> statement-breakpoint
ALTER TABLE "task_batches" ADD COLUMN "type" text DEFAULT 'etl' NOT NULL;--> statement-breakpoint
ALTER TABLE "mrv_reading_changes" ADD CONSTRAINT "mrv_reading_changes_meter_id_meters_id_fk" FOREIGN KEY ("meter_id") REFERENCES "public"."meters"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "meter_tasks_mrv_pending_idx" ON "meter_tasks" USING btree ("priority","due_at","id") WHERE "meter_tasks"."state" = 'pending' and "meter_tasks"."type" = 'mrv';--> statement-breakpoint
alter table "mrv_records" add constraint "mrv_records_status" check (status in ('extracted', 'verified', 'verification_failed', 'approved', 'rejected',
  'submitting', 'submitted', 'submission_failed', 'submission_unknown'));--> statement-breakpoint
alter table "mrv_records" add constraint "mrv_records_period" check (period_end > period_start);--> statement-breakpoint
alter table "mrv_records" add constraint "mrv_records_replaced_never_left" check (replaced_at is null or status in ('extracted', 'verified',
  'verification_failed', 'rejected', 'submission_failed'));--> statement-breakpoint
alter table "mrv_records" add constraint "mrv_records_decided" check (status in ('extracted', 'verified', 'verification_failed')
  or (decided_at is not null and decided_by_id is not null));--> statement-breakpoint
alter table "mrv_records" add constraint "mrv_records_signed" check (num_nonnulls(credential_id, credential, issued_at) in (0, 3)
  and (credential is null or payload_hash is not null));--> statement-breakpoint
alter table "mrv_records" add constraint "mrv_records_correction" check ((correction = 0) = (corrects_id is null));--> statement-breakpoint
-- No double issuance: neither by one device of a policy, under whichever row it stands here, nor of one meter's energy by two devices.
alter table "mrv_records" add constraint "mrv_records_one_per_device" exclude using gist (
  did with =, policy_id with =, metric with =, correction with =, tstzrange(period_start, period_end) with &&
) where (status <> 'rejected' and replaced_at is null);--> statement-breakpoint
alter table "mrv_records" add constraint "mrv_records_one_per_meter" exclude using gist (
  meter_id with =, metric with =, correction with =, tstzrange(period_start, period_end) with &&
) where (status <> 'rejected' and replaced_at is null);--> statement-breakpoint
alter table "mrv_submissions" add constraint "mrv_submissions_state" check (state in ('sending', 'accepted', 'refused', 'unknown'));
