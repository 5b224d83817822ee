import type { auditLog } from "../../db/schema";
import { civilDate } from "../../time";

export type AuditRow = typeof auditLog.$inferSelect;

/** What rows of the log are held against. */
export interface RecordScope {
  recordId: string;
  /** Half-open. */
  periodStart: Date;
  periodEnd: Date;
  /** Of the period: days are named in it. */
  timezone: string;
  /** Where it is another meter's row: of the one whose energy the record is held against. */
  comparedMeterId: string | null;
  region: string | null;
  /** Uploads whose readings reach into the period, by the rows that started them. */
  uploadIds: ReadonlySet<string>;
  /** Ranges of backfills by the rows that started them: rows written before their ends had one say none. */
  backfillRanges: ReadonlyMap<string, Range[]>;
}

export interface Range {
  from: Date;
  to: Date;
}

export interface Done {
  /** Continues "Ada …". */
  what: string;
  isChange: boolean;
}

type Rule = (row: AuditRow, scope: RecordScope) => Done | null;

const change = (what: string): Done => ({ what, isChange: true });
const look = (what: string): Done => ({ what, isChange: false });

/** Of the meter, its jobs and device: whatever was done to them counts. */
const setUp: Record<string, string> = {
  "meter.created": "added the meter",
  "meter.updated": "changed the meter",
  "meter.archived": "archived the meter",
  "meter.thresholds-changed": "changed the thresholds of the meter's checks",
  "job.created": "added a job of the meter",
  "job.changed": "changed a job of the meter",
  "job.paused": "paused a job of the meter",
  "job.resumed": "resumed a job of the meter",
  "job.ended": "ended a job of the meter",
  "device.created": "added the device",
  "device.updated": "changed the device",
  "device.config-replaced": "replaced the device's config",
  "device.archived": "archived the device",
  "device.meter-attached": "attached the meter to its device",
  "device.meter-detached": "detached the meter from its device",
};

/** Of the period: what was done to another one does not count. */
const ofPeriod: Record<string, Rule> = {
  "tasks.retried": (row, scope) => {
    const what = row.details.force === true ? "forced the collection of" : "retried tasks of";
    return change(`${what} ${daysOf(rangesOf(row), scope)}`);
  },
  "tasks.cancelled": (row, scope) => change(`cancelled tasks of ${daysOf(rangesOf(row), scope)}`),
  "backfill.started": (row, scope) => {
    const what = row.details.force === true ? "forced a backfill of" : "started a backfill of";
    return change(`${what} ${daysOf(rangesOf(row), scope)}`);
  },
  "backfill.stopped": () => change("stopped a backfill of the period"),
  "backfill.paused": () => look("paused a backfill of the period"),
  "backfill.resumed": () => look("resumed a backfill of the period"),
  "upload.started": (row, scope) => change(`ingested files for ${daysOf(rangesOf(row), scope)}`),
  "finding.acknowledged": () => change("acknowledged a finding of the period"),
  "factor.created": () => change("added an emission factor of the meter's region"),
  "recompute.started": () => change("had the region's carbon computed anew"),
};

const others: Record<string, Rule> = {
  "upload.received": (row, { uploadIds }) =>
    uploadIds.has(row.objectId) ? change("uploaded a file with readings of the period") : null,
  "upload.discarded": () => null,
  "device.signature-tested": () => look("tested the device's signature"),
  // The factor that came in their place has a row of its own, with its region.
  "factor.superseded": () => null,
  "factor.ended": () => null,
  "recompute.finished": () => null,
};

/**
 * What a row of the log did to a record, and whether it is a change that keeps who did it from approving; null where it did nothing to it. Pure.
 * What no rule knows counts as a change: a verb that is written later hinders until somebody decides otherwise.
 */
export function whatWasDone(row: AuditRow, scope: RecordScope): Done | null {
  const done = judge(row, scope);
  if (!done) return null;
  const isOfCompared = row.meterId !== null && row.meterId === scope.comparedMeterId;
  const what = isOfCompared ? `${done.what} (of the meter it is compared with)` : done.what;
  return { what, isChange: done.isChange && row.actorKind !== "system" };
}

function judge(row: AuditRow, scope: RecordScope): Done | null {
  const { action } = row;
  if (row.objectType === "record") return row.objectId === scope.recordId ? look(inWords(action)) : null;
  const what = setUp[action];
  if (what !== undefined) return change(what);
  if (ofPeriod[action]) return touchesPeriod(row, scope) ? ofPeriod[action](row, scope) : null;
  if (others[action]) return others[action](row, scope);
  return row.meterId === null && row.objectType !== "device" ? null : change(inWords(action));
}

/** Without a range that can be read it does: nobody approves because a row is old. */
function touchesPeriod(row: AuditRow, scope: RecordScope): boolean {
  const isOfRegion = row.objectType === "factor" || row.objectType === "recompute";
  if (isOfRegion && (scope.region === null || row.details.region !== scope.region)) return false;
  const known = rangesOf(row);
  const ranges = known.length > 0 ? known : (scope.backfillRanges.get(row.objectId) ?? []);
  return ranges.length === 0 || ranges.some((range) => overlaps(range, scope));
}

export function overlaps(range: Range, { periodStart, periodEnd }: Pick<RecordScope, "periodStart" | "periodEnd">) {
  return range.from < periodEnd && range.to > periodStart;
}

const ALWAYS = { from: new Date(-8.64e15), to: new Date(8.64e15) };

/** What a row says that it is about; none where it says nothing. An open end is one without end. */
export function rangesOf({ details, action }: AuditRow): Range[] {
  const { ranges } = details;
  if (Array.isArray(ranges)) return ranges.flatMap((pair) => rangeOf(pair?.[0], pair?.[1]) ?? []);
  if (action === "factor.created") return [openRange(details.validFrom, details.validTo)];
  if (action === "recompute.started") return [openRange(details.from, details.to)];
  const range = rangeOf(details.from, details.to);
  return range ? [range] : [];
}

function rangeOf(from: unknown, to: unknown): Range | null {
  const [start, end] = [instantOf(from), instantOf(to)];
  return start && end ? { from: start, to: end } : null;
}

function openRange(from: unknown, to: unknown): Range {
  return { from: instantOf(from) ?? ALWAYS.from, to: instantOf(to) ?? ALWAYS.to };
}

function instantOf(text: unknown): Date | null {
  if (typeof text !== "string") return null;
  const at = new Date(text);
  return Number.isNaN(at.getTime()) ? null : at;
}

/** `2026-10-09`, or `2026-10-09 to 2026-10-12`, of the first range that reaches into the period. */
function daysOf(ranges: readonly Range[], scope: RecordScope): string {
  const range = ranges.find((each) => overlaps(each, scope));
  if (!range) return "the period";
  const first = civilDate(range.from, scope.timezone);
  const last = civilDate(new Date(range.to.getTime() - 1), scope.timezone);
  return first === last ? first : `${first} to ${last}`;
}

/** `record.re-extracted` to `re-extracted the record`. */
function inWords(action: string): string {
  const [noun = "", done = action] = action.split(".");
  return `${done.replaceAll("-", " ")} the ${noun}`.trim();
}
