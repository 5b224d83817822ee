import type { z } from "zod";
import { type FieldErrors, InvalidInput } from "./errors";

/** Parses what a person or a client sent. Throws InvalidInput with a sentence at each field. */
export function parseInput<T extends z.ZodType>(schema: T, input: unknown): z.output<T> {
  const parsed = schema.safeParse(input, { error: sentenceOf });
  if (parsed.success) return parsed.data;
  throw asInvalidInput(parsed.error);
}

/** The same error as an answer: the message names the first fields, `fields` all of them by dotted path. */
export function asInvalidInput(error: z.ZodError): InvalidInput {
  const fields: FieldErrors = {};
  for (const issue of error.issues) {
    const path = issue.path.map(String).join(".");
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
  if (issue.code === "too_small") return sizeSentence("at least", issue.minimum, issue.origin);
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
