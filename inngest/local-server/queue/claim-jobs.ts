import type { Engine } from "../engine";
import type { FunctionConfig } from "../registration/function-config";
import { concurrencyKeyPrefix } from "../runs/create-run";
import type { Tx } from "../store/transactions";
import { takeThrottleSlot } from "./throttle";

/** A call that this server has claimed and must make now. */
export interface ClaimedJob {
  id: string;
  runId: string;
  functionId: string;
  stepId: string;
  attempt: number;
}

/** What a look into the queue gave, and when it was: what was due then and is not among the jobs was held back. */
export interface Claim {
  jobs: ClaimedJob[];
  lookedAt: Date;
}

interface Candidate {
  id: string;
  run_id: string;
  function_id: string;
  step_id: string;
  attempt: number;
  concurrency_keys: string[];
  throttle_key: string | null;
}

const batchSize = 50;

/** Gives claimed jobs back untouched. */
export async function releaseJobs(engine: Engine, jobs: ClaimedJob[]): Promise<void> {
  await engine.sql`
    update job set lease_owner = null, lease_until = null where id = any(${jobs.map((job) => job.id)}::bigint[])`;
}

/**
 * Claims up to `room` calls that are due, in order of priority and age, without exceeding any concurrency limit or
 * throttle. Claims are made one at a time (the advisory lock), since a limit is a count over rows that another claim
 * may just be adding to. Keys that are full are excluded in the statement itself, so that a long backlog of one key
 * cannot hide the work of the others behind it.
 */
export async function claimJobs(engine: Engine, owner: string, room: number, avoid: string[]): Promise<Claim> {
  return engine.transactions.run(async (tx) => {
    // A claim that is lost with the machine only means that its lease never was: no need to wait for the disk.
    // Sent together, answered in this order: each sees what was committed before the lock was given.
    const [[look], running, throttled] = await Promise.all([
      tx<{ at: Date }[]>`
        select now() as at, set_config('synchronous_commit', 'off', true),
          pg_advisory_xact_lock(hashtextextended('inngest_local.claim', 0))`,
      countRunning(tx),
      throttledKeys(tx),
    ]);
    const full = fullKeys(engine, running);
    const claimed: Candidate[] = [];
    for (let isExhausted = false; !isExhausted && claimed.length < room; ) {
      const candidates = await findCandidates(tx, full, throttled, avoid, claimed);
      isExhausted = candidates.length < batchSize;
      const before = full.size + throttled.size + claimed.length;
      for (const job of candidates) {
        if (claimed.length >= room) break;
        if (job.concurrency_keys.some((key) => full.has(key))) continue;
        if (job.throttle_key !== null && throttled.has(job.throttle_key)) continue;
        const fn = engine.functions.get(job.function_id);
        if (job.throttle_key !== null && fn?.throttle) {
          const isSpent = await takeThrottleSlot(tx, job.throttle_key, fn.throttle);
          if (isSpent) throttled.add(job.throttle_key);
        }
        claimed.push(job);
        for (const [index, key] of job.concurrency_keys.entries()) {
          const count = (running.get(key) ?? 0) + 1;
          running.set(key, count);
          if (count >= limitOf(fn, index)) full.add(key);
        }
      }
      // Something was left out of this batch because a key filled up within it: look behind it.
      if (full.size + throttled.size + claimed.length === before) break;
    }
    await lease(tx, owner, engine.settings.leaseMs, claimed);
    const jobs = claimed.map((job) => ({
      id: job.id,
      runId: job.run_id,
      functionId: job.function_id,
      stepId: job.step_id,
      attempt: job.attempt,
    }));
    return { jobs, lookedAt: look?.at ?? new Date() };
  });
}

async function findCandidates(
  tx: Tx,
  full: Set<string>,
  throttled: Set<string>,
  avoid: string[],
  claimed: Candidate[],
): Promise<Candidate[]> {
  return tx<Candidate[]>`
    select id, run_id, function_id, step_id, attempt, throttle_key,
      to_json(concurrency_keys) as concurrency_keys
    from job
    where lease_owner is null and run_at <= now()
      and not concurrency_keys && ${[...full]}::text[]
      and (throttle_key is null or throttle_key <> all(${[...throttled]}::text[]))
      and function_id <> all(${avoid}::text[])
      and id <> all(${claimed.map((job) => job.id)}::bigint[])
    order by sort_at, id
    limit ${batchSize}
    for update skip locked`;
}

async function lease(tx: Tx, owner: string, leaseMs: number, jobs: Candidate[]): Promise<void> {
  if (jobs.length === 0) return;
  await Promise.all([
    // The throttle has let the run start; its later calls and retries are not new starts.
    tx`
      update job set lease_owner = ${owner}, throttle_key = null,
        lease_until = now() + ${leaseMs}::float8 * interval '1 millisecond'
      where id = any(${jobs.map((job) => job.id)}::bigint[])`,
    tx`
      update run set status = 'running', started_at = now()
      where id = any(${jobs.map((job) => job.run_id)}::text[]) and status = 'queued'`,
  ]);
}

async function countRunning(tx: Tx): Promise<Map<string, number>> {
  const rows = await tx<{ key: string; count: number }[]>`
    select key, count(*)::int as count from job, unnest(concurrency_keys) as key
    where lease_owner is not null group by key`;
  return new Map(rows.map((row) => [row.key, row.count]));
}

/** The keys at their limit. Limits are those of the function as it is registered now, not as it was. */
function fullKeys(engine: Engine, running: Map<string, number>): Set<string> {
  const full = new Set<string>();
  for (const fn of engine.functions.all()) {
    for (const [index, limit] of fn.concurrency.entries()) {
      const prefix = concurrencyKeyPrefix(fn.id, limit, index);
      for (const [key, count] of running) if (key.startsWith(prefix) && count >= limit.limit) full.add(key);
    }
  }
  return full;
}

function limitOf(fn: FunctionConfig | undefined, index: number): number {
  return fn?.concurrency[index]?.limit ?? Number.POSITIVE_INFINITY;
}

async function throttledKeys(tx: Tx): Promise<Set<string>> {
  const rows = await tx<{ key: string }[]>`select key from throttle where next_at > now()`;
  return new Set(rows.map((row) => row.key));
}
