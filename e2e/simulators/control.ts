import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout } from "node:timers/promises";
import { z } from "zod";
import { type Fault, type FaultRules, faultRulesSchema, randomNumbers, requestFaultKinds, shareOf } from "./faults";

export type { Fault, FaultRules } from "./faults";

export interface Control {
  /** Answers `/__sim/*`; false for every other path, which is then the simulator's. */
  handle(req: IncomingMessage, res: ServerResponse): Promise<boolean>;
  /** Draws the fault of the next request; `path` is for rules limited to a path. Counts what it gives. */
  nextFault(path?: string): Fault | undefined;
  /** Adds to a counter shown by `GET /__sim/stats`. */
  count(kind: string, by?: number): void;
  /** Counts a request once its answer is known, as `GET /devices/{id} 200`. */
  countRequest(route: string, status: number): void;
  /** The rules in force, with defaults filled in. */
  readonly faults: FaultRules;
  /** Milliseconds: the subject's data exists up to here, `now` unless it is late or still back-filling. */
  availableUntil(subject: string, now: number): number;
  /** Factor on a value that was told before: 1 unless history is being changed for this subject and instant. */
  historyFactor(subject: string, epochSeconds: number): number;
}

interface LateSpell {
  rule: NonNullable<FaultRules["lateData"]>;
  since: number;
  endedAt: number | undefined;
}

const MAX_BODY_BYTES = 64 * 1024;

/**
 * The faults and counters every simulator shares. Deterministic: the same seed, rules and order of requests give the
 * same faults. `onReset` lets the simulator forget its own state with `POST /__sim/reset`.
 */
export function createControl(options: { seed: number; now?: () => number; onReset?: () => void }): Control {
  const now = options.now ?? Date.now;
  let rules: FaultRules = {};
  let random = randomNumbers(options.seed);
  let given = new Map<string, number>();
  let counters = new Map<string, number>();
  let requests = new Map<string, number>();
  let late: LateSpell | undefined;

  function setRules(next: FaultRules): void {
    if (late && late.endedAt === undefined && !next.lateData) late.endedAt = now();
    if (next.lateData)
      late = { rule: next.lateData, since: now() - next.lateData.minutes * 60_000, endedAt: undefined };
    rules = next;
    given = new Map();
  }

  function reset(): void {
    rules = {};
    random = randomNumbers(options.seed);
    given = new Map();
    counters = new Map();
    requests = new Map();
    late = undefined;
    options.onReset?.();
  }

  function nextFault(path = ""): Fault | undefined {
    let fault: Fault | undefined;
    for (const kind of requestFaultKinds) {
      const rule = rules[kind];
      if (!rule || isOver(rule.until, now())) continue;
      if (rule.path !== undefined && !path.includes(rule.path)) continue;
      if (rule.count !== undefined && (given.get(kind) ?? 0) >= rule.count) continue;
      // Every rule draws, so that one rule's hits do not shift another's.
      const isHit = random() < rule.rate;
      if (!isHit || fault) continue;
      fault = {
        kind,
        hasHeaders: "headers" in rule ? rule.headers : true,
        window: "window" in rule ? rule.window : undefined,
        isAborted: "abort" in rule ? rule.abort : false,
        seconds: "seconds" in rule ? rule.seconds : 0,
      };
    }
    if (fault) {
      add(given, fault.kind);
      add(counters, `fault ${fault.kind}`);
    }
    return fault;
  }

  function availableUntil(subject: string, at: number): number {
    if (!late || shareOf(options.seed, `late ${subject}`) >= late.rule.rate) return at;
    const until = late.rule.until === undefined ? undefined : Date.parse(late.rule.until);
    const ends = [late.endedAt, until].filter((end) => end !== undefined);
    const endedAt = ends.length === 0 ? undefined : Math.min(...ends);
    if (endedAt === undefined || at < endedAt) return Math.min(at, late.since);
    const seconds = (at - endedAt) / 1000;
    if (seconds >= late.rule.backfillSeconds) return at;
    return late.since + (at - late.since) * (seconds / late.rule.backfillSeconds);
  }

  function historyFactor(subject: string, epochSeconds: number): number {
    const rule = rules.changedHistory;
    if (!rule || rule.rate === 0 || isOver(rule.until, now())) return 1;
    const isChanged = shareOf(options.seed, `history ${subject} ${epochSeconds}`) < rule.rate;
    return isChanged ? 1 + rule.percent / 100 : 1;
  }

  async function handle(req: IncomingMessage, res: ServerResponse): Promise<boolean> {
    const path = (req.url ?? "/").split("?", 1)[0] ?? "/";
    if (!path.startsWith("/__sim/")) return false;
    const route = `${req.method} ${path}`;
    if (route === "POST /__sim/faults") {
      const parsed = await readRules(req);
      if ("error" in parsed) {
        sendJson(res, 400, { error: parsed.error });
        return true;
      }
      setRules(parsed.rules);
      sendJson(res, 200, rules);
    } else if (route === "GET /__sim/faults") {
      sendJson(res, 200, rules);
    } else if (route === "GET /__sim/stats") {
      sendJson(res, 200, { requests: sorted(requests), faults: sorted(given), counters: sorted(counters) });
    } else if (route === "POST /__sim/reset") {
      reset();
      sendJson(res, 200, { reset: true });
    } else {
      sendJson(res, 404, {
        error: "Known: POST and GET /__sim/faults, GET /__sim/stats, POST /__sim/reset.",
      });
    }
    return true;
  }

  return {
    handle,
    nextFault,
    count: (kind, by = 1) => add(counters, kind, by),
    countRequest: (route, status) => add(requests, `${route} ${status}`),
    get faults() {
      return rules;
    },
    availableUntil,
    historyFactor,
  };
}

/**
 * Gives the faults that look the same at every vendor; false when the fault is the simulator's own to word (429, 500)
 * or there is none. `body` is what the answer would have been.
 */
export async function giveFault(
  fault: Fault | undefined,
  res: ServerResponse,
  body: { bytes: Buffer; contentType: string },
): Promise<boolean> {
  if (fault?.kind === "slow") {
    await setTimeout(fault.seconds * 1000);
    return false;
  }
  if (fault?.kind === "cutBefore" || fault?.kind === "cutAfter") {
    res.destroy();
    return true;
  }
  if (fault?.kind === "503") {
    sendJson(res, 503, { error: "Not available now." });
    return true;
  }
  if (fault?.kind === "timeOut") {
    await new Promise<void>((resolve) => res.once("close", resolve));
    return true;
  }
  if (fault?.kind === "htmlPage") {
    res.writeHead(200, { "content-type": "text/html; charset=utf-8" });
    res.end("<!DOCTYPE html><html><head><title>Sign in</title></head><body><h1>Please sign in</h1></body></html>");
    return true;
  }
  if (fault?.kind === "cutBody") {
    const half = body.bytes.subarray(0, Math.floor(body.bytes.length / 2));
    if (fault.isAborted) {
      res.writeHead(200, { "content-type": body.contentType, "content-length": body.bytes.length });
      res.write(half, () => res.destroy());
    } else {
      res.writeHead(200, { "content-type": body.contentType, "content-length": half.length });
      res.end(half);
    }
    return true;
  }
  return false;
}

async function readRules(req: IncomingMessage): Promise<{ rules: FaultRules } | { error: string }> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of req as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) return { error: `The body is longer than ${MAX_BODY_BYTES} bytes.` };
    chunks.push(chunk);
  }
  let value: unknown;
  try {
    value = JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch (error) {
    return { error: `The body is no JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
  const parsed = faultRulesSchema.safeParse(value);
  return parsed.success ? { rules: parsed.data } : { error: z.prettifyError(parsed.error) };
}

function isOver(until: string | undefined, at: number): boolean {
  return until !== undefined && at >= Date.parse(until);
}

function add(map: Map<string, number>, key: string, by = 1): void {
  map.set(key, (map.get(key) ?? 0) + by);
}

function sorted(map: Map<string, number>): Record<string, number> {
  return Object.fromEntries([...map].sort(([a], [b]) => (a < b ? -1 : 1)));
}

export function sendJson(
  res: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  res.writeHead(status, { "content-type": "application/json; charset=utf-8", ...headers });
  res.end(JSON.stringify(body));
}
