import { asc, gt } from "drizzle-orm";
import type { Db } from "../db/client";
import { auditLog } from "../db/schema";
import { GENESIS_HASH, hashOfRow } from "./chain";

export interface ChainHead {
  /** 0 for an empty log. */
  seq: number;
  hash: string;
}

export type ChainCheck =
  /** Keep `head` elsewhere and pass it as `anchor` later: only that shows rows cut off at the end. */
  { ok: true; rows: number; head: ChainHead } | { ok: false; rows: number; brokenAtSeq: number; reason: string };

const PAGE = 1_000;

/**
 * Reads the whole audit log in order, in pages, and recomputes every hash. Says at which row the chain breaks first: a
 * row that was changed, removed, added or swapped. `anchor` is a head seen earlier, which must still be in the chain.
 */
export async function verifyChain(db: Db, anchor?: ChainHead): Promise<ChainCheck> {
  let head: ChainHead = { seq: 0, hash: GENESIS_HASH };
  let rows = 0;
  let isAnchorSeen = anchor === undefined || anchor.seq === 0;
  const broken = (brokenAtSeq: number, reason: string): ChainCheck => ({ ok: false, rows, brokenAtSeq, reason });
  for (;;) {
    const page = await db
      .select()
      .from(auditLog)
      .where(gt(auditLog.seq, head.seq))
      .orderBy(asc(auditLog.seq))
      .limit(PAGE);
    for (const row of page) {
      if (row.seq !== head.seq + 1) return broken(head.seq + 1, `Row ${head.seq + 1} is missing.`);
      if (row.previousHash !== head.hash) {
        return broken(row.seq, `Row ${row.seq} does not follow row ${head.seq}: one of them was replaced.`);
      }
      if (hashOfRow(row) !== row.hash) return broken(row.seq, `Row ${row.seq} was changed after it was written.`);
      head = { seq: row.seq, hash: row.hash };
      rows += 1;
      if (anchor?.seq === row.seq) {
        if (anchor.hash !== row.hash) return broken(row.seq, `Row ${row.seq} is not the row that was seen earlier.`);
        isAnchorSeen = true;
      }
    }
    if (page.length < PAGE) break;
  }
  if (!isAnchorSeen)
    return broken(head.seq + 1, `Rows after ${head.seq} are missing: row ${anchor?.seq} was seen earlier.`);
  return { ok: true, rows, head };
}
