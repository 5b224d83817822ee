import { inArray } from "drizzle-orm";
import { archiveObjects } from "../../db/schema";
import type { PackedFile } from "../../sources/unpack";
import type { Worker } from "../worker";
import type { StageTask } from "./stage-tasks";

/** A raw object of the archive, read when it is needed. `order` sorts the newest last. */
export interface RawSource {
  id: string;
  order: number;
  file: PackedFile;
}

/** Every raw object the tasks name, by id; nothing is read yet. */
export async function loadRawInputs(
  worker: Worker,
  tasks: readonly Pick<StageTask, "rawObjectIds">[],
): Promise<Map<string, RawSource>> {
  const ids = [...new Set(tasks.flatMap((task) => task.rawObjectIds))];
  if (ids.length === 0) return new Map();
  const rows = await worker.db.select().from(archiveObjects).where(inArray(archiveObjects.id, ids));
  rows.sort((a, b) => age(a) - age(b) || (a.id < b.id ? -1 : 1));
  return new Map(
    rows.map((row, order) => {
      const name = row.origin.kind === "upload" ? row.origin.fileName : row.key.slice(row.key.lastIndexOf("/") + 1);
      const chunks = () => worker.archive.getStream(row.key, row.sha256);
      const file = { name, contentType: row.contentType, sizeBytes: row.sizeBytes, chunks };
      return [row.id, { id: row.id, order, file }];
    }),
  );
}

/** When the source last gave the bytes; of a bucket's object when it was written there, whenever it was copied. */
function age({ origin, confirmedAt }: typeof archiveObjects.$inferSelect): number {
  return origin.kind === "s3" ? Date.parse(origin.lastModified) : confirmedAt.getTime();
}
