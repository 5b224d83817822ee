import type { IconName } from "@/components/ui/icon";
import type { ExecutionErr } from "@/lib/db/schema/tasks";
import type { RecordSummary } from "@/lib/mrv/schemas";
import type { TaskDetail } from "@/lib/tasks/schemas";
import { recordAdvice } from "./record-advice";

/** What a person can do about a task that did not succeed, and where. */
export interface Advice {
  /** Sentences, after those of the error itself. */
  words: string;
  link: AdviceLink | null;
}

export interface AdviceLink {
  label: string;
  href: string;
  icon: IconName;
  /** Only of use to who may edit; the others lead to what everybody may read. */
  isEdit: boolean;
}

export type AdvisedTask = Pick<TaskDetail, "type" | "state" | "waitReason" | "meterId" | "jobId">;

/** `record`: the newest that an MRV task made. */
export function adviceOf(task: AdvisedTask, err: ExecutionErr, record: RecordSummary | null): Advice | null {
  if (task.type === "mrv") return recordAdvice(task, err, record);
  return task.state === "failed" ? collectionAdvice(task, err) : null;
}

/** Where only the meter's settings or credential help; everything else heals at the source or here. */
const settingsCodes = /^(CHANNEL_MISSING|NMI_|METER_SETUP|NO_API|NOT_A_DEVICE|SUFFIX|COLUMN|MAPPING)/;
const accessCodes =
  /^(CREDENTIALS_|UNAUTHORI|NOT_PERMITTED|ACCESS_DENIED|EXPIRED|WRONG_REGION|NO_SUCH_BUCKET|NOT_FOUND|INVALID_KEY|SIGNATURE)/;

function collectionAdvice({ meterId }: AdvisedTask, err: ExecutionErr): Advice {
  const retry = retryWords(err.stage);
  const edit = (label: string): AdviceLink => ({ label, href: `/meters/${meterId}/edit`, icon: "edit", isEdit: true });
  if (err.code === "CHANNEL_MISSING")
    return { words: `Correct the channels of this meter, then ${retry}`, link: edit("Edit channels") };
  if (settingsCodes.test(err.code))
    return { words: `Correct the settings of this meter, then ${retry}`, link: edit("Edit settings") };
  if (accessCodes.test(err.code))
    return { words: `Correct the source or the credential of this meter, then ${retry}`, link: edit("Edit meter") };
  if (err.isRetryable) return { words: `All retries are spent. When the cause is gone, ${retry}`, link: null };
  return { words: `A retry alone does not help: remove the cause, then ${retry}`, link: edit("Edit meter") };
}

function retryWords(stage: ExecutionErr["stage"]): string {
  if (stage === "collection") return "retry from collection: the source is asked again.";
  return `retry from ${stage}. The archived bytes are used again, so no vendor call is made.`;
}
