import { sql } from "drizzle-orm";
import { contentTypeOf, nameInKey } from "../../archive/file-name";
import type { Connector, Range } from "../../connectors/contract";
import { SourceError } from "../../connectors/source-error";
import type { Origin } from "../../db/schema";
import { sha256Hex } from "../../secrets";
import { bucketOf } from "../../sources/s3/bucket-of";
import { download } from "../../sources/s3/download";
import { listMatching } from "../../sources/s3/list-matching";
import { keyMatcher } from "../../sources/s3/pattern";
import type { S3Object, S3Source } from "../../sources/s3/source";
import { nominalSeconds } from "../../time";
import type { Worker } from "../worker";
import type { Collected, MeterCollection } from "./collect";
import { contiguousRanges, readSpan, type Span } from "./fetch-ranges";
import { asTaskError, type Meter, type TaskFailure } from "./run-stage";
import type { StageTask } from "./stage-tasks";

/**
 * Copies what a bucket has for the tasks into the archive, unchanged. An object that was copied with the same ETag is not
 * downloaded again; another ETag is another object, and its readings restate the earlier ones. Which intervals an object
 * serves is decided by what is in it, so a task names every object that fits the pattern for its range. An object that cannot be
 * read fails the tasks that need it, and no others.
 */
export async function copyBucketObjects(
  worker: Worker,
  meter: Meter,
  connector: Connector,
  tasks: StageTask[],
): Promise<MeterCollection> {
  const credential = worker.secrets.open(meter.dataCredentials, `meters.data_credentials:${meter.id}`);
  const source = bucketOf(worker, { ...meter, credential });
  const copies = new Map<string, Promise<string>>();
  const collected: Collected[] = [];
  const failures: TaskFailure[] = [];
  for (const range of contiguousRanges(tasks)) {
    const listed = await oldestFirst(listMatching(source, asRange(range), meter.timezone));
    for (const task of range.tasks) {
      const isFor = keyMatcher(source.pattern, asRange(readSpan(task)), meter.timezone);
      const objects = listed.filter((object) => isFor(object.key.slice(source.prefix.length)));
      try {
        const objectIds: string[] = [];
        for (const object of objects) objectIds.push(await copyOnce(worker, meter, source, object, copies));
        if (objectIds.length > 0 || isPast(worker, connector, task)) collected.push({ taskId: task.id, objectIds });
        else failures.push({ taskId: task.id, error: nothingYet(source) });
      } catch (error) {
        failures.push({ taskId: task.id, error: asTaskError(error) });
      }
    }
  }
  return { collected, failures };
}

function asRange({ from, to }: Span): Range {
  return { from: new Date(from), to: new Date(to) };
}

/** Of two files with the same interval the one written later holds. */
async function oldestFirst(objects: AsyncIterable<S3Object>): Promise<S3Object[]> {
  const listed: S3Object[] = [];
  for await (const object of objects) listed.push(object);
  return listed.sort((a, b) => a.lastModified.getTime() - b.lastModified.getTime() || (a.key < b.key ? -1 : 1));
}

/** Tasks share objects: what was copied is not looked for again, and what failed is not asked for again. */
function copyOnce(
  worker: Worker,
  meter: Meter,
  source: S3Source,
  object: S3Object,
  copies: Map<string, Promise<string>>,
): Promise<string> {
  const version = `${object.key}\n${object.etag}`;
  const known = copies.get(version);
  if (known) return known;
  const made = archivedId(worker, meter, source, object).then((id) => id ?? copy(worker, meter, source, object));
  copies.set(version, made);
  return made;
}

async function archivedId(
  worker: Worker,
  meter: Meter,
  source: S3Source,
  object: S3Object,
): Promise<string | undefined> {
  const [row] = await worker.db.execute<{ id: string }>(sql`
    select id from archive_objects
    where meter_id = ${meter.id} and kind = 'raw' and key = ${archiveKey(meter, source, object)}`);
  return row?.id;
}

async function copy(worker: Worker, meter: Meter, source: S3Source, object: S3Object): Promise<string> {
  const key = archiveKey(meter, source, object);
  const contentType = contentTypeOf(object.key);
  const stored = await worker.archive.putStream(key, download(source, object), contentType);
  const origin: Origin = {
    kind: "s3",
    bucket: source.bucket,
    key: object.key,
    etag: object.etag,
    lastModified: object.lastModified.toISOString(),
    sizeBytes: object.sizeBytes,
  };
  const now = worker.now().toISOString();
  const [row] = await worker.db.execute<{ id: string }>(sql`
    insert into archive_objects (meter_id, kind, key, sha256, size_bytes, content_type, origin, fetched_at, confirmed_at)
    values (${meter.id}, 'raw', ${key}, ${stored.sha256}, ${stored.sizeBytes}, ${contentType},
      ${JSON.stringify(origin)}::text::jsonb, ${now}::timestamptz, ${now}::timestamptz)
    on conflict (key) do update set confirmed_at = excluded.confirmed_at
    returning id`);
  if (!row) throw new Error(`No row came back for ${key}.`);
  return row.id;
}

/** Named by what the source calls the version, so that a copy that was cut off is found again. */
function archiveKey(meter: Meter, { bucket, host }: S3Source, { key, etag }: S3Object): string {
  const version = sha256Hex([host, bucket, key, etag].join("\n")).slice(0, 24);
  return `raw/${meter.id}/bucket/${version}/${nameInKey(key)}`;
}

/** No file will come any more: the interval is settled without readings. */
function isPast(worker: Worker, connector: Connector, task: StageTask): boolean {
  return worker.now().getTime() >= task.endAt + nominalSeconds(connector.restatementWindow) * 1000;
}

function nothingYet({ bucket, prefix }: S3Source): SourceError {
  const where = prefix === "" ? `The bucket ${bucket}` : `The bucket ${bucket} under ${prefix}`;
  return new SourceError("NO_OBJECT_YET", `${where} has no object for this interval yet. It is looked at again.`, {
    isRetryable: true,
    waitReason: "data",
  });
}
