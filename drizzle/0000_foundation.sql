-- Time-ordered ids in plain SQL: PostgreSQL has uuidv7() of its own only from version 18.
create function uuid_v7() returns uuid language sql volatile parallel safe as $$
  select encode(
    set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
      placing substring(int8send(floor(extract(epoch from clock_timestamp()) * 1000)::bigint) from 3)
      from 1 for 6), 52, 1), 53, 1), 'hex')::uuid
$$;--> statement-breakpoint
create extension if not exists btree_gist;--> statement-breakpoint
CREATE TYPE "public"."reading_quality" AS ENUM('actual', 'estimated', 'substituted', 'final_substituted', 'forecast');--> statement-breakpoint
CREATE TABLE "archive_objects" (
	"id" uuid PRIMARY KEY DEFAULT uuid_v7() NOT NULL,
	"meter_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"key" text NOT NULL,
	"covers_from" timestamp with time zone,
	"covers_to" timestamp with time zone,
	"sha256" text NOT NULL,
	"size_bytes" bigint NOT NULL,
	"content_type" text NOT NULL,
	"origin" jsonb NOT NULL,
	"input_ids" uuid[],
	"fetched_at" timestamp with time zone NOT NULL,
	"confirmed_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audit_log" (
	"seq" bigint PRIMARY KEY NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"actor_kind" text NOT NULL,
	"actor_id" text NOT NULL,
	"actor_name" text NOT NULL,
	"action" text NOT NULL,
	"object_type" text NOT NULL,
	"object_id" text NOT NULL,
	"meter_id" uuid,
	"details" jsonb NOT NULL,
	"previous_hash" text NOT NULL,
	"hash" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "emission_factors" (
	"id" uuid PRIMARY KEY DEFAULT uuid_v7() NOT NULL,
	"publisher" text NOT NULL,
	"edition" text NOT NULL,
	"region" text NOT NULL,
	"scope" text NOT NULL,
	"method" text NOT NULL,
	"value" numeric NOT NULL,
	"unit" text NOT NULL,
	"valid_from" timestamp with time zone NOT NULL,
	"valid_to" timestamp with time zone,
	"source" text NOT NULL,
	"note" text,
	"superseded_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "backfills" (
	"id" uuid PRIMARY KEY DEFAULT uuid_v7() NOT NULL,
	"job_id" uuid NOT NULL,
	"from_at" timestamp with time zone NOT NULL,
	"to_at" timestamp with time zone NOT NULL,
	"mode" text NOT NULL,
	"is_forced" boolean NOT NULL,
	"task_count" integer NOT NULL,
	"status" text DEFAULT 'running' NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"finished_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "meter_jobs" (
	"id" uuid PRIMARY KEY DEFAULT uuid_v7() NOT NULL,
	"name" text NOT NULL,
	"meter_id" uuid NOT NULL,
	"type" text NOT NULL,
	"start_at" timestamp with time zone NOT NULL,
	"end_at" timestamp with time zone,
	"anchor_at" timestamp with time zone NOT NULL,
	"interval" text NOT NULL,
	"timezone" text NOT NULL,
	"delay_seconds" integer NOT NULL,
	"reread_intervals" integer NOT NULL,
	"force_override" boolean DEFAULT true NOT NULL,
	"max_retries" integer DEFAULT 5 NOT NULL,
	"settings" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"status" text DEFAULT 'active' NOT NULL,
	"pause_reason" text,
	"next_interval_at" timestamp with time zone NOT NULL,
	"latest_task_id" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "meters" (
	"id" uuid PRIMARY KEY DEFAULT uuid_v7() NOT NULL,
	"name" text NOT NULL,
	"type" text NOT NULL,
	"data_source_type" text NOT NULL,
	"data_source" text NOT NULL,
	"data_credentials" text NOT NULL,
	"credentials_key_id" text NOT NULL,
	"account_key" text NOT NULL,
	"credential_hint" text NOT NULL,
	"settings" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"timezone" text NOT NULL,
	"region" text,
	"capacity_kw" double precision,
	"newest_reading_at" timestamp with time zone,
	"last_test" jsonb,
	"version" integer DEFAULT 1 NOT NULL,
	"archived_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "source_quotas" (
	"account_key" text NOT NULL,
	"window" text NOT NULL,
	"window_start" timestamp with time zone NOT NULL,
	"limit" integer NOT NULL,
	"used" integer DEFAULT 0 NOT NULL,
	"reset_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	CONSTRAINT "source_quotas_pkey" PRIMARY KEY("account_key","window")
);
--> statement-breakpoint
CREATE TABLE "meter_data" (
	"meter_id" uuid NOT NULL,
	"timestamp" timestamp with time zone NOT NULL,
	"duration_seconds" integer NOT NULL,
	"e_real_kwh" numeric,
	"e_real_positive_kwh" numeric,
	"e_real_negative_kwh" numeric,
	"e_reactive_kvarh" numeric,
	"v_rms_min" numeric,
	"v_rms_max" numeric,
	"i_rms_min" numeric,
	"i_rms_max" numeric,
	"pv_estimate_kw" numeric,
	"pv_estimate10_kw" numeric,
	"pv_estimate90_kw" numeric,
	"pv_estimate_kwh" numeric,
	"carbon_tons" numeric,
	"carbon_factor_id" uuid,
	"carbon_factor_value" numeric,
	"quality" "reading_quality" NOT NULL,
	"task_id" uuid NOT NULL,
	"object_id" uuid NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	"ingested_at" timestamp with time zone NOT NULL,
	CONSTRAINT "meter_data_pkey" PRIMARY KEY("meter_id","timestamp")
) PARTITION BY RANGE ("timestamp");
--> statement-breakpoint
CREATE TABLE "meter_data_daily" (
	"meter_id" uuid NOT NULL,
	"day" date NOT NULL,
	"readings" integer NOT NULL,
	"estimated" integer NOT NULL,
	"restated" integer NOT NULL,
	"covered_seconds" integer NOT NULL,
	"e_real_kwh" numeric,
	"e_real_positive_kwh" numeric,
	"e_real_negative_kwh" numeric,
	"e_reactive_kvarh" numeric,
	"v_rms_min" numeric,
	"v_rms_max" numeric,
	"i_rms_min" numeric,
	"i_rms_max" numeric,
	"pv_estimate_kw" numeric,
	"pv_estimate10_kw" numeric,
	"pv_estimate90_kw" numeric,
	"pv_estimate_kwh" numeric,
	"carbon_tons" numeric,
	CONSTRAINT "meter_data_daily_pkey" PRIMARY KEY("meter_id","day")
);
--> statement-breakpoint
CREATE TABLE "meter_data_hourly" (
	"meter_id" uuid NOT NULL,
	"hour" timestamp with time zone NOT NULL,
	"readings" integer NOT NULL,
	"estimated" integer NOT NULL,
	"restated" integer NOT NULL,
	"covered_seconds" integer NOT NULL,
	"e_real_kwh" numeric,
	"e_real_positive_kwh" numeric,
	"e_real_negative_kwh" numeric,
	"e_reactive_kvarh" numeric,
	"v_rms_min" numeric,
	"v_rms_max" numeric,
	"i_rms_min" numeric,
	"i_rms_max" numeric,
	"pv_estimate_kw" numeric,
	"pv_estimate10_kw" numeric,
	"pv_estimate90_kw" numeric,
	"pv_estimate_kwh" numeric,
	"carbon_tons" numeric,
	CONSTRAINT "meter_data_hourly_pkey" PRIMARY KEY("meter_id","hour")
);
--> statement-breakpoint
CREATE TABLE "meter_data_revisions" (
	"meter_id" uuid NOT NULL,
	"timestamp" timestamp with time zone NOT NULL,
	"duration_seconds" integer NOT NULL,
	"e_real_kwh" numeric,
	"e_real_positive_kwh" numeric,
	"e_real_negative_kwh" numeric,
	"e_reactive_kvarh" numeric,
	"v_rms_min" numeric,
	"v_rms_max" numeric,
	"i_rms_min" numeric,
	"i_rms_max" numeric,
	"pv_estimate_kw" numeric,
	"pv_estimate10_kw" numeric,
	"pv_estimate90_kw" numeric,
	"pv_estimate_kwh" numeric,
	"carbon_tons" numeric,
	"carbon_factor_id" uuid,
	"carbon_factor_value" numeric,
	"quality" "reading_quality" NOT NULL,
	"task_id" uuid NOT NULL,
	"object_id" uuid NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	"ingested_at" timestamp with time zone NOT NULL,
	"replaced_at" timestamp with time zone NOT NULL,
	"replaced_by_task_id" uuid NOT NULL,
	CONSTRAINT "meter_data_revisions_pkey" PRIMARY KEY("meter_id","timestamp","revision")
);
--> statement-breakpoint
CREATE TABLE "meter_tasks" (
	"id" uuid PRIMARY KEY DEFAULT uuid_v7() NOT NULL,
	"job_id" uuid NOT NULL,
	"meter_id" uuid NOT NULL,
	"type" text NOT NULL,
	"interval_start" timestamp with time zone NOT NULL,
	"interval_end" timestamp with time zone NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"stage" text NOT NULL,
	"state" text DEFAULT 'pending' NOT NULL,
	"wait_reason" text,
	"wait_until" timestamp with time zone,
	"retry_count" integer DEFAULT 0 NOT NULL,
	"execution_errs" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"timings" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"priority" smallint DEFAULT 0 NOT NULL,
	"is_forced" boolean DEFAULT false NOT NULL,
	"forced_by" text,
	"backfill_id" uuid,
	"batch_id" uuid,
	"raw_object_ids" uuid[] DEFAULT '{}'::uuid[] NOT NULL,
	"transformed_object_id" uuid,
	"rows_read" integer DEFAULT 0 NOT NULL,
	"rows_written" integer DEFAULT 0 NOT NULL,
	"rows_changed" integer DEFAULT 0 NOT NULL,
	"rows_rejected" integer DEFAULT 0 NOT NULL,
	"rejects" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"readings_expected" integer DEFAULT 0 NOT NULL,
	"readings_present" integer DEFAULT 0 NOT NULL,
	"queued_at" timestamp with time zone,
	"started_at" timestamp with time zone,
	"finished_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "meter_tasks_job_interval_key" UNIQUE("job_id","interval_start")
);
--> statement-breakpoint
CREATE TABLE "task_batches" (
	"id" uuid PRIMARY KEY DEFAULT uuid_v7() NOT NULL,
	"account_key" text NOT NULL,
	"meter_type" text NOT NULL,
	"task_count" integer NOT NULL,
	"run_id" text,
	"sent_at" timestamp with time zone,
	"heartbeat_at" timestamp with time zone DEFAULT now() NOT NULL,
	"finished_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "api_tokens" (
	"id" uuid PRIMARY KEY DEFAULT uuid_v7() NOT NULL,
	"name" text NOT NULL,
	"token_hash" text NOT NULL,
	"prefix" text NOT NULL,
	"role" text NOT NULL,
	"meter_ids" uuid[],
	"created_by" text NOT NULL,
	"expires_at" timestamp with time zone,
	"last_used_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "installation" (
	"is_only_row" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"setup_token_hash" text,
	"seeds" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" uuid PRIMARY KEY DEFAULT uuid_v7() NOT NULL,
	"email" text NOT NULL,
	"name" text NOT NULL,
	"password_hash" text NOT NULL,
	"roles" text[] NOT NULL,
	"failed_sign_ins" integer DEFAULT 0 NOT NULL,
	"locked_until" timestamp with time zone,
	"session_epoch" integer DEFAULT 1 NOT NULL,
	"last_sign_in_at" timestamp with time zone,
	"disabled_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "archive_objects" ADD CONSTRAINT "archive_objects_meter_id_meters_id_fk" FOREIGN KEY ("meter_id") REFERENCES "public"."meters"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "backfills" ADD CONSTRAINT "backfills_job_id_meter_jobs_id_fk" FOREIGN KEY ("job_id") REFERENCES "public"."meter_jobs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "meter_jobs" ADD CONSTRAINT "meter_jobs_meter_id_meters_id_fk" FOREIGN KEY ("meter_id") REFERENCES "public"."meters"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "meter_tasks" ADD CONSTRAINT "meter_tasks_job_id_meter_jobs_id_fk" FOREIGN KEY ("job_id") REFERENCES "public"."meter_jobs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "meter_tasks" ADD CONSTRAINT "meter_tasks_meter_id_meters_id_fk" FOREIGN KEY ("meter_id") REFERENCES "public"."meters"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "meter_tasks" ADD CONSTRAINT "meter_tasks_backfill_id_backfills_id_fk" FOREIGN KEY ("backfill_id") REFERENCES "public"."backfills"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "meter_tasks" ADD CONSTRAINT "meter_tasks_batch_id_task_batches_id_fk" FOREIGN KEY ("batch_id") REFERENCES "public"."task_batches"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "archive_objects_key_key" ON "archive_objects" USING btree ("key");--> statement-breakpoint
CREATE INDEX "archive_objects_meter_idx" ON "archive_objects" USING btree ("meter_id","kind","covers_from");--> statement-breakpoint
CREATE UNIQUE INDEX "audit_log_previous_hash_key" ON "audit_log" USING btree ("previous_hash");--> statement-breakpoint
CREATE INDEX "audit_log_object_idx" ON "audit_log" USING btree ("object_type","object_id");--> statement-breakpoint
CREATE INDEX "audit_log_meter_idx" ON "audit_log" USING btree ("meter_id","at");--> statement-breakpoint
CREATE INDEX "emission_factors_region_idx" ON "emission_factors" USING btree ("region","valid_from");--> statement-breakpoint
CREATE INDEX "backfills_job_idx" ON "backfills" USING btree ("job_id","created_at");--> statement-breakpoint
CREATE INDEX "meter_jobs_meter_idx" ON "meter_jobs" USING btree ("meter_id");--> statement-breakpoint
CREATE INDEX "meter_jobs_status_idx" ON "meter_jobs" USING btree ("status","next_interval_at");--> statement-breakpoint
CREATE INDEX "meters_account_idx" ON "meters" USING btree ("account_key");--> statement-breakpoint
CREATE INDEX "meters_name_idx" ON "meters" USING btree ("name","id");--> statement-breakpoint
CREATE INDEX "source_quotas_reset_idx" ON "source_quotas" USING btree ("reset_at");--> statement-breakpoint
CREATE INDEX "meter_data_revisions_task_idx" ON "meter_data_revisions" USING btree ("replaced_by_task_id");--> statement-breakpoint
CREATE INDEX "meter_tasks_meter_interval_idx" ON "meter_tasks" USING btree ("meter_id","interval_start");--> statement-breakpoint
CREATE INDEX "meter_tasks_sendable_idx" ON "meter_tasks" USING btree ("priority","due_at","id") WHERE "meter_tasks"."state" = 'pending';--> statement-breakpoint
CREATE INDEX "meter_tasks_waiting_idx" ON "meter_tasks" USING btree ("wait_until") WHERE "meter_tasks"."state" = 'waiting';--> statement-breakpoint
CREATE INDEX "meter_tasks_state_idx" ON "meter_tasks" USING btree ("state","updated_at");--> statement-breakpoint
CREATE INDEX "meter_tasks_batch_idx" ON "meter_tasks" USING btree ("batch_id");--> statement-breakpoint
CREATE INDEX "meter_tasks_backfill_idx" ON "meter_tasks" USING btree ("backfill_id");--> statement-breakpoint
CREATE INDEX "task_batches_open_idx" ON "task_batches" USING btree ("account_key","created_at") WHERE "task_batches"."finished_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "api_tokens_token_hash_key" ON "api_tokens" USING btree ("token_hash");--> statement-breakpoint
CREATE UNIQUE INDEX "users_email_key" ON "users" USING btree (lower("email"));--> statement-breakpoint
alter table "emission_factors" add constraint "emission_factors_no_overlap" exclude using gist (
  publisher with =, region with =, scope with =, method with =, tstzrange(valid_from, valid_to) with &&
) where (superseded_at is null);--> statement-breakpoint
alter table "emission_factors" add constraint "emission_factors_validity" check (valid_to is null or valid_to > valid_from);--> statement-breakpoint
alter table "meter_jobs" add constraint "meter_jobs_delay" check (delay_seconds >= 0 and delay_seconds % 60 = 0);--> statement-breakpoint
alter table "meter_tasks" add constraint "meter_tasks_waiting_has_reason" check ((state = 'waiting') = (wait_reason is not null));
