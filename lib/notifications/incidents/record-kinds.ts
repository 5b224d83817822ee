import { type SQL, sql } from "drizzle-orm";
import { counted, type IncidentKind } from "./kind";

/** Kinds of trouble about MRV records. */

const recordPath = (recordId: string) => `/mrv/records/${encodeURIComponent(recordId)}`;

/** By the day on which periods begin: a morning's records are one piece of news. Their end is none: whoever reviewed them knows. */
export const waitingForReview: IncidentKind = {
  kind: "review",
  label: "Waiting for review",
  help: "MRV records of a day wait for a person",
  state: "person",
  words: {
    opened: (count) => `records of ${counted(count, "day")} wait for review`,
    worsened: (count) => `more records of ${counted(count, "day")} wait for review`,
    healed: (count) => `records of ${counted(count, "day")} reviewed`,
  },
  subjects: () => sql`
    select day as subject_id, count(*) || (case when count(*) = 1 then ' record of ' else ' records of ' end) || day as subject_name,
      null::uuid as meter_id, 'wrong' as standing, min(at) as since, count(*)::int as weight, max(at) as newest_at
    from (
      select to_char(r.period_start at time zone r.timezone, 'YYYY-MM-DD') as day, coalesce(r.verified_at, r.created_at) as at
      from mrv_records r where r.status in ('verified', 'verification_failed') and r.replaced_at is null
    ) waiting group by day`,
  listPath: "/mrv/review",
  subjectPath: () => "/mrv/review",
};

// With a limit the planner asks the index for each; as an `exists` it reads all records to hash a few.
const isCorrected = sql`(
  select true from mrv_records c where c.corrects_id = r.id and c.status <> 'rejected' and c.replaced_at is null limit 1)`;

/** Over once a correction stands beside it, or the readings are as they were; without a message where somebody acknowledged it. */
export const restated: IncidentKind = {
  kind: "restated",
  label: "Restated records",
  help: "readings of a record changed after it was approved",
  state: "person",
  words: {
    opened: (count) => `${counted(count, "record")} restated`,
    worsened: (count) => `${counted(count, "record")} restated again`,
    healed: (count) => `${counted(count, "restated record")} put right`,
  },
  subjects: () =>
    ofRecords("restated", {
      isAsked: sql`r.restated_at is not null and r.restatement_acknowledged_at is null`,
      standing: sql`case
        when r.restatement_acknowledged_at is not null then null
        when r.restated_at is null or ${isCorrected} then 'well'
        else 'wrong' end`,
      since: sql`coalesce(r.restated_at, r.updated_at)`,
    }),
  listPath: "/mrv/records?restated=true&acknowledged=false",
  subjectPath: recordPath,
};

/** While it is sent again nothing has healed. */
export const submissionFailed: IncidentKind = {
  kind: "submission_failed",
  label: "Submission failed",
  help: "Guardian refused a record, or it could not be signed",
  state: "failed",
  words: {
    opened: (count) => `${counted(count, "record")} could not be submitted`,
    worsened: (count) => `${counted(count, "record")} failed again`,
    healed: (count) => `${counted(count, "record")} submitted after all`,
  },
  subjects: () =>
    ofRecords("submission_failed", {
      isAsked: sql`r.status = 'submission_failed' and r.replaced_at is null`,
      standing: sql`case
        when r.status = 'submission_failed' then 'wrong'
        when r.status in ('approved', 'submitting') then 'held'
        when r.status = 'submitted' then 'well' end`,
      since: sql`r.updated_at`,
    }),
  listPath: "/mrv/records?status=submission_failed",
  subjectPath: recordPath,
};

export const submissionUnknown: IncidentKind = {
  kind: "submission_unknown",
  label: "Submission unknown",
  help: "nobody knows whether a record arrived: a person has to find out",
  state: "person",
  words: {
    opened: (count) => `${counted(count, "record")} may or may not have arrived`,
    worsened: (count) => `${counted(count, "record")} may or may not have arrived`,
    healed: (count) => `${counted(count, "record")} found to have arrived`,
  },
  subjects: () =>
    ofRecords("submission_unknown", {
      isAsked: sql`r.status = 'submission_unknown'`,
      standing: sql`case r.status when 'submission_unknown' then 'wrong' when 'submitted' then 'well' end`,
      since: sql`r.updated_at`,
    }),
  listPath: "/mrv/records?status=submission_unknown",
  subjectPath: recordPath,
};

/** One subject a record, named by meter and day; those that have an open incident are asked, too. */
// Each half by its index: as one `or` every record was looked at each minute, 0.5 s among 50,000.
function ofRecords(kind: string, { isAsked, standing, since }: { isAsked: SQL; standing: SQL; since: SQL }): SQL {
  return sql`
    select * from (
      select r.id::text as subject_id, m.name || ', ' || to_char(r.period_start at time zone r.timezone, 'YYYY-MM-DD') as subject_name,
        r.meter_id, ${standing} as standing, ${since} as since, 1 as weight, null::timestamptz as newest_at
      from mrv_records r join meters m on m.id = r.meter_id
      where r.replaced_at is null and r.id in (
        select r.id from mrv_records r where ${isAsked}
        union select o.subject_id::uuid from incidents o where o.kind = ${kind} and o.closed_at is null)
    ) asked where standing is not null`;
}
