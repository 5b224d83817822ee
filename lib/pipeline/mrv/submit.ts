import { sendRecord } from "../../guardian/client";
import { type SendTimeouts, sendTimeoutMs } from "../../mrv/submission/limits";
import { prepareSubmission, type ReadyAttempt } from "../../mrv/submission/prepare-submission";
import { type Result, recordResult } from "../../mrv/submission/record-result";
import type { Worker } from "../worker";

export interface Submission {
  /** `none`: nothing was due, or somebody else sends it. `late`: its end came after a person's decision. */
  outcome: "none" | "late" | "submitted" | "submission_failed" | "submission_unknown" | "retry";
  /** Of `retry`: when the next attempt is due. */
  retryAt?: string;
}

/**
 * Sends an approved record once: signed and written down in one transaction, posted, and its outcome in another. Called twice, at once or again after a crash, it
 * sends nothing twice: what is written down as on its way is left alone, and past its deadline it is unknown, for a person.
 */
export async function submitRecord(
  worker: Worker,
  recordId: string,
  timeouts: SendTimeouts = sendTimeoutMs,
): Promise<Submission> {
  const prepared = await prepareSubmission(worker, recordId, timeouts);
  if (prepared.kind === "none") return { outcome: "none" };
  const settled =
    prepared.kind === "settled"
      ? prepared.settled
      : await recordResult(worker, prepared.attempt, await send(worker, prepared.attempt));
  if (!settled) return { outcome: "late" };
  return "retryAt" in settled
    ? { outcome: "retry", retryAt: settled.retryAt.toISOString() }
    : { outcome: settled.status };
}

/** A process that was held up is not to send what others may already take for lost. */
async function send(
  worker: Worker,
  { beginBefore, guardianUrl, route, body, timeoutMs }: ReadyAttempt,
): Promise<Result> {
  if (worker.now() > beginBefore) {
    const message = "The request was not begun in time, and so not at all: nothing was sent.";
    return { kind: "refused", code: "NOT_BEGUN", message, isRetryable: true, durationMs: 0 };
  }
  return sendRecord({ fetch: worker.fetch, guardianUrl, route, body, timeoutMs });
}
