import { eq } from "drizzle-orm";
import { connectorOf } from "../../connectors/registry";
import type { Db } from "../../db/client";
import { meters } from "../../db/schema";
import type { DeviceRow } from "../../devices/internal";
import { type FieldErrors, InvalidInput } from "../../errors";
import { metricOf } from "../../metrics/registry";
import { fieldMapFaults, sampleFacts } from "../../mrv/field-map/check-field-map";
import type { RecordFacts } from "../../mrv/field-map/record-facts";
import type { MrvSettings } from "../../mrv/settings";
import { nominalSeconds } from "../../time";
import type { JobRow, MeterRow } from "../internal";
import { anchorOf, intervalEnd } from "../intervals";
import { assertNoCompetingJob } from "./competing-job";
import { recordableMetrics, recordingDevice } from "./recording-device";

type MrvJob = Pick<JobRow, "startAt" | "endAt" | "interval" | "timezone"> & { id?: string; settings: MrvSettings };

/**
 * What must hold between an MRV job, its meter, the device that signs and its policy. Throws InvalidInput at the fields of `settings`; Conflict
 * with another job; NotPossibleNow where nothing of the meter can be recorded.
 */
export async function assertMrvJobFits(tx: Db, meter: MeterRow, job: MrvJob): Promise<void> {
  const device = await recordingDevice(tx, meter);
  const { settings } = job;
  const faults: FieldErrors = {
    ...metricFault(meter, settings),
    ...(await crossCheckFault(tx, meter, settings)),
    ...fieldMapFaultsOf(meter, device, job),
  };
  const paths = Object.keys(faults);
  if (paths.length > 0) {
    const sentences = paths.slice(0, 3).map((path) => `${path}: ${faults[path]}`);
    const rest = paths.length > 3 ? ` And ${paths.length - 3} more.` : "";
    throw new InvalidInput(sentences.join(" ") + rest, faults);
  }
  const startAt = anchorOf(job.startAt, job.interval, job.timezone);
  await assertNoCompetingJob(tx, meter, device, { ...job, startAt, metric: settings.MRV_METRIC });
}

function metricFault(meter: MeterRow, { MRV_METRIC: metric }: MrvSettings): FieldErrors {
  const connector = connectorOf(meter.type);
  const possible = recordableMetrics(connector);
  if (possible.includes(metric)) return {};
  return { "settings.MRV_METRIC": `${connector.label} meters do not have it. They have ${possible.join(", ")}.` };
}

async function crossCheckFault(
  tx: Db,
  meter: MeterRow,
  { MRV_CROSS_CHECK_METER: other }: MrvSettings,
): Promise<FieldErrors> {
  if (other === undefined) return {};
  const at = "settings.MRV_CROSS_CHECK_METER";
  if (other === meter.id) return { [at]: "A meter cannot be compared with itself: choose another of the same site." };
  const [found] = await tx.select({ archivedAt: meters.archivedAt }).from(meters).where(eq(meters.id, other));
  if (!found) return { [at]: "There is no such meter." };
  return found.archivedAt ? { [at]: "This meter is archived: nothing new can be compared with it." } : {};
}

/** Faults of the field map, at its fields in the job's settings. */
export function fieldMapFaultsOf(meter: MeterRow, device: DeviceRow, job: MrvJob, facts?: RecordFacts): FieldErrors {
  const faults = fieldMapFaults(facts ?? sampleOf(meter, job), job.settings, device);
  return Object.fromEntries(
    Object.entries(faults).map(([path, sentence]) => [settingOf(path), settingSentence(path, sentence, meter)]),
  );
}

/** What names the policy is filled from two settings of their own. */
function settingOf(path: string): string {
  return path === "ref" ? "settings.MRV_REF" : `settings.MRV_FIELD_MAP${path && `.${path}`}`;
}

function settingSentence(path: string, sentence: string, meter: MeterRow): string {
  if (path !== "" && meter.region === null && /emission factor/.test(sentence)) {
    return `${meter.name} has no region, so its readings get no carbon: give it one, or fill the field otherwise.`;
  }
  return sentence;
}

/** The first interval of the job, with plausible figures. */
export function sampleOf(meter: MeterRow, job: MrvJob): RecordFacts {
  const { settings, interval, timezone } = job;
  const periodStart = anchorOf(job.startAt, interval, timezone);
  const connector = connectorOf(meter.type);
  return sampleFacts({
    meterId: meter.id,
    metric: settings.MRV_METRIC,
    unit: metricOf(settings.MRV_METRIC).unit,
    hasCarbon: meter.region !== null,
    periodStart,
    periodEnd: intervalEnd(periodStart, interval, timezone),
    timezone,
    resolutionSeconds: nominalSeconds(connector.resolution),
  });
}
