import type { z } from "zod";

/** Text of a form's fields by name, to be shown again; several values of one name are joined as a list. */
export type FormValues = Record<string, string | string[]>;

/**
 * A form's fields as the schema's input. Names with dots nest (`settings.nmi`); a name given several times is a list; the
 * schema says what is a number, true or false (a checkbox sends `on`, or nothing), or JSON (an object or a list in one
 * field). An empty field is one that was left out. What cannot be read stays text, so that the schema refuses it by name.
 */
export function readForm(schema: z.ZodType, form: FormData): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  for (const name of new Set(form.keys())) {
    // React's own fields, by which it finds the action.
    if (name.startsWith("$ACTION")) continue;
    const path = name.split(".");
    const texts = form.getAll(name).filter((value) => typeof value === "string");
    const value = readField(fieldAt(schema, path), texts);
    if (value !== undefined) put(input, path, value);
  }
  return input;
}

export function formValues(form: FormData): FormValues {
  const values: FormValues = {};
  for (const name of new Set(form.keys())) {
    if (name.startsWith("$ACTION") || isSecretName(name)) continue;
    const texts = form.getAll(name).filter((value) => typeof value === "string");
    values[name] = texts.length === 1 ? (texts[0] ?? "") : texts;
  }
  return values;
}

/** Never sent back: an answer may be kept by a cache or a log on its way. */
function isSecretName(name: string): boolean {
  return /password|credentials|token|secret/i.test(name);
}

function readField(type: string | undefined, texts: string[]): unknown {
  const text = texts[0] ?? "";
  if (type === "array")
    return texts.length === 1 && isJson(text, "[") ? JSON.parse(text) : texts.filter((one) => one !== "");
  if (texts.length > 1) return texts;
  if (type === "boolean") return text === "on" || text === "true";
  if (text === "") return undefined;
  if (type === "number" && Number.isFinite(Number(text))) return Number(text);
  if ((type === "object" || type === "record" || type === "unknown") && isJson(text, "{")) return JSON.parse(text);
  return text;
}

function isJson(text: string, start: string): boolean {
  if (!text.trimStart().startsWith(start)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

interface Def {
  type: string;
  innerType?: z.core.$ZodType;
  in?: z.core.$ZodType;
  shape?: Record<string, z.core.$ZodType>;
}

/** The type of the field behind a path: below optional, default and the like; undefined where the schema has none. */
function fieldAt(schema: z.core.$ZodType, path: readonly string[]): string | undefined {
  const def = schema._zod.def as Def;
  const below = def.innerType ?? (def.type === "pipe" ? def.in : undefined);
  if (below) return fieldAt(below, path);
  const [name, ...rest] = path;
  if (name === undefined) return def.type;
  const field = def.shape && Object.hasOwn(def.shape, name) ? def.shape[name] : undefined;
  return field && fieldAt(field, rest);
}

function put(input: Record<string, unknown>, path: readonly string[], value: unknown): void {
  let at = input;
  for (const name of path.slice(0, -1)) {
    if (!Object.hasOwn(at, name) || typeof at[name] !== "object" || at[name] === null) {
      Object.defineProperty(at, name, { value: {}, enumerable: true, writable: true, configurable: true });
    }
    at = at[name] as Record<string, unknown>;
  }
  // Defined, not assigned: a field named `__proto__` is an ordinary key here.
  Object.defineProperty(at, path.at(-1) ?? "", { value, enumerable: true, writable: true, configurable: true });
}
