CREATE TABLE "findings" (
	"id" uuid PRIMARY KEY DEFAULT uuid_v7() NOT NULL,
	"meter_id" uuid NOT NULL,
	"check" text NOT NULL,
	"from_at" timestamp with time zone NOT NULL,
	"to_at" timestamp with time zone NOT NULL,
	"figure" double precision NOT NULL,
	"threshold" double precision NOT NULL,
	"unit" text NOT NULL,
	"sentence" text NOT NULL,
	"first_seen_at" timestamp with time zone NOT NULL,
	"last_seen_at" timestamp with time zone NOT NULL,
	"cleared_at" timestamp with time zone,
	"acknowledged_at" timestamp with time zone,
	"acknowledged_by" text,
	"acknowledged_reason" text
);
--> statement-breakpoint
CREATE TABLE "meter_thresholds" (
	"meter_id" uuid PRIMARY KEY NOT NULL,
	"thresholds" jsonb NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "reading_changes" (
	"id" uuid PRIMARY KEY DEFAULT uuid_v7() NOT NULL,
	"meter_id" uuid NOT NULL,
	"from_at" timestamp with time zone NOT NULL,
	"to_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "findings" ADD CONSTRAINT "findings_meter_id_meters_id_fk" FOREIGN KEY ("meter_id") REFERENCES "public"."meters"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "meter_thresholds" ADD CONSTRAINT "meter_thresholds_meter_id_meters_id_fk" FOREIGN KEY ("meter_id") REFERENCES "public"."meters"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reading_changes" ADD CONSTRAINT "reading_changes_meter_id_meters_id_fk" FOREIGN KEY ("meter_id") REFERENCES "public"."meters"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "findings_meter_check_from_key" ON "findings" USING btree ("meter_id","check","from_at");--> statement-breakpoint
CREATE INDEX "findings_open_idx" ON "findings" USING btree ("meter_id","from_at") WHERE "findings"."cleared_at" is null;--> statement-breakpoint
CREATE INDEX "reading_changes_meter_idx" ON "reading_changes" USING btree ("meter_id","created_at");