import { ListObjectsV2Command } from "@aws-sdk/client-s3";
import type { Range } from "../../connectors/contract";
import { asS3SourceError, notS3 } from "./failures";
import { keyMatcher, listingPrefixes } from "./pattern";
import type { S3Object, S3Source } from "./source";

/**
 * The objects that may hold readings of the range, in key order, over all pages: those that fit the pattern and whose date
 * (if the pattern has one) is within a day of the range by the meter's clock; without a date, every one that fits. What is
 * read from them is the connector's to decide. Throws SourceError.
 */
export async function* listMatching(source: S3Source, range: Range, timezone: string): AsyncGenerator<S3Object> {
  const isMatching = keyMatcher(source.pattern, range, timezone);
  for (const prefix of listingPrefixes(source.prefix, source.pattern, range, timezone)) {
    for await (const object of listAll(source, prefix)) {
      if (isMatching(object.key.slice(source.prefix.length))) yield object;
    }
  }
}

/** Every object under a prefix; the empty ones that stand for folders in consoles are left out. */
export async function* listAll(source: S3Source, prefix: string): AsyncGenerator<S3Object> {
  const { bucket, client, host } = source;
  const call = { bucket, host, request: `ListObjectsV2 ${prefix}` };
  let token: string | undefined;
  do {
    const command = new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: token });
    const page = await client.send(command).catch((error) => {
      throw asS3SourceError(error, call);
    });
    if (page.Name === undefined) throw notS3(call);
    for (const { Key, ETag, Size, LastModified } of page.Contents ?? []) {
      if (Key === undefined || ETag === undefined || Size === undefined || !LastModified) throw notS3(call);
      if (Key.endsWith("/") && Size === 0) continue;
      yield { key: Key, etag: ETag, sizeBytes: Size, lastModified: LastModified };
    }
    const next = page.NextContinuationToken;
    // Without a way on, or with the same one again, the listing would stop short or never end.
    if (page.IsTruncated && (next === undefined || next === token)) throw notS3(call);
    token = page.IsTruncated ? next : undefined;
  } while (token !== undefined);
}
