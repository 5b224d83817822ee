import { sql } from "drizzle-orm";
import { z } from "zod";
import { authorise } from "../../auth/actor";
import type { Ctx } from "../../ctx";
import type { Db } from "../../db/client";
import { type FieldErrors, InvalidInput } from "../../errors";
import { parseInput } from "../../field-errors";
import type { Subject } from "../../guardian/subject";
import { getMeterRow } from "../../meters/internal";
import { metricOf } from "../../metrics/registry";
import { fieldsOf } from "../../mrv/field-map/credential-preview";
import type { RecordFacts } from "../../mrv/field-map/record-facts";
import { builtSubject } from "../../mrv/field-map/subject-of-record";
import { type MrvSettings, mrvSettings } from "../../mrv/settings";
import { addDuration, dayStart } from "../../time";
import type { MeterRow } from "../internal";
import { fieldMapFaultsOf, sampleOf } from "./assert-mrv-job-fits";
import { recordingDevice } from "./recording-device";

export const previewSubjectInput = z.strictObject({ meterId: z.uuid(), settings: z.record(z.string(), z.unknown()) });

export interface SubjectPreview {
  /** Start of the day of the meter that fills it; null: a sample, because no whole day is there yet. */
  filledWith: string | null;
  timezone: string;
  /** The subject as it would be signed, indented JSON; null while a field cannot be filled. */
  document: string | null;
  fields: { path: string; value: string; from: string }[];
  /** By setting, as the job would be refused. */
  faults: FieldErrors;
}

/** Looked at for one that is whole. */
const NEWEST_DAYS = 60;

/** What the settings of a job make of the meter's newest whole day, or of a sample. Settings that are wrong are faults, no errors. */
export async function previewSubject(ctx: Ctx, input: z.input<typeof previewSubjectInput>): Promise<SubjectPreview> {
  const given = parseInput(previewSubjectInput, input);
  authorise(ctx.actor, "jobs:edit", given.meterId);
  const meter = await getMeterRow(ctx.db, given.meterId);
  const device = await recordingDevice(ctx.db, meter);
  const { timezone } = meter;
  const failed = (faults: FieldErrors) => ({ filledWith: null, timezone, document: null, fields: [], faults });
  let settings: MrvSettings;
  try {
    settings = parseInput(mrvSettings, given.settings, "settings");
  } catch (error) {
    if (error instanceof InvalidInput) return failed(error.fields);
    throw error;
  }
  const job = { startAt: new Date(), endAt: null, interval: "P1D", timezone, settings };
  const day = await newestWholeDay(ctx.db, meter, settings);
  const facts = day ?? sampleOf(meter, job);
  const faults = fieldMapFaultsOf(meter, device, job, facts);
  try {
    const subject: Subject = builtSubject(facts, settings, device);
    return {
      filledWith: day ? day.periodStart.toISOString() : null,
      timezone,
      document: JSON.stringify(subject, null, 2),
      fields: fieldsOf(subject, settings),
      faults,
    };
  } catch (error) {
    if (error instanceof InvalidInput) return { ...failed(faults), filledWith: day?.periodStart.toISOString() ?? null };
    throw error;
  }
}

async function newestWholeDay(db: Db, meter: MeterRow, settings: MrvSettings): Promise<RecordFacts | null> {
  const { MRV_METRIC: metric } = settings;
  const column = sql.identifier(metricOf(metric).column);
  const rows = await db.execute<{
    day: string;
    readings: number;
    covered: number;
    value: string | null;
    carbon: string | null;
  }>(sql`
    select day::text, readings, covered_seconds as covered, ${column}::text as value, carbon_tons::text as carbon
    from meter_data_daily where meter_id = ${meter.id} order by day desc limit ${NEWEST_DAYS}`);
  for (const row of rows) {
    const periodStart = dayStart(row.day, meter.timezone);
    if (!periodStart || row.value === null) continue;
    const periodEnd = addDuration(periodStart, "P1D", meter.timezone);
    if (row.covered * 1000 < periodEnd.getTime() - periodStart.getTime()) continue;
    return {
      recordId: "00000000-0000-7000-8000-000000000000",
      meterId: meter.id,
      metric,
      unit: metricOf(metric).unit,
      value: row.value,
      carbonTons: row.carbon,
      emissionFactor: await factorOf(db, meter.id, periodStart, periodEnd),
      coverage: "1",
      readings: row.readings,
      periodStart,
      periodEnd,
      timezone: meter.timezone,
    };
  }
  return null;
}

async function factorOf(db: Db, meterId: string, from: Date, to: Date): Promise<string | null> {
  const rows = await db.execute<{ factor: string | null }>(sql`
    select distinct carbon_factor_value::text as factor from meter_data
    where meter_id = ${meterId} and timestamp >= ${from.toISOString()}::timestamptz and timestamp < ${to.toISOString()}::timestamptz
    limit 2`);
  return rows.length === 1 ? (rows[0]?.factor ?? null) : null;
}
