import { inArray } from "drizzle-orm";
import type { RawInput } from "../../connectors/contract";
import { archiveObjects } from "../../db/schema";
import { unpack } from "../../sources/unpack";
import type { Worker } from "../worker";
import type { StageTask } from "./stage-tasks";

/** A raw object of the archive, opened when it is needed. `order` sorts the newest last. */
export interface RawSource {
  id: string;
  order: number;
  open(): Promise<RawInput[]>;
}

/** Every raw object the tasks name, by id; nothing is read yet. */
export async function loadRawInputs(worker: Worker, tasks: readonly StageTask[]): Promise<Map<string, RawSource>> {
  const ids = [...new Set(tasks.flatMap((task) => task.rawObjectIds))];
  if (ids.length === 0) return new Map();
  const rows = await worker.db.select().from(archiveObjects).where(inArray(archiveObjects.id, ids));
  rows.sort((a, b) => age(a) - age(b) || (a.id < b.id ? -1 : 1));
  return new Map(
    rows.map((row, order) => {
      const name = row.key.slice(row.key.lastIndexOf("/") + 1);
      const open = async () => unpack(name, row.contentType, await worker.archive.get(row.key, row.sha256));
      return [row.id, { id: row.id, order, open }];
    }),
  );
}

/** When the source last gave the bytes; of a bucket's object when it was written there, whenever it was copied. */
function age({ origin, confirmedAt }: typeof archiveObjects.$inferSelect): number {
  return origin.kind === "s3" ? Date.parse(origin.lastModified) : confirmedAt.getTime();
}
