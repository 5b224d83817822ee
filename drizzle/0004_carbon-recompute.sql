CREATE TABLE "carbon_recompute_parts" (
	"recompute_id" uuid NOT NULL,
	"meter_id" uuid NOT NULL,
	"month_at" timestamp with time zone NOT NULL,
	"rows_planned" integer NOT NULL,
	"rows_changed" integer DEFAULT 0 NOT NULL,
	"done_at" timestamp with time zone,
	CONSTRAINT "carbon_recompute_parts_pkey" PRIMARY KEY("recompute_id","meter_id","month_at")
);
--> statement-breakpoint
CREATE TABLE "carbon_recomputes" (
	"id" uuid PRIMARY KEY DEFAULT uuid_v7() NOT NULL,
	"region" text NOT NULL,
	"from_at" timestamp with time zone,
	"to_at" timestamp with time zone,
	"factor_id" uuid,
	"rows_planned" integer NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"finished_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "meter_data_revisions" ALTER COLUMN "replaced_by_task_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "meter_data_revisions" ADD COLUMN "replaced_by_recompute_id" uuid;--> statement-breakpoint
ALTER TABLE "carbon_recompute_parts" ADD CONSTRAINT "carbon_recompute_parts_recompute_id_carbon_recomputes_id_fk" FOREIGN KEY ("recompute_id") REFERENCES "public"."carbon_recomputes"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "carbon_recompute_parts" ADD CONSTRAINT "carbon_recompute_parts_meter_id_meters_id_fk" FOREIGN KEY ("meter_id") REFERENCES "public"."meters"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "carbon_recomputes" ADD CONSTRAINT "carbon_recomputes_factor_id_emission_factors_id_fk" FOREIGN KEY ("factor_id") REFERENCES "public"."emission_factors"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "carbon_recomputes_open_idx" ON "carbon_recomputes" USING btree ("created_at") WHERE "carbon_recomputes"."finished_at" is null;--> statement-breakpoint
ALTER TABLE "meter_data_revisions" ADD CONSTRAINT "meter_data_revisions_one_cause" CHECK (num_nonnulls("meter_data_revisions"."replaced_by_task_id", "meter_data_revisions"."replaced_by_recompute_id") = 1);