import { GetObjectCommand } from "@aws-sdk/client-s3";
import { asS3SourceError, cutOff, notS3, type S3Call } from "./failures";
import type { S3Object, S3Source } from "./source";

/**
 * The bytes of an object as it was listed, streamed. Throws SourceError: OBJECT_CHANGED when it was replaced in between,
 * OBJECT_GONE when it was deleted, CUT_OFF when the answer ended early; the SDK compares the store's checksum where there
 * is one. What was yielded before is then to be thrown away.
 */
export async function* download(source: S3Source, object: S3Object): AsyncGenerator<Uint8Array> {
  const { bucket, client, host } = source;
  const { key, etag, sizeBytes } = object;
  const call: S3Call = { bucket, host, request: `GetObject ${key}` };
  const command = new GetObjectCommand({ Bucket: bucket, Key: key, IfMatch: etag });
  const answer = await client.send(command).catch((error) => {
    throw asS3SourceError(error, call);
  });
  if (answer.ETag === undefined || !answer.Body) throw notS3(call);
  let received = 0;
  const body = (answer.Body as unknown as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await body.next().catch((error) => {
        throw isChecksum(error) ? asS3SourceError({ name: "BadDigest" }, call) : asS3SourceError(cutOr(error), call);
      });
      if (next.done) break;
      received += next.value.byteLength;
      yield next.value;
    }
  } finally {
    await body.return?.();
  }
  if (received !== sizeBytes) throw cutOff(call, received, sizeBytes);
}

/** The SDK has no code for it. */
function isChecksum(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith("Checksum mismatch");
}

/** Whatever ends a body early and has no code of its own is a cut. */
function cutOr(error: unknown): unknown {
  return error instanceof Error && !("code" in error) && error.name === "Error"
    ? Object.assign(new Error("The body ended early.", { cause: error }), { code: "ECONNRESET" })
    : error;
}
