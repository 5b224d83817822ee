import { and, eq, gte, inArray, isNotNull, isNull, lt, type SQL } from "drizzle-orm";
import { z } from "zod";
import { type Actor, meterScope } from "../../auth/actor";
import type { Ctx } from "../../ctx";
import { mrvRecords } from "../../db/schema";
import { instant } from "../../http/fields";
import { recordStatuses } from "../statuses";
import { recordsFound } from "./records-found";

export const recordFilters = {
  status: z.array(z.enum(recordStatuses)).min(1).optional(),
  deviceId: z.uuid().optional(),
  meterId: z.uuid().optional(),
  jobId: z.uuid().optional(),
  from: instant.optional().meta({ description: "Periods that start at or after it." }),
  to: instant.optional().meta({ description: "Periods that start before it." }),
  restated: z.boolean().optional().meta({ description: "True: readings changed after somebody had decided." }),
  acknowledged: z.boolean().optional().meta({
    description: "True: records whose restatement a person has acknowledged. False: the others, restated or not.",
  }),
  replaced: z.boolean().optional().meta({ description: "True: records that another one replaced. False: the others." }),
  search: z.string().trim().max(200).optional().meta({
    description: "Part of the meter's or the device's name, or of the DID; or an id of the record or its credential.",
  }),
};
export const recordFilter = z.strictObject(recordFilters);
export type RecordFilter = z.output<typeof recordFilter>;

/** The records a filter names, of the meters that the actor may see. */
export async function recordWhere({ db, actor }: Ctx, filter: RecordFilter): Promise<SQL | undefined> {
  const { status, deviceId, meterId, jobId, from, to, restated, acknowledged, replaced, search } = filter;
  return and(
    inMeterScope(actor),
    status && inArray(mrvRecords.status, status),
    deviceId === undefined ? undefined : eq(mrvRecords.deviceId, deviceId),
    meterId === undefined ? undefined : eq(mrvRecords.meterId, meterId),
    jobId === undefined ? undefined : eq(mrvRecords.jobId, jobId),
    from && gte(mrvRecords.periodStart, from),
    to && lt(mrvRecords.periodStart, to),
    restated === undefined ? undefined : (restated ? isNotNull : isNull)(mrvRecords.restatedAt),
    acknowledged === undefined ? undefined : (acknowledged ? isNotNull : isNull)(mrvRecords.restatementAcknowledgedAt),
    replaced === undefined ? undefined : (replaced ? isNotNull : isNull)(mrvRecords.replacedAt),
    search ? await recordsFound(db, search) : undefined,
  );
}

export function inMeterScope(actor: Actor): SQL | undefined {
  const scope = meterScope(actor);
  return scope ? inArray(mrvRecords.meterId, [...scope]) : undefined;
}
