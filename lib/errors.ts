/**
 * Errors a person can act on. Verbs throw them; one adapter at each edge maps them to HTTP and to forms.
 * Anything that is not an AppError is logged with an id and answered generically.
 */
export type ErrorCode =
  | "invalid_input"
  | "unauthenticated"
  | "forbidden"
  | "not_found"
  | "method_not_allowed"
  | "conflict"
  | "too_large"
  | "not_possible_now"
  | "too_many_requests"
  | "unavailable"
  /** Made only at the edges, for what nobody expected. */
  | "internal";

/** Field name (dotted path of the input) to the sentence shown at that field. */
export type FieldErrors = Record<string, string>;

export class AppError extends Error {
  constructor(
    readonly code: ErrorCode,
    readonly status: number,
    message: string,
    options: { cause?: unknown } = {},
  ) {
    super(message, options);
    this.name = new.target.name;
  }
}

export class InvalidInput extends AppError {
  constructor(
    message: string,
    readonly fields: FieldErrors = {},
  ) {
    super("invalid_input", 400, message);
  }
}

export class Unauthenticated extends AppError {
  constructor(message = "Sign in, or send a valid API token.") {
    super("unauthenticated", 401, message);
  }
}

export class Forbidden extends AppError {
  constructor(message = "Your role does not allow this.") {
    super("forbidden", 403, message);
  }
}

export class NotFound extends AppError {
  constructor(message: string) {
    super("not_found", 404, message);
  }
}

export class MethodNotAllowed extends AppError {
  /** `allow`: the methods there are, for the header of that name. */
  constructor(
    method: string,
    readonly allow: string,
  ) {
    super("method_not_allowed", 405, `There is no ${method} here. There is ${allow}.`);
  }
}

/** Something else changed first: show the new state and ask again. */
export class Conflict extends AppError {
  constructor(message: string) {
    super("conflict", 409, message);
  }
}

export class TooLarge extends AppError {
  constructor(message: string) {
    super("too_large", 413, message);
  }
}

export class NotPossibleNow extends AppError {
  constructor(message: string) {
    super("not_possible_now", 422, message);
  }
}

export class TooManyRequests extends AppError {
  constructor(
    message: string,
    readonly retryAfterSeconds: number,
  ) {
    super("too_many_requests", 429, message);
  }
}

/** A service of ours (database, archive, Inngest) cannot be reached. */
export class Unavailable extends AppError {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super("unavailable", 503, message, options);
  }
}
