import type { FormDevice } from "@/lib/jobs/mrv/form-devices";

/** A meter as the form knows it, with what its type says about its data. */
export interface JobFormMeter {
  id: string;
  name: string;
  timezone: string;
  source: JobFormSource;
  /** The device in use that signs its records. */
  device: FormDevice | null;
  /** Metrics that can be recorded; none: it is modelled. */
  recordable: readonly string[];
}

export interface JobFormSource {
  label: string;
  /** ISO 8601, all of them. */
  defaultTaskInterval: string;
  availabilityLag: string;
  /** Delay that an MRV job of such meters gets. */
  recordDelay: string;
  restatementWindow: string;
  maxRange: string | null;
}
