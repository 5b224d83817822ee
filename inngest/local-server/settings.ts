import { assertSigningKey } from "./protocol/signature";

/** One line of the server's log: a level, a message, and facts about it. */
export type Log = (level: "info" | "warn" | "error", message: string, facts?: Record<string, unknown>) => void;

/** What {@link startLocalServer} is given. Times are in milliseconds. */
export interface LocalServerOptions {
  databaseUrl: string;
  /** 0 picks a free port. */
  port: number;
  signingKey: string;
  eventKey: string;
  /** Endpoints of apps that the server registers by itself, again and again. */
  sdkUrls: string[];
  log?: Log;
  /** Wait before the n-th retry; the last value serves all further ones. Without it: Inngest's table with jitter. */
  backoffMs?: number[];
  /** How long a step stays claimed without a sign of life from the server that claimed it. */
  leaseMs?: number;
  /** Pause between two registrations of an app that answers. */
  syncIntervalMs?: number;
  /** Requests to apps that may be under way at once. */
  maxInFlight?: number;
  /** Finished runs and events are kept this long. */
  retentionMs?: number;
  /** Allow a sixth (seconds) field in cron expressions, which Inngest itself refuses. For tests. */
  allowSecondsInCron?: boolean;
}

export type Settings = Required<Omit<LocalServerOptions, "backoffMs">> & { backoffMs: number[] | null };

const day = 86_400_000;

/** Fills in what was left open and refuses what cannot work. */
export function resolveSettings(options: LocalServerOptions): Settings {
  assertSigningKey(options.signingKey);
  if (options.eventKey === "") throw new Error("The event key must not be empty");
  return {
    ...options,
    log: options.log ?? writeLogLine,
    backoffMs: options.backoffMs && options.backoffMs.length > 0 ? options.backoffMs : null,
    leaseMs: options.leaseMs ?? 6_000,
    syncIntervalMs: options.syncIntervalMs ?? 10_000,
    maxInFlight: options.maxInFlight ?? 100,
    retentionMs: options.retentionMs ?? 7 * day,
    allowSecondsInCron: options.allowSecondsInCron ?? false,
  };
}

function writeLogLine(level: string, message: string, facts: Record<string, unknown> = {}): void {
  process.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), level, message, ...facts })}\n`);
}
