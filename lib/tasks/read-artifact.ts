import { and, eq, or, sql } from "drizzle-orm";
import { z } from "zod";
import { ArchiveError } from "../archive/archive";
import { authorise } from "../auth/actor";
import type { WorkerCtx } from "../ctx";
import { archiveObjects, meterTasks } from "../db/schema";
import { NotFound, NotPossibleNow } from "../errors";
import { parseInput } from "../field-errors";

const artifactInput = z.strictObject({ taskId: z.uuid(), objectId: z.uuid() });

interface ArtifactBytes {
  /** What it is called on a disk: the last part of its key. */
  fileName: string;
  sizeBytes: number;
  sha256: string;
  /** Breaks off before the last piece when the bytes are not those that were stored. */
  chunks: AsyncGenerator<Uint8Array>;
}

/**
 * An object that a task used or wrote, from the archive, its checksum verified. Throws NotFound; Forbidden for a token that is limited to
 * other meters; NotPossibleNow, with a sentence, when the archive has lost it or (of an object in one piece) changed it.
 */
export async function readArtifact(ctx: WorkerCtx, input: z.input<typeof artifactInput>): Promise<ArtifactBytes> {
  const { taskId, objectId } = parseInput(artifactInput, input);
  authorise(ctx.actor, "fleet:read");
  const [row] = await ctx.db
    .select({ meterId: meterTasks.meterId, object: archiveObjects })
    .from(meterTasks)
    .innerJoin(
      archiveObjects,
      and(
        eq(archiveObjects.id, objectId),
        or(
          eq(archiveObjects.id, meterTasks.transformedObjectId),
          sql`${archiveObjects.id} = any(${meterTasks.rawObjectIds})`,
        ),
      ),
    )
    .where(eq(meterTasks.id, taskId));
  if (!row) throw new NotFound("This task has no such object.");
  authorise(ctx.actor, "fleet:read", row.meterId);
  const { key, sha256, sizeBytes } = row.object;
  const chunks = lastHeldBack(ctx.worker.archive.getStream(key, sha256));
  // The first piece is read before anything is answered: an object that is gone is then an error, not half an answer.
  const first = await chunks.next().catch((error) => {
    if (error instanceof ArchiveError) throw new NotPossibleNow(error.message);
    throw error;
  });
  return { fileName: key.split("/").at(-1) ?? objectId, sizeBytes, sha256, chunks: resumed(first, chunks) };
}

/** Gives each piece when the next one is there: the end, with the verdict on the checksum, comes before the last piece does. */
async function* lastHeldBack(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let held: Uint8Array | undefined;
  for await (const chunk of chunks) {
    if (held) yield held;
    held = chunk;
  }
  if (held) yield held;
}

async function* resumed(
  first: IteratorResult<Uint8Array>,
  rest: AsyncGenerator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  if (first.done) return;
  yield first.value;
  yield* rest;
}
