import { eq, getTableColumns, type SQL, sql } from "drizzle-orm";
import type { Db } from "../../db/client";
import { devices, meters, mrvRecords } from "../../db/schema";
import type { RecordSummary } from "../schemas";
import { listedSummary, type SummaryRow } from "./to-dto";

// Evidence, checks and signed bytes are most of a row, and no list shows them.
const {
  evidence: _evidence,
  settings: _settings,
  checks: _checks,
  credential: _credential,
  credentialId: _credentialId,
  payloadHash: _payloadHash,
  issuedAt: _issuedAt,
  restatement: _restatement,
  acknowledgements: _acknowledgements,
  reason: _reason,
  submitAt: _submitAt,
  signedWith: _signedWith,
  ...summaryColumns
} = getTableColumns(mrvRecords);

const checksNotApplicable = sql<number>`(select count(*)::int from jsonb_array_elements(${mrvRecords.checks}) c
  where c->>'result' = 'not_applicable')`;

/** For cursors: with the microseconds, which a Date loses and records of one transaction share. */
export const createdKey = sql<string>`to_char(${mrvRecords.createdAt} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

/** Rows of records with the names that a list shows, for `summaryOf`; `more` selects besides. */
export function selectSummaries<More extends Record<string, SQL> = Record<never, SQL>>(db: Db, more?: More) {
  const record = { ...summaryColumns, checksNotApplicable };
  const fields = { record, meterName: meters.name, deviceName: devices.name, createdKey };
  return db
    .select({ ...fields, ...(more as More) })
    .from(mrvRecords)
    .innerJoin(meters, eq(meters.id, mrvRecords.meterId))
    .innerJoin(devices, eq(devices.id, mrvRecords.deviceId))
    .$dynamic();
}

export function summaryOf(row: { record: SummaryRow; meterName: string; deviceName: string }): RecordSummary {
  return listedSummary(row.record, row);
}
