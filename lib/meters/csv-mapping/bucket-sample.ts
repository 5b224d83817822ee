import type { z } from "zod";
import { authorise } from "../../auth/actor";
import { connectorOf } from "../../connectors/registry";
import { SourceError } from "../../connectors/source-error";
import type { WorkerCtx } from "../../ctx";
import { Forbidden, InvalidInput, NotPossibleNow } from "../../errors";
import { parseInput } from "../../field-errors";
import { bucketOf } from "../../sources/s3/bucket-of";
import { download } from "../../sources/s3/download";
import { newestObject } from "../../sources/s3/newest-object";
import { s3SettingsOf } from "../../sources/s3/settings";
import { withoutCredential } from "../../sources/without-credential";
import { checkCredential } from "../check-source";
import { credentialContext, getMeterRow } from "../internal";
import { type CsvSample, SAMPLE_BYTES } from "./limits";
import { bucketSampleInput } from "./schemas";

/**
 * The beginning of the newest object that fits the form's key pattern, for a mapping to start from. With `meterId` and without
 * credentials the stored ones are used. Throws InvalidInput where the form is wrong, NotPossibleNow where the bucket has nothing or
 * cannot be reached; no sentence repeats a credential.
 */
export async function csvBucketSample(ctx: WorkerCtx, input: z.input<typeof bucketSampleInput>): Promise<CsvSample> {
  const { meterId, dataSource, dataCredentials, settings } = parseInput(bucketSampleInput, input);
  authorise(ctx.actor, "meters:edit", meterId);
  if (meterId === undefined && ctx.actor.kind === "token" && ctx.actor.meterIds) {
    throw new Forbidden("This API token is limited to some meters: it cannot try others.");
  }
  if (dataSource === "") throw new InvalidInput("The bucket is needed.", { dataSource: "This is needed." });
  s3SettingsOf(settings);
  const credential = await credentialFor(ctx, meterId, dataCredentials);
  const source = bucketOf(ctx.worker, { dataSource, settings, credential });
  try {
    const { newest } = await newestObject(source);
    if (!newest) {
      throw new NotPossibleNow(
        "The bucket was reached, but holds nothing that fits prefix and pattern: correct them, or choose a file.",
      );
    }
    const parts: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of download(source, newest)) {
      parts.push(chunk);
      size += chunk.byteLength;
      if (size >= SAMPLE_BYTES) break;
    }
    const bytes = Buffer.concat(parts).subarray(0, SAMPLE_BYTES);
    const isWhole = newest.sizeBytes <= SAMPLE_BYTES;
    return { name: newest.key, sizeBytes: newest.sizeBytes, sample: bytes.toString("base64"), isWhole };
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    throw new NotPossibleNow(withoutCredential(error.message, credential));
  }
}

async function credentialFor(ctx: WorkerCtx, meterId: string | undefined, given: string | undefined): Promise<string> {
  if (given !== undefined) return checkCredential(connectorOf("CSV"), "S3", given, ctx.worker).text;
  const meter = meterId === undefined ? undefined : await getMeterRow(ctx.db, meterId);
  if (!meter || meter.dataSourceType === "UPLOAD") {
    throw new InvalidInput("Credentials are needed.", { dataCredentials: "This is needed." });
  }
  if (meter.dataSourceType !== "S3") {
    throw new InvalidInput("This meter has no bucket.", { dataSourceType: `This stays ${meter.dataSourceType}.` });
  }
  return ctx.worker.secrets.open(meter.dataCredentials, credentialContext(meter.id));
}
