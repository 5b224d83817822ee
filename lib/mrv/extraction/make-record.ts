import { connectorOf } from "../../connectors/registry";
import { SourceError } from "../../connectors/source-error";
import { asInvalidInput } from "../../field-errors";
import { newId } from "../../ids";
import { metricOf, type Quality } from "../../metrics/registry";
import { durationSeconds } from "../../time";
import { rowsHash } from "../evidence/canonical-rows";
import { codeVersion } from "../evidence/code-version";
import { evidenceHash } from "../evidence/evidence-hash";
import { figuresOf } from "../evidence/figures";
import type { EvidenceManifest } from "../evidence/manifest";
import { type MrvSettings, mrvSettings } from "../settings";
import { type EvidenceSources, factorsOf, objectsOf } from "./evidence-sources";
import type { Belongings, MrvDevice, MrvJob, MrvMeter, MrvTask } from "./mrv-tasks";
import { periodCoverage } from "./period-coverage";
import type { PeriodReading } from "./period-readings";
import type { Place } from "./place-of-record";
import { valuesHash } from "./values-hash";

/** A task whose meter, device and settings can give a record. */
export interface ReadyTask {
  task: MrvTask;
  meter: MrvMeter;
  device: MrvDevice;
  job: MrvJob;
  settings: MrvSettings;
}

/** Throws SourceError where a person has to set something right first. */
export function readyTask(task: MrvTask, { meters, jobs, devices }: Belongings): ReadyTask {
  const meter = meters.get(task.meterId);
  const job = jobs.get(task.jobId);
  if (!meter || !job) throw new Error(`Task ${task.id} has no meter or no job.`);
  const device = meter.deviceId === null ? undefined : devices.get(meter.deviceId);
  if (!device) {
    throw refused("NO_DEVICE", `${meter.name} has no device to sign its records: attach one on its page, then retry.`);
  }
  if (device.archivedAt) {
    throw refused(
      "DEVICE_ARCHIVED",
      `The device ${device.name} is archived and signs nothing: attach ${meter.name} to another one, then retry.`,
    );
  }
  const settings = mrvSettings.safeParse(job.settings);
  if (!settings.success) {
    const { message } = asInvalidInput(settings.error);
    throw refused("MRV_SETTINGS", `The settings of ${job.name} cannot be used. ${message} Edit the job, then retry.`);
  }
  return { task, meter, device, job, settings: settings.data };
}

function refused(code: string, message: string): SourceError {
  return new SourceError(code, message, { isRetryable: false });
}

/** A record as it is inserted. */
export interface NewRecord {
  id: string;
  task: MrvTask;
  meter: MrvMeter;
  device: MrvDevice;
  settings: MrvSettings;
  place: Place;
  evidence: EvidenceManifest;
  evidenceHash: string;
  valuesHash: string;
}

/** The record of a period with all that its figures rest on. Pure but for the record's id. */
export function makeRecord(
  { task, meter, device, job, settings }: ReadyTask,
  place: Place,
  readings: readonly PeriodReading[],
  sources: EvidenceSources,
): NewRecord {
  const id = newId();
  const metric = settings.MRV_METRIC;
  const { value, carbonTons } = figuresOf(readings);
  const usualSeconds = meter.newestSeconds ?? durationSeconds(connectorOf(meter.type).resolution);
  const { did, policyId, policyTag, type } = device.config;
  const evidence: EvidenceManifest = {
    format: "meterproof-evidence/1",
    codeVersion,
    record: { id, taskId: task.id, ...place },
    device: { id: device.id, did, policyId, policyTag, type },
    meter: {
      id: meter.id,
      name: meter.name,
      type: meter.type,
      dataSourceType: meter.dataSourceType,
      dataSource: meter.dataSource,
      timezone: meter.timezone,
      region: meter.region,
      capacityKw: meter.capacityKw,
      settings: meter.settings,
    },
    job: { id: job.id, interval: job.interval, timezone: job.timezone, settings: job.settings },
    period: { start: task.from.toISOString(), end: task.to.toISOString(), timezone: job.timezone },
    figures: { metric, unit: metricOf(metric).unit, value, carbonTons },
    coverage: periodCoverage(readings, task, usualSeconds),
    qualities: qualitiesOf(readings),
    readings: { count: readings.length, sha256: rowsHash(metric, readings) },
    factors: factorsOf(readings, sources),
    objects: objectsOf(readings, sources),
  };
  const hashes = { evidenceHash: evidenceHash(evidence), valuesHash: valuesHash(metric, readings) };
  return { id, task, meter, device, settings, place, evidence, ...hashes };
}

function qualitiesOf(readings: readonly PeriodReading[]): Partial<Record<Quality, number>> {
  const found: Partial<Record<Quality, number>> = {};
  for (const { quality } of readings) found[quality] = (found[quality] ?? 0) + 1;
  return found;
}
