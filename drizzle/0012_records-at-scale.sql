DROP INDEX "mrv_records_device_idx";--> statement-breakpoint
DROP INDEX "mrv_records_restated_idx";--> statement-breakpoint
CREATE INDEX "mrv_records_device_created_idx" ON "mrv_records" USING btree ("device_id","created_at","id");--> statement-breakpoint
CREATE INDEX "mrv_records_meter_created_idx" ON "mrv_records" USING btree ("meter_id","created_at","id");--> statement-breakpoint
CREATE INDEX "mrv_records_job_created_idx" ON "mrv_records" USING btree ("job_id","created_at","id");--> statement-breakpoint
CREATE INDEX "mrv_records_period_idx" ON "mrv_records" USING btree ("period_start");--> statement-breakpoint
CREATE INDEX "mrv_records_standing_idx" ON "mrv_records" USING btree ("status","replaced_at");--> statement-breakpoint
CREATE INDEX "mrv_records_open_restated_idx" ON "mrv_records" USING btree ("created_at","id") WHERE "mrv_records"."restated_at" is not null and "mrv_records"."restatement_acknowledged_at" is null;--> statement-breakpoint
CREATE INDEX "mrv_records_corrects_idx" ON "mrv_records" USING btree ("corrects_id") WHERE "mrv_records"."corrects_id" is not null;--> statement-breakpoint
CREATE INDEX "mrv_records_credential_idx" ON "mrv_records" USING btree ("credential_id") WHERE "mrv_records"."credential_id" is not null;--> statement-breakpoint
CREATE INDEX "mrv_records_restated_idx" ON "mrv_records" USING btree ("created_at","id") WHERE "mrv_records"."restated_at" is not null;