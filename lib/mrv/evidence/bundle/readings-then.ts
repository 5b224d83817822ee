import { sql } from "drizzle-orm";
import type { Db } from "../../../db/client";
import { NotPossibleNow } from "../../../errors";
import { metricOf } from "../../../metrics/registry";
import { sha256Hex } from "../../../secrets";
import { canonicalRows, type EvidenceReading } from "../canonical-rows";
import type { EvidenceManifest } from "../manifest";

/** A reading as it was stored by one transaction, which began at `storedAt` (microseconds). */
interface Version extends EvidenceReading {
  revision: number;
  storedAt: number;
}

/** A transaction's rows carry its beginning; it may have ended after an extraction that began later, or before one that began earlier. */
const UNSURE_MICROSECONDS = 3_600_000_000;
/** Transactions about which both is tried. Two at one time are rare already. */
const MOST_UNSURE = 8;

/**
 * The canonical rows behind a record, as they were when it was extracted, whatever was restated since: the text whose hash the manifest has.
 * Throws NotPossibleNow where stored readings give that hash no more.
 */
export async function readingsThen(db: Db, manifest: EvidenceManifest, extractedAt: Date): Promise<string> {
  const { metric } = manifest.figures;
  const versions = await storedVersions(db, manifest);
  for (const isVisible of snapshots(versions, extractedAt.getTime() * 1000)) {
    const text = canonicalRows(metric, newestOf(versions.filter(isVisible)));
    if (sha256Hex(text) === manifest.readings.sha256) return text;
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

/** What the extraction can have seen, the likeliest first: all that was stored before it, then with some of what was stored about then the other way. */
function* snapshots(versions: readonly Version[], at: number): Generator<(version: Version) => boolean> {
  const distance = (storedAt: number) => Math.abs(storedAt - at);
  const unsure = [...new Set(versions.map(({ storedAt }) => storedAt))]
    .filter((storedAt) => distance(storedAt) <= UNSURE_MICROSECONDS)
    .sort((a, b) => distance(a) - distance(b))
    .slice(0, MOST_UNSURE);
  for (let turned = 0; turned < 2 ** unsure.length; turned++) {
    yield ({ storedAt }) => {
      const index = unsure.indexOf(storedAt);
      const isTurned = index >= 0 && (turned & (1 << index)) !== 0;
      return storedAt <= at !== isTurned;
    };
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
