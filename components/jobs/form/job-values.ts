import type { JobDto } from "@/lib/jobs/schemas";
import type { JobFormMeter, JobFormSource } from "./form-meter";
import { type MrvValues, mrvSettingsOf, mrvValuesOf, proposedMrv } from "./mrv-values";
import { numberOf } from "./typed-number";

/** What a form of a job holds: texts as typed. */
export interface JobValues {
  type: JobDto["type"];
  meterId: string | null;
  name: string;
  startDay: string;
  endDay: string;
  interval: string;
  delayCount: string;
  delayUnit: DelayUnit;
  reread: string;
  retries: string;
  forceOverride: boolean;
  /** Of an MRV job alone. */
  mrv: MrvValues;
}

export const delayUnits = ["minutes", "hours", "days"] as const;
export type DelayUnit = (typeof delayUnits)[number];

/** What the meter's type proposes; the days are the meter's. */
export function proposedValues(meter: JobFormMeter | null, startDay: string, type: JobDto["type"] = "etl"): JobValues {
  const interval = type === "mrv" ? "P1D" : (meter?.source.defaultTaskInterval ?? "P1D");
  const delay = type === "mrv" ? meter?.source.recordDelay : meter?.source.availabilityLag;
  return {
    type,
    meterId: meter?.id ?? null,
    name: "",
    startDay,
    endDay: "",
    interval,
    ...delayOf(delay ?? "PT10M"),
    reread: String(meter ? proposedReread(meter.source, interval) : 1),
    retries: "5",
    forceOverride: true,
    mrv: proposedMrv(meter),
  };
}

/** `startDay` and `endDay` are the job's days. */
export function valuesOf(job: JobDto, startDay: string, endDay: string): JobValues {
  return {
    type: job.type,
    meterId: job.meterId,
    name: job.name,
    startDay,
    endDay,
    interval: job.interval,
    ...delayOf(job.delay),
    reread: String(job.rereadIntervals),
    retries: String(job.maxRetries),
    forceOverride: job.forceOverride,
    mrv: mrvValuesOf(job.settings),
  };
}

const DAYS_READ_AGAIN = 6;

/**
 * Days are read again for a week in all, which is one call where the vendor answers a week; with shorter intervals every task
 * would ask for all of it, so only the last one is.
 */
export function proposedReread(source: JobFormSource, interval: string): number {
  if (interval !== "P1D") return 1;
  const windowDays = Number(/^P(\d+)D$/.exec(source.restatementWindow)?.[1] ?? 1);
  return Math.min(windowDays, DAYS_READ_AGAIN);
}

export function delayOf(iso: string): Pick<JobValues, "delayCount" | "delayUnit"> {
  const found = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$/.exec(iso);
  const [days, hours, minutes] = [1, 2, 3].map((part) => Number(found?.[part] ?? 0)) as [number, number, number];
  const total = days * 1440 + hours * 60 + minutes;
  if (total > 0 && total % 1440 === 0) return { delayCount: String(total / 1440), delayUnit: "days" };
  if (total > 0 && total % 60 === 0) return { delayCount: String(total / 60), delayUnit: "hours" };
  return { delayCount: String(total), delayUnit: "minutes" };
}

/** ISO 8601; what is no number stays as typed, so that the schema refuses it at its field. */
export function delayIso({ delayCount, delayUnit }: Pick<JobValues, "delayCount" | "delayUnit">): string {
  if (!/^\d+$/.test(delayCount.trim())) return delayCount;
  const count = Number(delayCount);
  return delayUnit === "days" ? `P${count}D` : `PT${count}${delayUnit === "hours" ? "H" : "M"}`;
}

export function createInput(values: JobValues) {
  const common = {
    type: values.type,
    meterId: values.meterId,
    name: values.name.trim() || undefined,
    startDay: values.startDay,
    endDay: values.endDay || undefined,
    interval: values.interval,
    delay: delayIso(values),
    maxRetries: numberOf(values.retries),
  };
  if (values.type === "mrv") return { ...common, settings: mrvSettingsOf(values.mrv) };
  return { ...common, rereadIntervals: numberOf(values.reread), forceOverride: values.forceOverride };
}

/** Only what changed: a start that was not at midnight is not moved there by saving something else. */
export function changesOf(jobId: string, before: JobValues, values: JobValues) {
  const [was, is] = [createInput(before), createInput(values)].map((input) => ({
    rereadIntervals: undefined,
    forceOverride: undefined,
    settings: undefined,
    ...input,
  })) as [Changeable, Changeable];
  const changed = <T>(a: T, b: T) => (a === b ? undefined : b);
  return {
    jobId,
    name: changed(was.name, values.name),
    startDay: changed(was.startDay, is.startDay),
    endDay: changed(was.endDay ?? null, is.endDay ?? null),
    interval: changed(was.interval, is.interval),
    delay: changed(was.delay, is.delay),
    rereadIntervals: changed(was.rereadIntervals, is.rereadIntervals),
    maxRetries: changed(was.maxRetries, is.maxRetries),
    forceOverride: changed(was.forceOverride, is.forceOverride),
    settings: JSON.stringify(was.settings) === JSON.stringify(is.settings) ? undefined : is.settings,
  };
}

type Changeable = ReturnType<typeof createInput> & {
  rereadIntervals?: number | string;
  forceOverride?: boolean;
  settings?: object;
};
