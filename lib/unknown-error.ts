import type { DrizzleQueryError } from "drizzle-orm/errors";
import { ZodError } from "zod";
import { AppError, Unavailable } from "./errors";
import { asInvalidInput } from "./field-errors";
import { log } from "./log";

const CONNECTION_ERRORS = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOTFOUND",
  "ETIMEDOUT",
  "CONNECT_TIMEOUT",
  "CONNECTION_CLOSED",
  "CONNECTION_ENDED",
  "CONNECTION_DESTROYED",
  "57P01",
  "57P03",
]);

/** The AppError that an edge may show; undefined for anything else, which is logged and answered generically. */
export function asAppError(error: unknown): AppError | undefined {
  if (error instanceof AppError) return error;
  if (error instanceof ZodError) return asInvalidInput(error);
  const cause = withoutParameters(error);
  if (cause instanceof Error && CONNECTION_ERRORS.has(String((cause as Error & { code?: unknown }).code))) {
    return new Unavailable("The database cannot be reached: try again in a moment.", { cause });
  }
  return undefined;
}

/** Logs what a person cannot act on, with the id that was shown to them. Parameters of statements are left out. */
export function logUnknown(error: unknown, about: Record<string, unknown>): void {
  const query = isFailedQuery(error) ? error.query : undefined;
  log.error({ ...about, query, err: withoutParameters(error) }, "Unknown error.");
}

// Drizzle puts a statement's parameters, secrets among them, into the error's message.
function withoutParameters(error: unknown): unknown {
  return isFailedQuery(error) ? (error.cause ?? new Error("A statement failed.")) : error;
}

// By its members: the pool is shared by Next's bundles, each of which has a class of that name for itself.
function isFailedQuery(error: unknown): error is DrizzleQueryError {
  return error instanceof Error && "query" in error && "params" in error;
}
