"use server";

import { action } from "@/lib/action";
import { acknowledgeFinding } from "@/lib/findings/acknowledge-finding";
import { previewThresholds } from "@/lib/findings/preview-thresholds";
import { acknowledgeFindingInput, meterThresholdsInput } from "@/lib/findings/schemas";
import { setThresholds } from "@/lib/findings/set-thresholds";
import { exportFleet } from "@/lib/fleet/export-fleet";
import { exportFleetInput } from "@/lib/fleet/fleet-row";
import { archiveMeter } from "@/lib/meters/archive-meter";
import { createMeter } from "@/lib/meters/create-meter";
import { csvBucketSample } from "@/lib/meters/csv-mapping/bucket-sample";
import { readCsvSample } from "@/lib/meters/csv-mapping/read-sample";
import { bucketSampleInput, readSampleInput } from "@/lib/meters/csv-mapping/schemas";
import { createMeterInput, meterDraftInput, meterIdInput, updateMeterInput } from "@/lib/meters/schemas";
import { testMeter, testMeterDraft } from "@/lib/meters/test-meter";
import { updateMeter } from "@/lib/meters/update-meter";
import { discardUpload } from "@/lib/uploads/discard-upload";
import { planUploads } from "@/lib/uploads/plan-uploads";
import { discardUploadInput, planUploadsInput, startUploadsInput } from "@/lib/uploads/schemas";
import { startUploads } from "@/lib/uploads/start-uploads";

export const createMeterAction = action(createMeterInput, createMeter, { revalidate: () => "/meters" });
export const updateMeterAction = action(updateMeterInput, updateMeter, {
  revalidate: ({ meterId }) => ["/meters", `/meters/${meterId}`],
});
export const testMeterDraftAction = action(meterDraftInput, testMeterDraft);
export const testMeterAction = action(meterIdInput, testMeter, { revalidate: ({ meterId }) => `/meters/${meterId}` });
export const archiveMeterAction = action(
  meterIdInput,
  async (ctx, input): Promise<{ message: string }> => ({ message: (await archiveMeter(ctx, input)).message }),
  { revalidate: () => "/meters" },
);
export const exportFleetAction = action(exportFleetInput, exportFleet);
export const planUploadsAction = action(planUploadsInput, planUploads);
export const startUploadsAction = action(startUploadsInput, startUploads, {
  revalidate: ({ meterId }) => `/meters/${meterId}`,
});
export const discardUploadAction = action(discardUploadInput, discardUpload, {
  revalidate: (_, { meterId }) => `/meters/${meterId}`,
});
export const readCsvSampleAction = action(readSampleInput, readCsvSample);
export const csvBucketSampleAction = action(bucketSampleInput, csvBucketSample);
export const acknowledgeFindingAction = action(acknowledgeFindingInput, acknowledgeFinding, {
  revalidate: () => ["/", "/meters"],
});
export const previewThresholdsAction = action(meterThresholdsInput, previewThresholds);
export const setThresholdsAction = action(meterThresholdsInput, setThresholds, {
  revalidate: ({ meterId }) => `/meters/${meterId}`,
});
