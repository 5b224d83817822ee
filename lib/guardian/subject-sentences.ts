import type { ErrorObject } from "ajv";

const types: Record<string, string> = {
  string: "text",
  number: "a number",
  integer: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
};

const formats: Record<string, string> = {
  date: "a day such as 2026-11-23",
  "date-time": "a time with its offset, such as 2026-11-23T00:00:00Z",
  time: "a time of day with its offset, such as 12:30:00Z",
  duration: "a duration such as P1D",
  url: "an address such as https://example.com/factors",
  uri: "an address such as https://example.com/factors",
  email: "an e-mail address",
};

/** One error of ajv as a sentence that begins with the field, named by its title and its name. */
export function sentenceOf(error: ErrorObject, names: string[], title: string | undefined): string {
  const name = names.join(".");
  const field = title && title !== name ? `${title} (${name})` : name || "The subject";
  const params: Record<string, unknown> = error.params;
  switch (error.keyword) {
    case "required":
      return `${field} is missing: the schema needs it.`;
    case "additionalProperties":
    case "false schema":
      return `${field} is not a field of the schema: take it out of the field map.`;
    case "type":
      return `${field} must be ${[params.type]
        .flat()
        .map((type) => types[String(type)] ?? type)
        .join(" or ")}.`;
    case "format":
      return `${field} must be ${formats[String(params.format)] ?? `of the format ${params.format}`}.`;
    case "enum":
      return `${field} must be one of ${[params.allowedValues].flat().join(", ")}.`;
    case "const":
      return `${field} must be ${params.allowedValue}.`;
    case "pattern":
      return `${field} must have the form ${params.pattern}.`;
    case "minimum":
    case "exclusiveMinimum":
    case "maximum":
    case "exclusiveMaximum":
      return `${field} must be ${bound(String(params.comparison))} ${params.limit}.`;
    case "minLength":
    case "maxLength":
      return `${field} must have ${error.keyword === "minLength" ? "at least" : "at most"} ${params.limit} characters.`;
    case "minItems":
    case "maxItems":
      return `${field} must have ${error.keyword === "minItems" ? "at least" : "at most"} ${params.limit} entries.`;
    default:
      return `${field} ${error.message ?? "does not fit the schema"}.`;
  }
}

function bound(comparison: string): string {
  return { ">=": "at least", ">": "more than", "<=": "at most", "<": "less than" }[comparison] ?? comparison;
}
