import type { ExecutionErr } from "@/lib/db/schema/tasks";
import type { RecordSummary } from "@/lib/mrv/schemas";
import type { Advice, AdviceLink, AdvisedTask } from "./advice";

const RETRY = "retry: the record is made of the readings as they are then.";

/** What a person can do where a record could not be made, or did not get to Guardian. */
export function recordAdvice(task: AdvisedTask, err: ExecutionErr, record: RecordSummary | null): Advice | null {
  if (err.stage === "submission") return submissionAdvice(task, err, record);
  if (task.state !== "failed") return null;
  switch (err.code) {
    case "NO_DEVICE":
    case "DEVICE_ARCHIVED":
      return { words: "", link: edit("Edit meter", `/meters/${task.meterId}/edit`) };
    case "MRV_SETTINGS":
      return { words: "", link: edit("Edit job", `/jobs/${task.jobId}/edit`) };
    case "PERIOD_TAKEN":
      return { words: `When the period is free, ${RETRY}`, link: holderLink(err.message) };
    default:
      return err.isRetryable
        ? { words: `All retries are spent. When the cause is gone, ${RETRY}`, link: null }
        : { words: `A retry alone does not help: remove the cause, then ${RETRY}`, link: null };
  }
}

/** The record that has the period, which the error names. */
function holderLink(message: string): AdviceLink {
  const [, id] = /record ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/.exec(message) ?? [];
  const label = id ? "Open that record" : "See records";
  return { label, href: id ? `/mrv/records/${id}` : "/mrv/records", icon: "record", isEdit: false };
}

/** Where Guardian's address, or what stands at it, is to be mended. */
const addressCodes = /^(NAME_NOT_FOUND|BAD_ADDRESS|ADDRESS_REFUSED|NOT_FOUND|REDIRECTED|CERTIFICATE)$/;

const SUBMIT = "submit it again on the page of its record: the same signed bytes are sent.";
const EXTRACT = "extract it again on the page of its record.";

/** Once a record was approved, what becomes of it is decided on its own page, and its task follows. */
function submissionAdvice({ state, waitReason }: AdvisedTask, err: ExecutionErr, record: RecordSummary | null) {
  const advise = (words: string): Advice => ({ words, link: record && pageOf(record) });
  if (err.code === "SUBMISSION_UNKNOWN") {
    if (state === "failed") return advise(`A person found that it had not arrived: ${SUBMIT}`);
    return waitReason === "review"
      ? advise(
          "It is not sent again by itself, or the policy could have it twice: look there, then say on the page of its record whether it arrived.",
        )
      : null;
  }
  if (state !== "failed") return null;
  if (err.code === "NOT_SIGNED") return advise(`When what it names is mended, ${EXTRACT}`);
  if (err.code === "TOO_LARGE") return advise(`Map fewer fields in the job, then ${EXTRACT}`);
  if (addressCodes.test(err.code)) {
    return advise(`Correct Guardian's address in the device, or what stands at it, then ${SUBMIT}`);
  }
  if (err.isRetryable) return advise(`All retries are spent. When Guardian takes records again, ${SUBMIT}`);
  return advise(`Guardian's answer stands on the page of its record. When the cause is mended, ${SUBMIT}`);
}

function pageOf({ id }: RecordSummary): AdviceLink {
  return { label: "Open its record", href: `/mrv/records/${id}`, icon: "record", isEdit: false };
}

function edit(label: string, href: string): AdviceLink {
  return { label, href, icon: "edit", isEdit: true };
}

/** Its record waits for a reviewer, was approved or left: to run it again or to stop it would be refused. */
export function isDecidedOnRecord(
  { type, state, waitReason }: Pick<AdvisedTask, "type" | "state" | "waitReason">,
  record: Pick<RecordSummary, "status"> | null,
): boolean {
  if (type !== "mrv") return false;
  if (state === "waiting" && waitReason === "review") return true;
  return record !== null && decidedStatuses.has(record.status);
}

const decidedStatuses: ReadonlySet<RecordSummary["status"]> = new Set([
  "approved",
  "submitting",
  "submitted",
  "submission_failed",
  "submission_unknown",
]);
