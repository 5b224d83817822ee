import { z } from "zod";

/** Faults given to single requests, in the order in which they are drawn. */
export const requestFaultKinds = [
  "cutBefore",
  "timeOut",
  "429",
  "500",
  "503",
  "htmlPage",
  "cutAfter",
  "cutBody",
  "slow",
] as const;
export type RequestFaultKind = (typeof requestFaultKinds)[number];

const rate = z.number().min(0).max(1);
const limits = {
  rate,
  /** No fault of this kind after this instant. */
  until: z.iso.datetime({ offset: true }).optional(),
  /** Only requests whose path contains this text. */
  path: z.string().min(1).optional(),
};
/** At most this many faults of the kind. */
const count = z.number().int().min(1).optional();

/** A bare number is short for `{ "rate": number }`. */
function withShortForm<Schema extends z.ZodType>(schema: Schema) {
  return z.preprocess((value) => (typeof value === "number" ? { rate: value } : value), schema).optional();
}

/** Body of `POST /__sim/faults`. The whole set is replaced: what is not named is off. */
export const faultRulesSchema = z.strictObject({
  /** Hangs without an answer until the client gives up. */
  timeOut: withShortForm(z.strictObject({ ...limits, count })),
  /** `headers: false` leaves out every rate-limit header; `window` says which limit is spent. */
  "429": withShortForm(
    z.strictObject({
      ...limits,
      count,
      headers: z.boolean().default(true),
      window: z.enum(["second", "day"]).optional(),
    }),
  ),
  "500": withShortForm(z.strictObject({ ...limits, count })),
  /** Not available: answered without doing anything. */
  "503": withShortForm(z.strictObject({ ...limits, count })),
  /** Breaks the connection before the request is read, and after it was done but before an answer. */
  cutBefore: withShortForm(z.strictObject({ ...limits, count })),
  cutAfter: withShortForm(z.strictObject({ ...limits, count })),
  /** Answers this much later. */
  slow: withShortForm(z.strictObject({ ...limits, count, seconds: z.number().min(0).default(5) })),
  /** An HTML page with status 200. */
  htmlPage: withShortForm(z.strictObject({ ...limits, count })),
  /** Half a body in a well-formed answer; `abort: true` breaks the connection in the middle instead. */
  cutBody: withShortForm(z.strictObject({ ...limits, count, abort: z.boolean().default(false) })),
  /**
   * `rate` is the share of devices that have sent nothing for `minutes` before the rule was set. When the rule ends
   * they back-fill, oldest first, over `backfillSeconds`.
   */
  lateData: withShortForm(
    z.strictObject({
      rate,
      until: limits.until,
      minutes: z.number().min(0).default(60),
      backfillSeconds: z.number().min(0).default(60),
    }),
  ),
  /** `rate` is the share of intervals (of each device) whose energy differs by `percent` from what was told before. */
  changedHistory: withShortForm(
    z.strictObject({ rate, until: limits.until, percent: z.number().min(-100).default(10) }),
  ),
});

export type FaultRules = z.infer<typeof faultRulesSchema>;

export interface Fault {
  kind: RequestFaultKind;
  /** Of a 429: whether it carries rate-limit headers. */
  hasHeaders: boolean;
  /** Of a 429: the limit that is spent; the simulator decides when absent. */
  window?: "second" | "day";
  /** Of a cut body: breaks the connection. */
  isAborted: boolean;
  /** Of a slow answer. */
  seconds: number;
}

/** Numbers in [0, 1) that follow from the seed alone (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** A number in [0, 1) that follows from the seed and a name (FNV-1a, then mixed): the same for every call. */
export function shareOf(seed: number, name: string): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0;
  for (let at = 0; at < name.length; at++) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193) >>> 0;
  return randomNumbers(hash)();
}
