import { expect, it } from "vitest";
import type { ExecutionErr } from "@/lib/db/schema/tasks";
import { standingErr } from "./standing-err";

const err = (code: string, waitReason?: ExecutionErr["waitReason"]): ExecutionErr => ({
  stage: "extraction",
  attempt: 1,
  startedAt: "2026-11-23T00:00:00Z",
  at: "2026-11-23T00:00:01Z",
  code,
  message: "It failed.",
  isRetryable: true,
  ...(waitReason && { waitReason }),
});
const waited = [err("WAITS_FOR_COLLECTION", "data")];

it("is the newest one as long as it holds", () => {
  expect(standingErr({ state: "waiting", waitReason: "data", executionErrs: waited })?.code).toBe(
    "WAITS_FOR_COLLECTION",
  );
  expect(standingErr({ state: "failed", waitReason: null, executionErrs: [...waited, err("NO_DEVICE")] })?.code).toBe(
    "NO_DEVICE",
  );
  expect(standingErr({ state: "cancelled", waitReason: null, executionErrs: [err("BUSY", "retry")] })?.code).toBe(
    "BUSY",
  );
  const unknown = [...waited, err("SUBMISSION_UNKNOWN", "review")];
  expect(standingErr({ state: "waiting", waitReason: "review", executionErrs: unknown })?.code).toBe(
    "SUBMISSION_UNKNOWN",
  );
});

it("is none of a record that waits for a person or was rejected, and none of what succeeded", () => {
  expect(standingErr({ state: "waiting", waitReason: "review", executionErrs: waited })).toBeNull();
  expect(standingErr({ state: "cancelled", waitReason: null, executionErrs: waited })).toBeNull();
  expect(standingErr({ state: "succeeded", waitReason: null, executionErrs: waited })).toBeNull();
  expect(standingErr({ state: "failed", waitReason: null, executionErrs: [] })).toBeNull();
});
