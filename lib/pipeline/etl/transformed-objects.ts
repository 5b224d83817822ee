import { sql } from "drizzle-orm";
import type { Reject } from "../../connectors/contract";
import type { Origin, Took } from "../../db/schema/archive";
import type { Worker } from "../worker";
import { arrayLiteral } from "./array-literal";
import { rangeName } from "./raw-objects";

/** What transformation made of one task. */
export interface TaskRows {
  taskId: string;
  objectId: string;
  /** Readings and rejects. */
  rowsRead: number;
  rowsRejected: number;
  rejects: Reject[];
}

/** Archives transformed rows; the same rows of the same range are the same object, which goes on saying what first made it. Returns its id. */
export async function archiveRows(
  worker: Worker,
  rows: { meterId: string; connector: string; took: Took; bytes: Uint8Array; inputIds: readonly string[] },
): Promise<string> {
  const { meterId, connector, took, bytes } = rows;
  const folder = `transformed/${meterId}/${rangeName(new Date(took.from), new Date(took.to))}`;
  const stored = await worker.archive.put((sha256) => `${folder}/${sha256.slice(0, 16)}.csv`, bytes, "text/csv");
  const origin: Origin = { kind: "transformation", connector, took };
  const now = worker.now().toISOString();
  const [row] = await worker.db.execute<{ id: string }>(sql`
    insert into archive_objects (meter_id, kind, key, covers_from, covers_to, sha256, size_bytes, content_type, origin,
      input_ids, fetched_at, confirmed_at)
    values (${meterId}, 'transformed', ${stored.key}, ${took.from}::timestamptz, ${took.to}::timestamptz,
      ${stored.sha256}, ${stored.sizeBytes}, 'text/csv', ${JSON.stringify(origin)}::text::jsonb,
      ${arrayLiteral(rows.inputIds)}::uuid[], ${now}::timestamptz, ${now}::timestamptz)
    on conflict (key) do update set confirmed_at = excluded.confirmed_at
    returning id`);
  if (!row) throw new Error(`No row came back for ${stored.key}.`);
  return row.id;
}
