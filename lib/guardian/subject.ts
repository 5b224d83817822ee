import { type FieldErrors, InvalidInput } from "../errors";
import { convertValue, type GivenValue } from "./field-values";
import { isObject, type JsonObject } from "./json-object";
import type { MrvConfig } from "./mrv-config";
import { type FieldShape, shapeOfContext, shapeOfSchema, type TypeShape } from "./subject-shape";

export type SubjectValue = string | number | boolean | SubjectValue[] | { [field: string]: SubjectValue };

/** A credential subject as it is signed: type and contexts first, then fields in the order of the schema, then what names the policy. */
export interface Subject {
  type: string;
  "@context": string[];
  [field: string]: SubjectValue;
}

export type SubjectConfig = Pick<
  MrvConfig,
  "type" | "contextUrls" | "context" | "policyId" | "hederaAccountId" | "ref"
>;

/** Filled from the config, and only where the schema has the term: Guardian refuses members that a schema does not know. */
export const SYSTEM_FIELDS = ["policyId", "accountId", "ref"] as const;

/**
 * Builds the subject from values by field; fields of nested objects are given as objects or by dotted path (`location.latitude`). Values get the types
 * of the JSON schema; without one, text where the context does not say otherwise. Throws InvalidInput with a sentence at every field that is
 * unknown or does not fit. What is required is the validation's to say.
 */
export function buildSubject(
  config: SubjectConfig,
  values: Record<string, GivenValue>,
  schema: JsonObject | null,
): Subject {
  const shape = schema ? shapeOfSchema(schema, config.type) : shapeOfContext(config.context, config.type);
  const faults: FieldErrors = {};
  const given = unfold(values, faults);
  for (const field of SYSTEM_FIELDS) {
    if (field in given) faults[field] = "This is filled from the MRV config: take it out of the field map.";
  }
  const own = new Map([...shape.fields].filter(([field]) => !(SYSTEM_FIELDS as readonly string[]).includes(field)));
  const fields = fillObject({ ...shape, fields: own }, given, config.contextUrls, "", faults);
  const system = { policyId: config.policyId, accountId: config.hederaAccountId, ref: config.ref };
  for (const field of SYSTEM_FIELDS) {
    if (!shape.fields.has(field)) continue;
    const value = system[field];
    if (value === undefined) faults[field] ??= "The schema wants it, and the MRV config does not have it.";
    else fields[field] = value;
  }
  const paths = Object.keys(faults);
  if (paths.length === 0) return fields;
  throw new InvalidInput(paths.map((path) => `${path}: ${faults[path]}`).join(" "), faults);
}

function fillObject(
  shape: TypeShape,
  given: Record<string, GivenValue>,
  contextUrls: readonly string[],
  path: string,
  faults: FieldErrors,
): Subject {
  const subject: Subject = { type: shape.type, "@context": [...contextUrls] };
  for (const [name, field] of shape.fields) {
    const value = given[name];
    if (value === undefined) continue;
    const filled = fillField(field, value, contextUrls, path + name, faults);
    if (filled !== undefined) subject[name] = filled;
  }
  for (const name of Object.keys(given)) {
    if (shape.fields.has(name) || faults[path + name]) continue;
    faults[path + name] = `The schema has no such field. It has ${listOf([...shape.fields.keys()])}.`;
  }
  return subject;
}

function fillField(
  field: FieldShape,
  given: GivenValue,
  contextUrls: readonly string[],
  path: string,
  faults: FieldErrors,
): SubjectValue | undefined {
  if (field.isArray) {
    const items = Array.isArray(given) ? given : [given];
    const filled = items.map((item, at) =>
      fillField({ ...field, isArray: false }, item, contextUrls, `${path}.${at}`, faults),
    );
    return filled.filter((item) => item !== undefined);
  }
  if (field.kind === "object" && field.object) {
    if (isObject(given) && !(given instanceof Date))
      return fillObject(field.object, given as Record<string, GivenValue>, contextUrls, `${path}.`, faults);
    faults[path] = `This is an object with the fields ${listOf([...field.object.fields.keys()])}.`;
    return undefined;
  }
  if (field.kind === "any" && !(given instanceof Date)) return given as SubjectValue;
  const converted = convertValue(given, field);
  if ("value" in converted) return converted.value;
  faults[path] = converted.fault;
  return undefined;
}

/** `{ "a.b": 1 }` to `{ a: { b: 1 } }`. */
function unfold(values: Record<string, GivenValue>, faults: FieldErrors): Record<string, GivenValue> {
  const unfolded: Record<string, GivenValue> = {};
  for (const [path, value] of Object.entries(values)) {
    const names = path.split(".");
    const last = names.pop() ?? path;
    let place = unfolded;
    for (const name of names) {
      place[name] ??= {};
      const inner = place[name];
      if (isObject(inner) && !(inner instanceof Date)) place = inner as Record<string, GivenValue>;
      else faults[path] = `${name} is given as a single value, too: give one of both.`;
    }
    if (last in place) faults[path] ??= "This is given twice.";
    else place[last] = value;
  }
  return unfolded;
}

function listOf(names: string[]): string {
  return names.length === 0 ? "none" : names.join(", ");
}
