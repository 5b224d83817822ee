import { expect, it } from "vitest";
import type { ExecutionErr } from "@/lib/db/schema/tasks";
import type { RecordSummary } from "@/lib/mrv/schemas";
import { type AdvisedTask, adviceOf } from "./advice";
import { isDecidedOnRecord } from "./record-advice";

const collecting: AdvisedTask = { type: "etl", state: "failed", waitReason: null, meterId: "m", jobId: "j" };
const recording: AdvisedTask = { ...collecting, type: "mrv" };
const record = { id: "r", status: "submission_failed" } as RecordSummary;

const err = (stage: ExecutionErr["stage"], code: string, values: Partial<ExecutionErr> = {}): ExecutionErr => ({
  stage,
  code,
  attempt: 1,
  startedAt: "2026-11-23T00:00:00Z",
  at: "2026-11-23T00:00:01Z",
  message: "It failed.",
  isRetryable: false,
  ...values,
});
const words = (task: AdvisedTask, error: ExecutionErr) => adviceOf(task, error, record)?.words;
const href = (task: AdvisedTask, error: ExecutionErr) => adviceOf(task, error, record)?.link?.href;

it("sends whoever collects to the meter, and a retry to the stage that failed", () => {
  expect(words(collecting, err("collection", "CHANNEL_MISSING"))).toMatch(/channels .* the source is asked again/);
  expect(href(collecting, err("collection", "UNAUTHORIZED"))).toBe("/meters/m/edit");
  expect(words(collecting, err("ingestion", "INTERNAL", { isRetryable: true }))).toMatch(
    /All retries .* no vendor call/,
  );
  expect(adviceOf({ ...collecting, state: "waiting" }, err("collection", "BUSY"), null)).toBeNull();
});

it("speaks of no source, no archive and no vendor where a record could not be made", () => {
  for (const stage of ["extraction", "verification", "submission"] as const) {
    for (const code of ["INTERNAL", "PERIOD_TAKEN", "NOT_FOUND", "NOT_SIGNED", "REJECTED"]) {
      for (const isRetryable of [true, false]) {
        const said = words(recording, err(stage, code, { isRetryable }));
        expect(said, `${stage} ${code}`).not.toMatch(/archived bytes|vendor|source|collection/);
        expect(said, `${stage} ${code}`).toMatch(/retry|again/);
      }
    }
  }
});

it("sends to where a record that cannot be made is set right", () => {
  expect(href(recording, err("extraction", "NO_DEVICE"))).toBe("/meters/m/edit");
  expect(href(recording, err("extraction", "MRV_SETTINGS"))).toBe("/jobs/j/edit");
  const id = "0199a1b2-0000-7000-8000-00000000000a";
  const taken = err("extraction", "PERIOD_TAKEN", { message: `This period is taken by the record ${id} of A and B.` });
  expect(href(recording, taken)).toBe(`/mrv/records/${id}`);
  expect(href(recording, err("extraction", "PERIOD_TAKEN"))).toBe("/mrv/records");
});

it("never offers a retry of the task where its record is what is submitted again", () => {
  expect(words(recording, err("submission", "NO_CONNECTION", { isRetryable: true }))).toMatch(
    /^All retries are spent\. When Guardian takes records again, submit it again on the page of its record/,
  );
  expect(words(recording, err("submission", "CERTIFICATE"))).toMatch(/^Correct Guardian's address/);
  expect(words(recording, err("submission", "TOO_LARGE"))).toMatch(/fewer fields .* extract it again/);
  expect(words(recording, err("submission", "REJECTED"))).toMatch(/^Guardian's answer stands/);
  expect(href(recording, err("submission", "REJECTED"))).toBe("/mrv/records/r");
});

it("says what to find out where nobody knows whether it arrived, and that somebody did", () => {
  const unknown = err("submission", "SUBMISSION_UNKNOWN");
  expect(words({ ...recording, state: "waiting", waitReason: "review" }, unknown)).toMatch(/say .* whether it arrived/);
  expect(words(recording, unknown)).toMatch(/^A person found that it had not arrived/);
  expect(words({ ...recording, state: "waiting", waitReason: "retry" }, unknown)).toBeUndefined();
});

it("knows which tasks follow their record", () => {
  expect(isDecidedOnRecord(recording, record)).toBe(true);
  expect(isDecidedOnRecord(recording, { status: "rejected" })).toBe(false);
  expect(isDecidedOnRecord(recording, null)).toBe(false);
  expect(isDecidedOnRecord({ ...recording, state: "waiting", waitReason: "review" }, { status: "verified" })).toBe(
    true,
  );
  expect(isDecidedOnRecord(collecting, null)).toBe(false);
});
