import type { Ctx } from "../../ctx";
import type { Db } from "../../db/client";
import { AppError, Conflict, Forbidden, NotPossibleNow } from "../../errors";
import { evidenceHash } from "../evidence/evidence-hash";
import { readingsNow } from "../extraction/readings-now";
import { deviceInUse } from "../submission/device-in-use";
import { subjectToSign } from "../submission/subject-to-sign";
import type { RecordRow } from "./internal";
import { blockingCheck, mayApprove, whyUndecidable } from "./may-approve";

/**
 * All that has to hold before a name goes under a locked record: it waits for a decision, its evidence is what was hashed, its readings still say
 * the same, who acts may approve it, and it can be signed. Throws what stands in the way. Gives the hash of the values that will be signed.
 */
export async function assertApprovable(ctx: Ctx, record: RecordRow): Promise<{ payloadHash: string }> {
  const undecidable = whyUndecidable(record);
  if (undecidable) throw record.status === "extracted" ? new NotPossibleNow(undecidable) : new Conflict(undecidable);
  const may = await mayApprove(ctx, record);
  if (!may.isAllowed) throw blockingCheck(record) ? new NotPossibleNow(may.sentence) : new Forbidden(may.sentence);
  return assertSignable(ctx.db, record);
}

/** The part of it that does not ask who acts. */
export async function assertSignable(db: Db, record: RecordRow): Promise<{ payloadHash: string }> {
  if (evidenceHash(record.evidence) !== record.evidenceHash) {
    throw new NotPossibleNow("The stored evidence is not what its hash is of: it was changed in the database.");
  }
  const device = await deviceInUse(db, record);
  if ((await readingsNow(db, record)).sha256 !== record.evidence.readings.sha256) {
    throw new Conflict("Its readings changed since the record was made: extract it again, then look at the new one.");
  }
  try {
    return subjectToSign(record, device);
  } catch (error) {
    if (error instanceof AppError) throw new NotPossibleNow(`It could not be signed. ${error.message}`);
    throw error;
  }
}
