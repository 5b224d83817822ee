import type { Db } from "../db/client";
import { type ChainCheck, type ChainHead, verifyChain } from "./verify-chain";

export type DatedCheck = ChainCheck & { at: Date };

const KEPT_MS = 60_000;
let latest: { startedAt: number; check: Promise<DatedCheck> } | undefined;
let seen: ChainHead | undefined;

/**
 * The whole chain recomputed, at most once a minute: 100,000 rows take seconds. The newest head this process has seen must
 * still be in it, so that rows cut off at the end are missed.
 */
export function recentChainCheck(db: Db): Promise<DatedCheck> {
  if (latest && performance.now() - latest.startedAt < KEPT_MS) return latest.check;
  const check = checkNow(db);
  latest = { startedAt: performance.now(), check };
  // A check that failed to run is no finding: the next caller tries again.
  check.catch(() => {
    latest = undefined;
  });
  return check;
}

async function checkNow(db: Db): Promise<DatedCheck> {
  const result = await verifyChain(db, seen);
  if (result.ok) seen = result.head;
  return { ...result, at: new Date() };
}
