import { ArchiveError } from "../archive/archive";
import { canonicalJson } from "../audit/chain";
import type { Parsed, Reading } from "../connectors/contract";
import type { Readings } from "../connectors/readings";
import { SourceError } from "../connectors/source-error";
import type { Db } from "../db/client";
import { InvalidInput } from "../errors";
import { type MetricName, metrics } from "../metrics/registry";
import type { Meter } from "../pipeline/etl/run-stage";
import type { Worker } from "../pipeline/worker";
import { sha256Hex } from "../secrets";
import { compareStored } from "./compare-stored";
import { daysOf, type UploadDay } from "./days";
import { notesOn } from "./plan-notes";
import type { UploadRow } from "./queries";
import { readUploads } from "./read-uploads";
import type { UploadPlan } from "./schemas";

const ROWS_SHOWN = 12;
const REJECTS_SHOWN = 100;

export interface MadePlan {
  plan: Omit<UploadPlan, "files">;
  days: UploadDay[];
}

/**
 * What files would do to a meter, read by the very parser of the pipeline. A file that cannot be read, or that has nothing of this meter
 * or nothing new, is an answer (`refusal`), not an error.
 */
export async function makePlan(
  { db, worker }: { db: Db; worker: Worker },
  meter: Meter,
  files: readonly (UploadRow & { objectId: string })[],
): Promise<MadePlan> {
  const read = await parsed(worker, meter, files);
  if ("code" in read) return refused(meter, files, read);
  const { readings, rejects } = read;
  const days = daysOf(readings, meter.timezone);
  const { counts, changes } = await compareStored(db, meter, readings, days);
  const sum = (pick: (each: { new: number; changed: number }) => number) =>
    counts.reduce((total, each) => total + pick(each), 0);
  const [isNew, isChanged] = [sum((each) => each.new), sum((each) => each.changed)];
  const plan = {
    ...emptyPlan(meter),
    metrics: metricsOf(readings),
    readings: readings.length,
    from: days[0]?.from ?? null,
    to: days.at(-1)?.to ?? null,
    new: isNew,
    changed: isChanged,
    same: readings.length - isNew - isChanged,
    days: days.map(({ day, readings: count }, index) => {
      const { new: fresh = 0, changed = 0 } = counts[index] ?? {};
      return { day, readings: count, new: fresh, changed, same: count - fresh - changed };
    }),
    rejected: rejects.length,
    rejects: rejects.slice(0, REJECTS_SHOWN).map(({ row, reason }) => ({ row, reason })),
    first: [...readings.slice(0, ROWS_SHOWN)].map(shown),
    changes: changes.map((change) => ({ ...change, metric: energyOf(readings) })),
    notes: await notesOn(db, meter, readings, days, worker.now()),
    refusal: refusalOf(read, isNew + isChanged),
  };
  return { plan: { ...plan, planToken: tokenOf(meter, files, plan) }, days };
}

async function parsed(
  worker: Worker,
  meter: Meter,
  files: readonly { objectId: string }[],
): Promise<Parsed | { code: string; message: string }> {
  try {
    return await readUploads(
      worker,
      meter,
      files.map(({ objectId }) => objectId),
    );
  } catch (error) {
    if (error instanceof SourceError) return { code: error.code, message: error.message };
    if (error instanceof ArchiveError) return { code: "ARCHIVE", message: error.message };
    if (error instanceof InvalidInput)
      return { code: "METER_SETUP", message: `The meter's settings are not complete. ${error.message}` };
    throw error;
  }
}

function emptyPlan(meter: Meter) {
  return {
    meterId: meter.id,
    timezone: meter.timezone,
    ...{ metrics: [], days: [], rejects: [], first: [], changes: [], notes: [] },
    ...{ readings: 0, new: 0, changed: 0, same: 0, rejected: 0, from: null, to: null },
  };
}

function refused(meter: Meter, files: readonly UploadRow[], refusal: { code: string; message: string }): MadePlan {
  const plan = { ...emptyPlan(meter), refusal };
  return { plan: { ...plan, planToken: tokenOf(meter, files, plan) }, days: [] };
}

function refusalOf({ readings, rejects }: Parsed, toDo: number): UploadPlan["refusal"] {
  if (toDo > 0) return null;
  if (readings.length > 0) {
    const what =
      readings.length === 1 ? "The only reading" : `Each of the ${readings.length.toLocaleString("en")} readings`;
    return {
      code: "NOTHING_NEW",
      message: `${what} is stored already, with the same values: ingesting would change nothing.`,
    };
  }
  const [first] = rejects;
  const why = first ? ` ${first.row}: ${first.reason}` : " It is of another meter, or its rows are empty.";
  return { code: "NO_READINGS", message: `There is no reading of this meter in what was uploaded.${why}` };
}

/** Names exactly what was shown: the bytes, how the meter reads them, and what that does to what is stored. */
function tokenOf(meter: Meter, files: readonly UploadRow[], plan: object): string {
  return sha256Hex(canonicalJson({ version: meter.version, files: files.map(({ id, sha256 }) => [id, sha256]), plan }));
}

function metricsOf(readings: Readings): MetricName[] {
  return metrics.map(({ name }) => name).filter((name) => readings.has(name));
}

function energyOf(readings: Readings): MetricName {
  return readings.has("eRealKwh") ? "eRealKwh" : "pvEstimateKwh";
}

function shown({ startEpochSeconds, durationSeconds, quality, ...values }: Reading): UploadPlan["first"][number] {
  return { at: new Date(startEpochSeconds * 1000), durationSeconds, quality, values };
}
