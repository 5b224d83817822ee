import { z } from "zod";
import type { Engine } from "../engine";
import { parseRetryAfter } from "../protocol/duration";
import { type AppResponse, ResponseTooLarge, requestApp, Unreachable } from "../protocol/request-app";
import { sign, signatureProblem } from "../protocol/signature";
import type { ClaimedJob } from "../queue/claim-jobs";
import { buildCall } from "./build-call";
import type { RunError } from "./finish-run";
import { discovery } from "./memoize-step";

/** What an app answered to a call, or why there is no answer. */
export type Outcome =
  | { kind: "completed"; output: unknown }
  | { kind: "steps"; steps: ReportedStep[]; canRetry: boolean; retryAt: Date | null }
  | { kind: "failed"; error: RunError; canRetry: boolean; retryAt: Date | null }
  | { kind: "unreachable"; reason: string }
  | { kind: "obsolete" };

const reportedStep = z.looseObject({
  id: z.string().min(1),
  op: z.string(),
  name: z.string().nullish(),
  displayName: z.string().nullish(),
  data: z.unknown().optional(),
  error: z.unknown().optional(),
  opts: z.record(z.string(), z.unknown()).nullish(),
});
export type ReportedStep = z.infer<typeof reportedStep>;

const streamed = z.object({ status: z.number(), headers: z.record(z.string(), z.string()), body: z.string() });

/** Twice the largest step output, as Inngest allows; what is larger cannot be kept anyway. */
const maxResponseBytes = 8 * 1_048_576;

/** Makes one call to a function and reads the answer. Throws only when it was aborted. */
export async function callFunction(engine: Engine, job: ClaimedJob, signal: AbortSignal): Promise<Outcome> {
  const call = await buildCall(engine, job);
  if (call === null) return { kind: "obsolete" };
  if ("problem" in call) return finalFailure("StateTooLarge", call.problem);
  const url = new URL(call.url);
  if (job.stepId !== discovery) url.searchParams.set("stepId", job.stepId);
  try {
    const response = await requestApp({
      method: "POST",
      url: url.href,
      body: call.body,
      headers: {
        "x-inngest-signature": sign(call.body, engine.settings.signingKey),
        "x-run-id": job.runId,
        "x-inngest-step-id": job.stepId,
        "x-inngest-job-id": job.id,
      },
      signal,
      maxResponseBytes,
    });
    return readAnswer(response, engine.settings.signingKey);
  } catch (error) {
    if (signal.aborted) throw error;
    if (error instanceof Unreachable) return { kind: "unreachable", reason: error.message };
    if (error instanceof ResponseTooLarge) return finalFailure("OutputTooLarge", error.message);
    const reason = error instanceof Error ? error.message : String(error);
    return retriableFailure("ConnectionLost", `The connection to the app broke during the call: ${reason}`);
  }
}

function readAnswer(response: AppResponse, signingKey: string): Outcome {
  const { status, headers, body } = response.status === 201 ? unwrapStream(response) : response;
  const mistrust = signatureProblem(headers["x-inngest-signature"], body, signingKey);
  if (mistrust) {
    // Anything on the way can answer for an app; only the app itself can sign. What it did is unknown: call again.
    const excerpt = body.slice(0, 500);
    return retriableFailure("AnswerNotBelieved", `The app answered ${status}, but ${mistrust}: ${excerpt}`);
  }
  const json = parseJson(body);
  const canRetry = headers["x-inngest-no-retry"] !== "true";
  const retryAt = parseRetryAfter(headers["retry-after"], new Date());
  if (status === 206) {
    const steps = z.array(reportedStep).safeParse(Array.isArray(json) ? json : [json]);
    if (!steps.success) return retriableFailure("AnswerNotUnderstood", z.prettifyError(steps.error));
    return { kind: "steps", steps: steps.data, canRetry, retryAt };
  }
  if (status === 200) return { kind: "completed", output: json };
  return { kind: "failed", error: asRunError(json, `The app answered ${status}`), canRetry, retryAt };
}

/** An app that streams answers 201 at once and sends the real answer, with its headers, as the body. */
function unwrapStream(response: AppResponse): AppResponse {
  const parsed = streamed.safeParse(parseJson(response.body.trim()));
  if (!parsed.success) return response;
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(parsed.data.headers)) headers[name.toLowerCase()] = value;
  return { status: parsed.data.status, headers, body: parsed.data.body };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** An error in the shape functions are given, whatever it was before. */
export function asRunError(error: unknown, fallback: string): RunError {
  if (error !== null && typeof error === "object") {
    const { name, message } = error as { name?: unknown; message?: unknown };
    return {
      ...error,
      name: typeof name === "string" ? name : "Error",
      message: typeof message === "string" ? message : fallback,
    };
  }
  return { name: "Error", message: typeof error === "string" && error !== "" ? error : fallback };
}

function finalFailure(name: string, message: string): Outcome {
  return { kind: "failed", error: { name, message }, canRetry: false, retryAt: null };
}

function retriableFailure(name: string, message: string): Outcome {
  return { kind: "failed", error: { name, message }, canRetry: true, retryAt: null };
}
