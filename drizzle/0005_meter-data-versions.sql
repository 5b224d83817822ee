CREATE TABLE "meter_data_versions" (
	"meter_id" uuid NOT NULL,
	"month_at" timestamp with time zone NOT NULL,
	"version" bigint DEFAULT 1 NOT NULL,
	CONSTRAINT "meter_data_versions_pkey" PRIMARY KEY("meter_id","month_at")
);
