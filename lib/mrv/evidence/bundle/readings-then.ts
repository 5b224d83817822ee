import { sql } from "drizzle-orm";
import type { Db } from "../../../db/client";
import { NotPossibleNow } from "../../../errors";
import { metricOf } from "../../../metrics/registry";
import { sha256Hex } from "../../../secrets";
import { canonicalRows, type EvidenceReading } from "../canonical-rows";
import type { EvidenceManifest } from "../manifest";

/** A reading as one transaction stored it, which began at `storedAt` (microseconds). */
interface Version extends EvidenceReading {
  revision: number;
  storedAt: number;
}

/** Looks at what may have been seen, before it is given up. Nearly always the first one is it: nothing was restated. */
const MOST_LOOKS = 1_000;
/** Transactions that began before one that was seen, and ended after it, unseen. */
const LATE_ENDS = 4;

/**
 * The canonical rows behind a record, as they were when it was extracted, whatever was restated since: the text whose hash the manifest has.
 * Throws NotPossibleNow where stored readings and their revisions give that hash no more.
 */
export async function readingsThen(db: Db, manifest: EvidenceManifest): Promise<string> {
  const { metric } = manifest.figures;
  const versions = await storedVersions(db, manifest);
  let looks = 0;
  for (const isSeen of snapshots(versions)) {
    const text = canonicalRows(metric, newestOf(versions.filter(({ storedAt }) => isSeen(storedAt))));
    if (sha256Hex(text) === manifest.readings.sha256) return text;
    if (++looks === MOST_LOOKS) break;
  }
  throw new NotPossibleNow(
    "The readings that are stored now, with all their revisions, are not those that this record was made of: they were changed in the database itself. " +
      "The evidence cannot be handed out. Restore the readings from a backup, or from the archived objects that the record names.",
  );
}

/** By start; of each reading the newest. Revisions of one reading follow one another in the order of their transactions' ends. */
function newestOf(versions: readonly Version[]): EvidenceReading[] {
  const newest = new Map<string, Version>();
  for (const version of versions) {
    if (version.revision > (newest.get(version.start)?.revision ?? 0)) newest.set(version.start, version);
  }
  return [...newest.values()].sort((a, b) => (a.start < b.start ? -1 : 1));
}

/**
 * What the extraction can have seen: all that is stored now, or all that was stored up to some transaction, the newest first. Rows carry their
 * transaction's beginning, so one that ended after the extraction looks older than another that it saw: that is tried at last. Not by the record's
 * own time, which another machine's clock gave.
 */
function* snapshots(versions: readonly Version[]): Generator<(storedAt: number) => boolean> {
  const stored = [...new Set(versions.map(({ storedAt }) => storedAt))].sort((a, b) => b - a);
  yield () => true;
  for (const last of stored.slice(1)) yield (storedAt) => storedAt <= last;
  for (const [index, last] of stored.entries()) {
    for (const unseen of stored.slice(index + 1, index + 1 + LATE_ENDS)) {
      yield (storedAt) => storedAt <= last && storedAt !== unseen;
    }
  }
}

async function storedVersions(db: Db, { meter, period, figures }: EvidenceManifest): Promise<Version[]> {
  const column = sql.identifier(metricOf(figures.metric).column);
  const version = sql`to_char(timestamp at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as start, duration_seconds,
    trim_scale(${column})::text as value, trim_scale(carbon_tons)::text as carbon_tons, carbon_factor_id, quality, object_id, revision,
    (extract(epoch from ingested_at) * 1000000)::float8 as stored_at`;
  const isInPeriod = sql`meter_id = ${meter.id} and timestamp >= ${period.start}::timestamptz and timestamp < ${period.end}::timestamptz`;
  const rows = await db.execute<{
    start: string;
    duration_seconds: number;
    value: string | null;
    carbon_tons: string | null;
    carbon_factor_id: string | null;
    quality: EvidenceReading["quality"];
    object_id: string;
    revision: number;
    stored_at: number;
  }>(sql`
    select ${version} from meter_data where ${isInPeriod}
    union all select ${version} from meter_data_revisions where ${isInPeriod}`);
  return rows.map((row) => ({
    start: row.start,
    durationSeconds: row.duration_seconds,
    value: row.value,
    carbonTons: row.carbon_tons,
    factorId: row.carbon_factor_id,
    quality: row.quality,
    objectId: row.object_id,
    revision: row.revision,
    storedAt: row.stored_at,
  }));
}
