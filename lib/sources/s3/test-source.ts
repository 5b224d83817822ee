import { GetObjectCommand } from "@aws-sdk/client-s3";
import type { TestResult } from "../../connectors/contract";
import { SourceError } from "../../connectors/source-error";
import { asS3SourceError, notS3 } from "./failures";
import { MAX_LISTED, newestObject } from "./newest-object";
import type { S3Object, S3Source } from "./source";

/** Reads the newest object and gives the START of the newest reading in it, null where that is not to be told. */
export type ReadNewest = (source: S3Source, object: S3Object) => Promise<Date | null>;

/**
 * "Test connection": lists the objects under the prefix, whatever their dates, and reads the newest that fits, so that both
 * permissions are tried; `read` is the connector's, without it a byte is read. Throws SourceError.
 */
export async function testSource(source: S3Source, read: ReadNewest = readOneByte): Promise<TestResult> {
  const { bucket, host } = source;
  const where = `The bucket ${bucket} at ${host} was reached`;
  const { listed, fitting, newest, misfit } = await newestObject(source);
  const isPart = listed === MAX_LISTED;
  const counted = (count: number) =>
    `${count.toLocaleString("en")}${isPart ? ` of the first ${MAX_LISTED.toLocaleString("en")}` : ""}`;
  const found = [
    { label: "Objects under the prefix", value: `${listed.toLocaleString("en")}${isPart ? " or more" : ""}` },
    { label: "Fitting the pattern", value: counted(fitting) },
  ];
  if (!newest) {
    if (misfit) found.push({ label: "A key that does not fit", value: misfit.key });
    const [nothing, wrong] =
      listed === 0 ? ["under the prefix", "the prefix"] : ["that fits the pattern", "the pattern"];
    return {
      reached: `${where}, but it holds nothing ${nothing}. Correct ${wrong}, unless files are still to come.`,
      found,
      newestReadingAt: null,
    };
  }
  const newestReadingAt = await read(source, newest).catch((error: unknown) => {
    throw unreadable(error, where);
  });
  found.push({ label: "Newest object", value: newest.key });
  found.push({ label: "Its size", value: `${newest.sizeBytes.toLocaleString("en")} bytes` });
  found.push({ label: "Written at", value: newest.lastModified.toISOString() });
  if (newestReadingAt) found.push({ label: "Newest reading", value: newestReadingAt.toISOString() });
  const what = newestReadingAt
    ? "its newest object was read"
    : "the first byte of its newest object was read; the object is too large to be read whole in a test";
  return { reached: `${where}, and ${what}.`, found, newestReadingAt };
}

/** A file of another kind was found where the settings say: they may be wrong, the credentials are not. */
function unreadable(error: unknown, where: string): unknown {
  if (!(error instanceof SourceError) || !OTHER_FORMATS.has(error.code)) return error;
  const message = `${where}, but its newest object is of another kind. ${error.message} Correct the meter type, the prefix or the pattern.`;
  return new SourceError(error.code, message, { isRetryable: false, cause: error });
}

const OTHER_FORMATS = new Set([
  "NOT_JSON",
  "NOT_ENERGY_DATA",
  "NOT_SOLCAST_DATA",
  "NOT_NEM12",
  "NOT_XML",
  "NOT_GREEN_BUTTON",
  "NOT_CSV",
  "NOT_TEXT",
  "HTML_PAGE",
]);

export async function readOneByte(
  { bucket, client, host }: S3Source,
  { key, etag, sizeBytes }: S3Object,
): Promise<null> {
  const call = { bucket, host, request: `GetObject ${key}` };
  const Range = sizeBytes > 0 ? "bytes=0-0" : undefined;
  try {
    const answer = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key, IfMatch: etag, Range }));
    await answer.Body?.transformToByteArray();
    if (answer.ETag === undefined) throw notS3(call);
    return null;
  } catch (error) {
    throw asS3SourceError(error, call);
  }
}
