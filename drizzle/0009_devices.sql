CREATE TABLE "devices" (
	"id" uuid PRIMARY KEY DEFAULT uuid_v7() NOT NULL,
	"name" text NOT NULL,
	"config" json NOT NULL,
	"did" text GENERATED ALWAYS AS (config ->> 'did') STORED NOT NULL,
	"policy_id" text GENERATED ALWAYS AS (config ->> 'policyId') STORED NOT NULL,
	"policy_tag" text GENERATED ALWAYS AS (config ->> 'policyTag') STORED NOT NULL,
	"guardian_url" text GENERATED ALWAYS AS (config ->> 'guardianUrl') STORED NOT NULL,
	"installer_did" text GENERATED ALWAYS AS (config ->> 'installerDid') STORED NOT NULL,
	"subject_schema" json,
	"device_key" text NOT NULL,
	"device_key_id" text NOT NULL,
	"notices" text[] NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"archived_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "meters" ADD COLUMN "device_id" uuid;--> statement-breakpoint
CREATE UNIQUE INDEX "devices_live_key" ON "devices" USING btree ("did","policy_id") WHERE "devices"."archived_at" is null;--> statement-breakpoint
ALTER TABLE "meters" ADD CONSTRAINT "meters_device_id_devices_id_fk" FOREIGN KEY ("device_id") REFERENCES "public"."devices"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "meters_device_idx" ON "meters" USING btree ("device_id");