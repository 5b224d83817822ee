import { expect, it } from "vitest";
import type { ExecutionErr } from "@/lib/db/schema/tasks";
import { mrvStages } from "@/lib/db/schema/tasks";
import type { TaskDetail } from "@/lib/tasks/schemas";
import { stageRows } from "./stage-rows";

const err = (stage: ExecutionErr["stage"], values: Partial<ExecutionErr>): ExecutionErr => ({
  stage,
  attempt: 1,
  startedAt: "2026-11-23T00:00:00Z",
  at: "2026-11-23T00:00:01Z",
  code: "WAITS",
  message: "Waits.",
  isRetryable: true,
  ...values,
});
const task = {
  state: "waiting",
  waitReason: "review",
  stage: "submission",
  executionErrs: [
    err("extraction", { waitReason: "data", waitUntil: "2026-11-23T00:05:00Z" }),
    err("submission", { waitReason: "review", isRetryable: false, at: "2026-11-23T00:09:00Z" }),
  ],
  timings: [],
  artifacts: [],
} as unknown as TaskDetail;
const rows = stageRows(task, mrvStages, Date.parse("2026-11-23T01:00:00Z"));

it("draws a look that found nothing yet as a wait, and an attempt that came to nothing as a failure", () => {
  const tones = (stage: string) =>
    rows.find((row) => row.stage === stage)?.bars.flatMap(({ kind, tone }) => (kind === "attempt" ? [tone] : []));
  expect(tones("extraction")).toEqual(["waiting"]);
  expect(tones("submission")).toEqual(["failed"]);
});

it("marks the stage that a person decides about, and those before it as done", () => {
  expect(rows.map(({ state }) => state)).toEqual(["succeeded", "succeeded", "person"]);
});
