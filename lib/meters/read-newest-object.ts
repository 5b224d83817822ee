import { connectorOf, settingsOf } from "../connectors/registry";
import { SourceError } from "../connectors/source-error";
import { download } from "../sources/s3/download";
import { type ReadNewest, readOneByte } from "../sources/s3/test-source";
import { packedFile, withUnpacked } from "../sources/unpack";
import type { MeterToReach } from "./reach-source";

/** A person waits for the answer; a larger object is only touched. */
const MOST_BYTES = 32 * 1024 * 1024;

/** Later than any reading a file can hold. */
const EVER = { from: new Date(0), to: new Date("2100-01-01T00:00:00Z") };

/**
 * Reads a bucket's newest object as the meter would be collected, so that a wrong file, a wrong NMI or a wrong suffix shows
 * before a job runs into it. Throws SourceError; `NO_READINGS` where the object is fine and has nothing of this meter.
 */
export function readNewestAs({ type, dataSource, dataSourceType, settings, timezone }: MeterToReach): ReadNewest {
  const connector = connectorOf(type);
  return async (source, object) => {
    if (object.sizeBytes > MOST_BYTES) return readOneByte(source, object);
    const chunks: Uint8Array[] = [];
    for await (const chunk of download(source, object)) chunks.push(chunk);
    const file = packedFile(object.key, "application/octet-stream", Buffer.concat(chunks));
    const own = settingsOf(connector, dataSourceType, settings);
    const context = { settings: own, dataSource, dataSourceType, timezone, range: EVER };
    const { readings, rejects } = await withUnpacked([file], (inputs) => connector.parse(inputs, context));
    const newest = readings.startEpochSeconds.at(-1);
    if (newest !== undefined) return new Date(newest * 1000);
    const [first] = rejects;
    const why = first ? ` ${first.row}: ${first.reason}` : "";
    throw new SourceError(
      "NO_READINGS",
      `The bucket was reached, but its newest object ${object.key} has no readings of this meter.${why}`,
      { isRetryable: false },
    );
  };
}
