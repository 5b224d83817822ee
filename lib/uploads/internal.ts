import { and, asc, eq, inArray } from "drizzle-orm";
import type { Db } from "../db/client";
import { uploads } from "../db/schema";
import { Conflict, NotFound, NotPossibleNow } from "../errors";
import type { UploadRow } from "./queries";

/** Files of one order, as they came; all of the meter, archived and not used yet. Throws NotFound, Conflict, NotPossibleNow. */
export async function openUploads(
  db: Db,
  { meterId, uploadIds, lock = false }: { meterId: string; uploadIds: readonly string[]; lock?: boolean },
): Promise<(UploadRow & { objectId: string })[]> {
  const query = db
    .select()
    .from(uploads)
    .where(and(eq(uploads.meterId, meterId), inArray(uploads.id, [...uploadIds])))
    .orderBy(asc(uploads.id));
  const rows = await (lock ? query.for("update") : query);
  if (rows.length < new Set(uploadIds).size) throw new NotFound("Some of these uploads are not there.");
  return rows.map((row) => {
    if (row.state === "started") throw new Conflict(`${row.fileName} is being ingested already.`);
    if (row.state === "discarded") throw new Conflict(`${row.fileName} was discarded: upload it again.`);
    if (row.state !== "received" || !row.objectId) {
      throw new NotPossibleNow(`${row.fileName} is not there as a whole: upload it again.`);
    }
    return { ...row, objectId: row.objectId };
  });
}
