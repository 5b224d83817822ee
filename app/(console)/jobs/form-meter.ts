import type { JobFormMeter } from "@/components/jobs/form/job-values";
import { connectorOf } from "@/lib/connectors/registry";
import type { MeterDto } from "@/lib/meters/schemas";

/** A meter with what its type says about its data, for the form of a job. */
export function formMeter({ id, name, timezone, type }: MeterDto): JobFormMeter {
  const { label, defaultTaskInterval, availabilityLag, restatementWindow, maxRange = null } = connectorOf(type);
  return { id, name, timezone, source: { label, defaultTaskInterval, availabilityLag, restatementWindow, maxRange } };
}
