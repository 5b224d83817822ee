CREATE TABLE "uploads" (
	"id" uuid PRIMARY KEY DEFAULT uuid_v7() NOT NULL,
	"meter_id" uuid NOT NULL,
	"file_name" text NOT NULL,
	"state" text DEFAULT 'receiving' NOT NULL,
	"object_id" uuid,
	"size_bytes" bigint,
	"sha256" text,
	"message" text,
	"job_id" uuid,
	"from_at" timestamp with time zone,
	"to_at" timestamp with time zone,
	"task_count" integer,
	"readings" integer,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"started_by" text,
	"started_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "meter_jobs" ADD COLUMN "trigger" text DEFAULT 'schedule' NOT NULL;--> statement-breakpoint
ALTER TABLE "uploads" ADD CONSTRAINT "uploads_meter_id_meters_id_fk" FOREIGN KEY ("meter_id") REFERENCES "public"."meters"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "uploads" ADD CONSTRAINT "uploads_object_id_archive_objects_id_fk" FOREIGN KEY ("object_id") REFERENCES "public"."archive_objects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "uploads" ADD CONSTRAINT "uploads_job_id_meter_jobs_id_fk" FOREIGN KEY ("job_id") REFERENCES "public"."meter_jobs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "uploads_meter_idx" ON "uploads" USING btree ("meter_id","created_at");--> statement-breakpoint
CREATE INDEX "uploads_sha256_idx" ON "uploads" USING btree ("meter_id","sha256");--> statement-breakpoint
CREATE UNIQUE INDEX "meter_jobs_upload_key" ON "meter_jobs" USING btree ("meter_id") WHERE "meter_jobs"."trigger" = 'upload';