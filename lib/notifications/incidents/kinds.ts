import { sql } from "drizzle-orm";
import { meterStatesSql } from "../../fleet/freshness";
import { counted, type IncidentKind, iso } from "./kind";
import { restated, submissionFailed, submissionUnknown, waitingForReview } from "./record-kinds";

const meterPath = (meterId: string) => `/meters/${encodeURIComponent(meterId)}`;

/** Of a meter that is behind but shown as failed, waiting or backfilling, lateness goes on: it is told of when it caught up. */
const late: IncidentKind = {
  kind: "late",
  label: "Late",
  help: "a meter's newest reading is older than its lag allows",
  state: "late",
  words: {
    opened: (count) => `${counted(count, "meter")} late`,
    worsened: (count) => `${counted(count, "meter")} still late`,
    healed: (count) => `${counted(count, "meter")} fresh again`,
  },
  subjects: (now) => sql`
    select m.id::text as subject_id, m.name as subject_name, m.id as meter_id,
      case
        when s.state = 'late' then 'wrong'
        when s.state = 'fresh' then 'well'
        when s.late_by_seconds > 0 or m.newest_reading_at is null then 'held'
        else 'well'
      end as standing,
      ${iso(now)} - make_interval(secs => s.late_by_seconds) as since, 1 as weight, null::timestamptz as newest_at
    from (${meterStatesSql(now)}) s join meters m on m.id = s.meter_id
    where s.state in ('late', 'fresh', 'failed', 'waiting', 'backfilling')`,
  listPath: "/meters?state=late",
  subjectPath: meterPath,
};

/** By meter: a job that fails every five minutes is one trouble. While what failed is tried again, nothing has healed. */
const failed: IncidentKind = {
  kind: "failed",
  label: "Failed",
  help: "a task of a meter failed and is not tried again by itself",
  state: "failed",
  words: {
    opened: (count) => `failed tasks on ${counted(count, "meter")}`,
    worsened: (count) => `more failed tasks on ${counted(count, "meter")}`,
    healed: (count) => `no failed tasks left on ${counted(count, "meter")}`,
  },
  subjects: (now) => sql`
    select m.id::text as subject_id, m.name as subject_name, m.id as meter_id,
      case
        when f.tasks is not null then 'wrong'
        when not exists (
          select from incidents o where o.kind = 'failed' and o.subject_id = m.id::text and o.closed_at is null
        ) then 'well'
        when exists (
          select from meter_tasks t
          where t.meter_id = m.id and t.state in ('pending', 'queued', 'running', 'waiting') and t.execution_errs <> '[]'
        ) then 'held'
        else 'well'
      end as standing,
      coalesce(f.first_at, ${iso(now)}) as since, coalesce(f.tasks, 0) as weight, f.newest_at
    from meters m
    left join (
      select t.meter_id, count(*)::int as tasks, min(coalesce(t.finished_at, t.updated_at)) as first_at,
        max(coalesce(t.finished_at, t.updated_at)) as newest_at
      from meter_tasks t where t.state = 'failed' group by t.meter_id
    ) f on f.meter_id = m.id
    where m.archived_at is null`,
  listPath: "/tasks?state=failed",
  subjectPath: (meterId) => `/tasks?state=failed&meter=${meterId}`,
};

/** By source account, named as the quotas of the overview are: type and a recognisable piece of the credential. */
const quotaSpent: IncidentKind = {
  kind: "quota_spent",
  label: "Quota spent",
  help: "the calls of a source account's day are used up",
  state: "waiting",
  words: {
    opened: (count) => `${counted(count, "quota")} spent`,
    worsened: (count) => `${counted(count, "quota")} still spent`,
    healed: (count) => `${counted(count, "quota")} back`,
  },
  subjects: (now) => sql`
    select q.account_key as subject_id, min(m.type) || ' ' || min(m.credential_hint) as subject_name, null::uuid as meter_id,
      case when q.reset_at > ${iso(now)} and q.used >= q."limit" then 'wrong' else 'well' end as standing,
      ${iso(now)} as since, 1 as weight, null::timestamptz as newest_at
    from source_quotas q join meters m on m.account_key = q.account_key and m.archived_at is null
    where q."window" = 'day'
    group by q.account_key, q.reset_at, q.used, q."limit"`,
  listPath: "/tasks?state=waiting&wait=quota",
  subjectPath: (accountKey) => `/tasks?state=waiting&wait=quota&account=${encodeURIComponent(accountKey)}`,
};

/** What people can be told of. A kind more is a definition like those above and one entry here. */
export const incidentKinds: readonly IncidentKind[] = [
  late,
  failed,
  quotaSpent,
  waitingForReview,
  restated,
  submissionFailed,
  submissionUnknown,
];

export function kindOf(kind: string): IncidentKind | undefined {
  return incidentKinds.find((each) => each.kind === kind);
}
