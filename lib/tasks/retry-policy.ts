import { ArchiveError } from "../archive/archive";
import { SourceError, type VendorAnswer } from "../connectors/source-error";
import type { ExecutionErr, Stage, WaitReason } from "../db/schema/tasks";

/** When a task that failed comes back, and when it does not. Pure. */

/** Waits before the 1st, 2nd, … retry: 20 s, 1 min, 3 min, 9 min, 27 min, then 81 min. Five cover an outage of 40 minutes. */
const FIRST_RETRY_SECONDS = 20;
const RETRY_FACTOR = 3;
const LONGEST_RETRY_SECONDS = 81 * 60;

/** A quota without a known reset is asked again after this long. */
const QUOTA_WAIT_SECONDS = 15 * 60;

/** Data that is not there yet: 5, 10, 20, … minutes, at most 6 hours. */
const FIRST_DATA_WAIT_SECONDS = 5 * 60;
const LONGEST_DATA_WAIT_SECONDS = 6 * 3600;

/** No vendor's word holds a task longer than this. */
const LONGEST_WAIT_SECONDS = 7 * 86_400;

export interface Failure {
  code: string;
  message: string;
  isRetryable: boolean;
  waitReason: "retry" | "quota" | "data";
  retryAt?: Date;
  answer?: VendorAnswer;
}

export interface History {
  /** Retries spent before this attempt. */
  retryCount: number;
  maxRetries: number;
  errs: readonly ExecutionErr[];
}

export type Verdict =
  | { state: "failed"; retryCount: number }
  | { state: "waiting"; waitReason: WaitReason; waitUntil: Date; retryCount: number };

/** What an error says, in the words kept on the task. Errors that nobody foresaw count as retryable. */
export function describeError(error: unknown, stage: Stage): Failure {
  if (error instanceof SourceError) {
    return {
      code: error.code,
      message: error.message,
      isRetryable: error.isRetryable,
      waitReason: error.waitReason,
      retryAt: error.retryAt,
      answer: error.answer,
    };
  }
  if (error instanceof ArchiveError) {
    return { code: "ARCHIVE", message: error.message, isRetryable: true, waitReason: "retry" };
  }
  return {
    code: "INTERNAL",
    message: `Unexpected error in ${stage}: ${rootMessage(error)}`,
    isRetryable: true,
    waitReason: "retry",
  };
}

/**
 * Quota and data waits spend no retry. Everything else spends one; when none is left, or none can help, the task is
 * failed. `random` gives [0, 1): waits are spread by a quarter so that a fleet does not come back at one moment.
 */
export function judge(failure: Failure, history: History, now: Date, random: () => number): Verdict {
  if (!failure.isRetryable) return { state: "failed", retryCount: history.retryCount };
  const isFree = failure.waitReason !== "retry";
  if (!isFree && history.retryCount >= history.maxRetries) return { state: "failed", retryCount: history.retryCount };
  const seconds = waitSeconds(failure, history, now, random);
  return {
    state: "waiting",
    waitReason: failure.waitReason,
    waitUntil: new Date(now.getTime() + Math.min(seconds, LONGEST_WAIT_SECONDS) * 1000),
    retryCount: history.retryCount + (isFree ? 0 : 1),
  };
}

function waitSeconds(failure: Failure, history: History, now: Date, random: () => number): number {
  const asked = failure.retryAt ? (failure.retryAt.getTime() - now.getTime()) / 1000 : 0;
  const spread = 1 + random() / 4;
  const backOff = (retries: number) => Math.min(FIRST_RETRY_SECONDS * RETRY_FACTOR ** retries, LONGEST_RETRY_SECONDS);
  if (asked > 0) {
    // Never before the instant the vendor named; a few seconds after it, spread.
    const told = asked + Math.min(asked / 4, 10) * random();
    // A vendor that says "in a second" over and over is believed once: its word must not burn all retries in a minute.
    const isRepeated = failure.waitReason === "retry" && history.retryCount > 0;
    return isRepeated ? Math.max(told, backOff(history.retryCount - 1) * spread) : told;
  }
  switch (failure.waitReason) {
    case "retry":
      return backOff(history.retryCount) * spread;
    case "quota":
      return QUOTA_WAIT_SECONDS * spread;
    case "data": {
      const waits = history.errs.filter((err) => err.waitReason === "data").length;
      return Math.min(FIRST_DATA_WAIT_SECONDS * 2 ** waits, LONGEST_DATA_WAIT_SECONDS) * spread;
    }
  }
}

/** The innermost cause's first line: a query builder's own message repeats the statement and its parameters. */
function rootMessage(error: unknown): string {
  let current = error;
  while (current instanceof Error && current.cause instanceof Error) current = current.cause;
  const text = current instanceof Error ? current.message : String(current);
  return (text.split("\n", 1)[0] ?? "").slice(0, 500);
}
