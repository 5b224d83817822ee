/** What the server knows of a registered function. Expressions are kept as text; they were checked on the way in. */
export interface FunctionConfig {
  id: string;
  name: string;
  /** Where the function is called, with its id in the query. */
  url: string;
  maxAttempts: number;
  triggers: Trigger[];
  cancel: CancelRule[];
  concurrency: ConcurrencyLimit[];
  throttle?: Throttle | undefined;
  priority?: string | undefined;
  idempotency?: string | undefined;
  singleton?: { mode: "skip" | "cancel"; key?: string | undefined } | undefined;
}

export type Trigger = { event: string; if?: string | undefined } | { cron: string };

export interface CancelRule {
  event: string;
  if?: string | undefined;
  timeout?: string | undefined;
}

export interface ConcurrencyLimit {
  limit: number;
  key?: string | undefined;
  scope: "fn" | "env" | "account";
}

/** At most `limit` runs start per period, evenly spaced; `burst` more may start at once. */
export interface Throttle {
  limit: number;
  periodMs: number;
  burst: number;
  key?: string | undefined;
}

/** Said of a registration that is refused; the message names the function and the option. */
export class RegistrationError extends Error {}
