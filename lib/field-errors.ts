import type { z } from "zod";
import { type FieldErrors, InvalidInput } from "./errors";

/**
 * Parses what a person or a client sent; `under` is the field that holds it. Throws InvalidInput with a sentence at each
 * field.
 */
export function parseInput<T extends z.ZodType>(schema: T, input: unknown, under?: string): z.output<T> {
  assertStorable(input, under === undefined ? [] : [under]);
  const parsed = schema.safeParse(input, { error: sentenceOf });
  if (parsed.success) return parsed.data;
  throw asInvalidInput(parsed.error, under);
}

/** The same error as an answer: the message names the first fields, `fields` all of them by dotted path. */
export function asInvalidInput(error: z.ZodError, under?: string): InvalidInput {
  const fields: FieldErrors = {};
  for (const issue of error.issues) {
    const path = [...(under === undefined ? [] : [under]), ...issue.path.map(String)].join(".");
    if (issue.code === "unrecognized_keys") {
      for (const key of issue.keys) fields[path ? `${path}.${key}` : key] ??= "There is no such field: remove it.";
    } else {
      fields[path] ??= issue.message;
    }
  }
  const entries = Object.entries(fields);
  const shown = entries.slice(0, 3).map(([path, sentence]) => (path ? `${path}: ${sentence}` : sentence));
  const rest = entries.length > 3 ? ` And ${entries.length - 3} more.` : "";
  return new InvalidInput(shown.join(" ") + rest, fields);
}

const DEEPEST = 32;

/** PostgreSQL keeps neither NUL nor half a surrogate pair in text, and nobody nests a hundred deep on purpose. */
export function assertStorable(value: unknown, path: readonly string[] = []): void {
  if (typeof value === "string" && /[\0\p{Surrogate}]/u.test(value)) {
    throw asProblem(path, "This holds a character that cannot be stored.");
  }
  if (typeof value !== "object" || value === null || value instanceof Date) return;
  if (path.length >= DEEPEST) throw asProblem(path.slice(0, 3), "This is nested too deep.");
  for (const [key, entry] of Object.entries(value)) {
    assertStorable(key, path);
    assertStorable(entry, [...path, key]);
  }
}

function asProblem(path: readonly string[], sentence: string): InvalidInput {
  const field = path.join(".");
  return new InvalidInput(field ? `${field}: ${sentence}` : sentence, { [field]: sentence });
}

// Used where a schema has no sentence of its own; undefined falls back to zod's.
function sentenceOf(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === "invalid_type") {
    return issue.input === undefined || issue.input === null
      ? "This is needed."
      : `This must be ${nameOfType(issue.expected)}.`;
  }
  if (issue.code === "invalid_value") {
    if (issue.input === undefined) return "This is needed.";
    return `This must be ${issue.values.length > 1 ? "one of " : ""}${issue.values.map(String).join(", ")}.`;
  }
  if (issue.code === "too_small") {
    return sizeSentence(issue.inclusive === false ? "more than" : "at least", issue.minimum, issue.origin);
  }
  if (issue.code === "too_big") return sizeSentence("at most", issue.maximum, issue.origin);
  if (issue.code === "invalid_format" && issue.format === "uuid") return "This must be an id (a UUID).";
  if (issue.code === "invalid_format" && issue.format === "email") return "This must be an e-mail address.";
  return undefined;
}

function sizeSentence(bound: string, size: number | bigint, origin: string): string {
  if (origin === "string")
    return size === 1 && bound === "at least" ? "This is needed." : `This must have ${bound} ${size} characters.`;
  if (origin === "array" || origin === "set")
    return `This must have ${bound} ${size} ${size === 1 ? "entry" : "entries"}.`;
  return `This must be ${bound} ${size}.`;
}

function nameOfType(expected: string): string {
  const names: Record<string, string> = {
    string: "text",
    number: "a number",
    int: "a whole number",
    boolean: "true or false",
    array: "a list",
    object: "an object",
    record: "an object",
  };
  return names[expected] ?? expected;
}
