import { eq } from "drizzle-orm";
import type { z } from "zod";
import { ArchiveError, type StoredObject } from "../archive/archive";
import { contentTypeOf, nameInKey } from "../archive/file-name";
import { audit } from "../audit/audit";
import { authorise } from "../auth/actor";
import type { WorkerCtx } from "../ctx";
import { archiveObjects, type Origin, uploads } from "../db/schema";
import { withTx } from "../db/tx";
import { AppError, InvalidInput, NotPossibleNow, TooLarge, Unavailable } from "../errors";
import { parseInput } from "../field-errors";
import { newId } from "../ids";
import { getMeterRow } from "../meters/internal";
import { MOST_UPLOAD_BYTES } from "./limits";
import { uploadOf } from "./queries";
import { receiveUploadInput, type UploadDto } from "./schemas";

export interface UploadBody {
  chunks: AsyncIterable<Uint8Array>;
  /** What the sender announced; fewer bytes are a file that was cut off. */
  announcedBytes: number | null;
}

/**
 * Streams a file into the archive as a raw object of the meter, exactly as it came. Nothing is ingested: that is `startUploads`, after
 * somebody has seen what it would do. The upload is written down before its first byte, so that one that is cut off can be seen;
 * of it no object is kept. Throws TooLarge, InvalidInput for an empty or cut file, NotPossibleNow for an archived meter.
 */
export async function receiveUpload(
  ctx: WorkerCtx,
  input: z.input<typeof receiveUploadInput>,
  body: UploadBody,
): Promise<UploadDto> {
  const { meterId, fileName } = parseInput(receiveUploadInput, input);
  authorise(ctx.actor, "tasks:operate", meterId);
  const meter = await getMeterRow(ctx.db, meterId);
  if (meter.archivedAt) throw new NotPossibleNow("This meter is archived: it takes no files any more.");
  assertSize(fileName, body.announcedBytes ?? 0);
  const id = newId();
  await ctx.db.insert(uploads).values({ id, meterId, fileName, createdBy: ctx.actor.name });
  try {
    const key = `raw/${meterId}/upload/${id}/${nameInKey(fileName)}`;
    const stored = await ctx.worker.archive.putStream(key, whole(fileName, body), contentTypeOf(fileName));
    await keep(ctx, { id, meterId, fileName }, stored);
  } catch (error) {
    const shown = asSentence(fileName, error);
    const message = shown instanceof AppError ? shown.message : "It did not arrive whole: upload it again.";
    // What is wrong with the upload comes before what is wrong with its note.
    await ctx.db
      .update(uploads)
      .set({ state: "failed", message })
      .where(eq(uploads.id, id))
      .catch((cause) => ctx.worker.log.warn({ err: cause, uploadId: id }, "upload not marked as failed"));
    throw shown;
  }
  return uploadOf(ctx.db, id);
}

async function keep(
  ctx: WorkerCtx,
  { id, meterId, fileName }: { id: string; meterId: string; fileName: string },
  stored: StoredObject,
): Promise<void> {
  const { key, sha256, sizeBytes } = stored;
  const now = ctx.worker.now();
  const origin: Origin = { kind: "upload", uploadId: id, fileName, by: ctx.actor.name };
  await withTx(ctx.db, async (tx) => {
    const [object] = await tx
      .insert(archiveObjects)
      .values({
        ...{ meterId, kind: "raw", key, sha256, sizeBytes, origin },
        contentType: contentTypeOf(fileName),
        fetchedAt: now,
        confirmedAt: now,
      })
      .returning({ id: archiveObjects.id });
    if (!object) throw new Error(`No row came back for ${key}.`);
    await tx
      .update(uploads)
      .set({ state: "received", objectId: object.id, sizeBytes, sha256 })
      .where(eq(uploads.id, id));
    await audit(tx, ctx.actor, "upload.received", {
      objectType: "upload",
      objectId: id,
      meterId,
      details: { fileName, sizeBytes, sha256 },
    });
  });
}

/** Breaks off where the file is too large, and at its end where bytes are missing: the archive keeps no half object. */
async function* whole(name: string, { chunks, announcedBytes }: UploadBody): AsyncGenerator<Uint8Array> {
  let received = 0;
  for await (const chunk of chunks) {
    received += chunk.byteLength;
    assertSize(name, received);
    yield chunk;
  }
  if (received === 0) throw new InvalidInput(`${name} is empty.`);
  if (announcedBytes !== null && received < announcedBytes) throw cutOff(name);
}

function assertSize(name: string, bytes: number): void {
  if (bytes <= MOST_UPLOAD_BYTES) return;
  const most = MOST_UPLOAD_BYTES / 1024 ** 2;
  throw new TooLarge(`${name} has more than ${most} MB: split it, or pack it as zip or gzip, which is read as well.`);
}

function cutOff(name: string): InvalidInput {
  return new InvalidInput(`${name} did not arrive whole, and nothing of it is kept: upload it again.`);
}

function asSentence(name: string, error: unknown): unknown {
  if (error instanceof AppError) return error;
  if (error instanceof ArchiveError)
    return new Unavailable(`${error.message} Nothing of ${name} is kept.`, { cause: error });
  return isCut(error) ? cutOff(name) : error;
}

/** The sender went away. */
function isCut(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = String((error as Error & { code?: unknown }).code ?? "");
  return (
    error.name === "AbortError" ||
    error.message === "aborted" ||
    /^(ECONNRESET|ERR_STREAM_PREMATURE_CLOSE|UND_ERR_\w+|ABORT_ERR)$/.test(code)
  );
}
