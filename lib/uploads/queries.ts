import { desc, eq, type SQL, sql } from "drizzle-orm";
import type { z } from "zod";
import { authorise } from "../auth/actor";
import type { Ctx } from "../ctx";
import type { Db } from "../db/client";
import { uploads } from "../db/schema";
import { NotFound } from "../errors";
import { parseInput } from "../field-errors";
import { meterIdInput } from "../meters/schemas";
import { LONGEST_UPLOAD_SECONDS } from "./limits";
import type { UploadDto } from "./schemas";

const SHOWN = 20;
/** What still counts as under way then was cut off by the end of its process. */
const LOST_AFTER_SECONDS = LONGEST_UPLOAD_SECONDS + 900;

export type UploadRow = typeof uploads.$inferSelect;

/** The newest twenty of a meter. */
export async function listUploads(ctx: Ctx, input: z.input<typeof meterIdInput>): Promise<UploadDto[]> {
  const { meterId } = parseInput(meterIdInput, input);
  authorise(ctx.actor, "fleet:read", meterId);
  return read(ctx.db, eq(uploads.meterId, meterId));
}

/** Throws NotFound. */
export async function uploadOf(db: Db, id: string): Promise<UploadDto> {
  const [found] = await read(db, eq(uploads.id, id));
  if (!found) throw new NotFound("There is no such upload.");
  return found;
}

// Columns of the outer row are written with their table: drizzle leaves it out where it selects from one, and inner rows have the same.
async function read(db: Db, which: SQL): Promise<UploadDto[]> {
  const rows = await db
    .select({
      upload: uploads,
      sameAs: sql<(UploadDto["sameAs"] & { createdAt: string }) | null>`(
        select jsonb_build_object('id', o.id, 'fileName', o.file_name, 'createdBy', o.created_by, 'createdAt', o.created_at)
        from uploads o where o.meter_id = uploads.meter_id and o.sha256 = uploads.sha256 and o.state = 'started'
          and o.id < uploads.id order by o.id limit 1)`,
      tasksByState: sql<Record<string, number> | null>`(
        select jsonb_object_agg(c.state, c.count) from (
          select t.state, count(*) as count from meter_tasks t
          where t.job_id = uploads.job_id and t.interval_start >= uploads.from_at and t.interval_start < uploads.to_at
            and uploads.object_id = any(t.raw_object_ids)
          group by t.state) c)`,
      isLost: sql<boolean>`${uploads.state} = 'receiving' and ${uploads.createdAt} < now() - make_interval(secs => ${LOST_AFTER_SECONDS})`,
    })
    .from(uploads)
    .where(which)
    .orderBy(desc(uploads.id))
    .limit(SHOWN);
  return rows.map(({ upload, sameAs, tasksByState, isLost }) => ({
    id: upload.id,
    meterId: upload.meterId,
    fileName: upload.fileName,
    state: isLost ? "failed" : upload.state,
    message: isLost ? "It was cut off, and nothing of it is kept: upload it again." : upload.message,
    sizeBytes: upload.sizeBytes,
    sha256: upload.sha256,
    sameAs: sameAs && { ...sameAs, createdAt: new Date(sameAs.createdAt) },
    jobId: upload.jobId,
    from: upload.fromAt,
    to: upload.toAt,
    readings: upload.readings,
    taskCount: upload.taskCount,
    tasksByState: tasksByState ?? {},
    createdBy: upload.createdBy,
    createdAt: upload.createdAt,
    startedBy: upload.startedBy,
    startedAt: upload.startedAt,
  }));
}
