import type { JobFormMeter } from "@/components/jobs/form/form-meter";
import { connectorOf } from "@/lib/connectors/registry";
import type { Ctx } from "@/lib/ctx";
import { defaultDelay } from "@/lib/jobs/job-values";
import { formDevices } from "@/lib/jobs/mrv/form-devices";
import { recordableMetrics } from "@/lib/jobs/mrv/recording-device";
import type { MeterDto } from "@/lib/meters/schemas";

/** Meters with what their type says about their data, and the device that signs their records, for the form of a job. */
export async function formMeters(ctx: Ctx, meters: readonly MeterDto[]): Promise<JobFormMeter[]> {
  const ids = meters.flatMap(({ deviceId }) => deviceId ?? []);
  const devices = await formDevices(ctx, [...new Set(ids)]);
  return meters.map(({ id, name, timezone, type, deviceId }) => {
    const connector = connectorOf(type);
    const { label, defaultTaskInterval, availabilityLag, restatementWindow, maxRange = null } = connector;
    const recordDelay = `PT${defaultDelay("mrv", availabilityLag) / 3600}H`;
    return {
      id,
      name,
      timezone,
      source: { label, defaultTaskInterval, availabilityLag, recordDelay, restatementWindow, maxRange },
      device: (deviceId && devices.get(deviceId)) || null,
      recordable: recordableMetrics(connector),
    };
  });
}
